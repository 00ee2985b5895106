-- Reads the clock of the tags of a cache: the number of the latest invalidation of any of them.
--
-- KEYS[1]  the clock
-- ARGV[1]  the milliseconds that it lives
--
-- Replies the number, as text. A clock that was lost begins anew at the microseconds since 1970, above all that it ever said.

local clock = tonumber(redis.call('GET', KEYS[1]) or '')
if not clock then
  local time = redis.call('TIME')
  clock = time[1] * 1000000 + time[2]
  redis.call('SET', KEYS[1], string.format('%.0f', clock), 'PX', ARGV[1])
end
return string.format('%.0f', clock)
