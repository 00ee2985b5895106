-- Token bucket, as the generic cell rate algorithm (ITU-T I.371): all that is kept is the time at which the bucket is full again.
--
-- KEYS[i]           the bucket of one subject under one limit: that time in microseconds, in decimal
-- ARGV[1]           permits that one request asks for
-- ARGV[2]           number of requests, which are decided one after the other; 0 only looks
-- ARGV[2i + 1]      permits that the bucket holds
-- ARGV[2i + 2]      time in which an empty bucket fills, in microseconds
--
-- Replies {requests allowed, permits left, microseconds until the next request would be allowed,
-- microseconds until everything is as if nothing had been asked, which limit decided}.

local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local cost, count = tonumber(ARGV[1]), tonumber(ARGV[2])

-- Every limit is asked before the first is written: all of them take the permits, or none.
local allowed, buckets = count, {}
for i = 1, #KEYS do
  local permits, period = tonumber(ARGV[2 * i + 1]), tonumber(ARGV[2 * i + 2])
  local interval = math.ceil(period / permits)
  local burst = permits * interval
  local set_back = false
  -- What is no number, and what is of another type, is as good as nothing.
  local full = tonumber(redis.pcall('GET', KEYS[i]))
  if not (full and full > now) then
    full = now
  elseif full > now + burst then
    -- The clock of the server has been set back. Not written down, this would refuse until the old time comes again.
    full = now + burst
    set_back = true
  end
  buckets[i] = {full = full, interval = interval, burst = burst, period = period, set_back = set_back}
  allowed = math.min(allowed, math.floor((now + burst - full) / (cost * interval)))
end

local left, retry, reset, decided = math.huge, 0, 0, 1
for i = 1, #KEYS do
  local bucket = buckets[i]
  local full = bucket.full + allowed * cost * bucket.interval
  if allowed > 0 or (bucket.set_back and count > 0) then
    -- The interval is rounded up, and so the bucket a little late: an exact one is full after a period.
    local life = math.ceil(math.min(full - now, bucket.period) / 1000)
    -- Lua would write the time as 1.79e+15 and lose its microseconds.
    redis.call('SET', KEYS[i], string.format('%.0f', full), 'PX', life)
  end
  local free = math.floor((now + bucket.burst - full) / bucket.interval)
  local wait = math.max(0, full + cost * bucket.interval - bucket.burst - now)
  if wait > retry or (retry == 0 and free < left) then
    decided = i
  end
  left, retry, reset = math.min(left, free), math.max(retry, wait), math.max(reset, full - now)
end
return {allowed, left, retry, reset, decided}
