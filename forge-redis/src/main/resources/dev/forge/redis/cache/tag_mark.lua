-- Makes sure that each tag of a value has a marker for as long as the value lives: a value whose marker is lost is not valid.
--
-- KEYS     the markers
-- ARGV[1]  the clock of the tags when the value was still to be loaded
-- ARGV[2]  the milliseconds that the value lives
--
-- Replies 1, or 0 if one of the tags has been invalidated since.

for _, key in ipairs(KEYS) do
  local marker = tonumber(redis.call('GET', key) or '')
  if not marker then
    redis.call('SET', key, ARGV[1], 'PX', ARGV[2])
  elseif marker > tonumber(ARGV[1]) then
    return 0
  elseif redis.call('PTTL', key) < tonumber(ARGV[2]) then
    redis.call('PEXPIRE', key, ARGV[2])
  end
end
return 1
