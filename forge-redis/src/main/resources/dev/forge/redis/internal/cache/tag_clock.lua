-- Reads the tag clock of a cache: the number of the latest invalidation of any tag.
--
-- KEYS[1]  the clock
-- ARGV[1]  the TTL of the clock, in milliseconds
--
-- Replies the number, as text. A lost clock starts again at the microseconds since 1970, above all its former numbers.

local clock = tonumber(redis.call('GET', KEYS[1]) or '')
if not clock then
  local time = redis.call('TIME')
  clock = time[1] * 1000000 + time[2]
  redis.call('SET', KEYS[1], string.format('%.0f', clock), 'PX', ARGV[1])
end
return string.format('%.0f', clock)
