-- Ensures that each tag of a value has a marker that lasts as long as the value: without its marker it is not valid.
--
-- KEYS[1]  the clock of the tags
-- KEYS[2…] the markers
-- ARGV[1]  the clock from before the value was loaded
-- ARGV[2]  the TTL of the markers, in milliseconds, at least that of the value
--
-- Replies 1, or 0 if one of the tags was invalidated since then, or may have been.

local clock = redis.call('GET', KEYS[1])
local valid = 1
for i = 2, #KEYS do
  local marker = tonumber(redis.call('GET', KEYS[i]) or '')
  if not marker then
    -- The tag is new, or its marker was lost, perhaps after an invalidation. An invalidation raises the clock, unless
    -- the clock was lost as well: then it is missing or has started again. A marker set to the newer clock lets the next
    -- load be stored, however often other tags are invalidated meanwhile.
    if clock ~= ARGV[1] then
      valid = 0
    end
    if clock and tonumber(clock) >= tonumber(ARGV[1]) then
      redis.call('SET', KEYS[i], clock, 'PX', ARGV[2])
    end
  elseif marker > tonumber(ARGV[1]) then
    valid = 0
  elseif redis.call('PTTL', KEYS[i]) < tonumber(ARGV[2]) then
    redis.call('PEXPIRE', KEYS[i], ARGV[2])
  end
end
return valid
