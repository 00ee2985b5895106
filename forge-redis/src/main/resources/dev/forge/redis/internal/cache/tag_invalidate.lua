-- Invalidates the values of a tag whose load began before now.
--
-- KEYS[1]  the clock
-- KEYS[2]  the marker of the tag
-- ARGV[1]  the TTL of both, in milliseconds
--
-- Replies the number of this invalidation, as text. Numbers grow, even if a failover has lost the latest ones: they are
-- never below the microseconds since 1970, nor below the marker, which outlives a lost clock that was ahead of the
-- server's time.

local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local clock = tonumber(redis.call('GET', KEYS[1]) or '') or 0
local marker = tonumber(redis.call('GET', KEYS[2]) or '') or 0
local number = string.format('%.0f', math.max(clock + 1, marker + 1, now))
redis.call('SET', KEYS[1], number, 'PX', ARGV[1])
if redis.call('PTTL', KEYS[2]) > tonumber(ARGV[1]) then
  redis.call('SET', KEYS[2], number, 'KEEPTTL')
else
  redis.call('SET', KEYS[2], number, 'PX', ARGV[1])
end
return number
