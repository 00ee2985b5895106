-- Sliding window log: one entry for each permit taken, at the time at which it was taken.
--
-- KEYS[1]  one subject's log: a sorted set of times in microseconds, each its own score
-- ARGV[1]  permits in a window
-- ARGV[2]  length of the window, in microseconds
-- ARGV[3]  permits asked for
--
-- Replies {1, permits left, 0, microseconds until the log is empty}
-- or      {0, 0, microseconds until the same request would be allowed, microseconds until the log is empty}.

-- Lua would write a time as 1.79e+15 and lose its microseconds.
local function text(number)
  return string.format('%.0f', number)
end

local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local permits, window, cost = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])

local newest = tonumber(redis.call('ZRANGE', KEYS[1], -1, -1)[1] or 0)
if newest > now + window then
  -- The clock of the server has been set back: what the log says is about a time that has not come.
  redis.call('DEL', KEYS[1])
  newest = 0
end

local used = redis.call('ZCOUNT', KEYS[1], '(' .. text(now - window), '+inf')

if used + cost > permits then
  -- The window has room again when this many of its oldest entries have left it.
  local leaving = redis.call('ZRANGE', KEYS[1], -used + (used + cost - permits) - 1, -used + (used + cost - permits) - 1)
  return {0, 0, tonumber(leaving[1]) + window - now, newest + window - now}
end

redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', text(now - window))
for _ = 1, cost do
  -- Every entry has a time of its own, although several may be taken within one microsecond.
  newest = math.max(now, newest + 1)
  redis.call('ZADD', KEYS[1], text(newest), text(newest))
end
redis.call('PEXPIRE', KEYS[1], math.ceil((newest + window - now) / 1000))
return {1, permits - used - cost, 0, newest + window - now}
