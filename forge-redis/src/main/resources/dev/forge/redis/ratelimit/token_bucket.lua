-- Token bucket, as the generic cell rate algorithm (ITU-T I.371). The value is two doubles: the time at which the bucket is full
-- again, in microseconds, and the permits of the limit at whose rate it fills.
--
-- KEYS            for each subject its bucket under each limit
-- ARGV[1]         number of limits
-- ARGV[2i]        permits of limit i
-- ARGV[2i + 1]    time in which an empty bucket fills, as the period of limit i, in microseconds
-- and then for each subject: permits that one request takes, and number of requests to decide, one after the other;
--                 0 takes nothing and only reads
--
-- Replies five numbers for each subject, as doubles in one string, which costs the server less than a list: requests allowed,
-- permits left, microseconds until the next request would be allowed, microseconds until all permits are free again, which limit
-- decided.
--
-- Releases with different limits of one period may share a bucket. It is owed a number of permits, and fills at the rate of the
-- limit that last took permits. So a bucket never gives more than the larger limit.

-- Where the rate changes, a fraction of a permit is rounded up to one of PARTS: a power of two, so that no bit is lost.
local PARTS, MOST = 256, 1000000

local ceil, floor, min, max = math.ceil, math.floor, math.min, math.max
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]

local limits = {}
for i = 1, ARGV[1] do
  local permits, period = tonumber(ARGV[2 * i]), tonumber(ARGV[2 * i + 1])
  limits[i] = {permits = permits, interval = ceil(period / permits), period = period}
end

local function is_count(number)
  return number >= 0 and number < 2 ^ 53 and number % 1 == 0
end

-- Returns the time until the bucket is full, in microseconds; the permits of its limit, and the time for one permit.
local function read(key, limit)
  local value = redis.pcall('GET', key)
  if type(value) == 'string' and #value == 16 then
    local full, permits = struct.unpack('>dd', value)
    if is_count(full) and full > now and is_count(permits) and permits >= 1 and permits <= min(MOST, limit.period) then
      local interval = permits == limit.permits and limit.interval or ceil(limit.period / permits)
      local owed, most = full - now, permits * interval
      -- Above the most, the clock of the server was set back. Unless this is written, requests are denied until the old time.
      return {owed = min(owed, most), permits = permits, interval = interval, set_back = owed > most}
    end
  end
  -- There is no value, or not one that this script wrote.
  return {owed = 0, permits = limit.permits, interval = limit.interval}
end

-- Makes the bucket fill at the rate of another limit. It is owed as many permits as before.
local function pace(bucket, limit)
  local whole = floor(bucket.owed / bucket.interval)
  local parts = ceil((bucket.owed - whole * bucket.interval) * PARTS / bucket.interval)
  bucket.owed = whole * limit.interval + ceil(parts * limit.interval / PARTS)
  bucket.permits, bucket.interval = limit.permits, limit.interval
end

local replies = {}
for place = 2 * #limits + 2, #ARGV, 2 do
  local before = (place - 2 * #limits - 2) / 2 * #limits
  local cost, count = tonumber(ARGV[place]), tonumber(ARGV[place + 1])

  -- All limits are read before the first is written: all of them take the permits, or none.
  local allowed, buckets = count, {}
  for i = 1, #limits do
    local bucket = read(KEYS[before + i], limits[i])
    buckets[i] = bucket
    allowed = min(allowed, max(0, floor((limits[i].permits - ceil(bucket.owed / bucket.interval)) / cost)))
  end

  local left, retry, reset, decided = math.huge, 0, 0, 1
  for i = 1, #limits do
    local limit, bucket = limits[i], buckets[i]
    if allowed > 0 then
      if bucket.permits ~= limit.permits then
        pace(bucket, limit)
      end
      bucket.owed = bucket.owed + allowed * cost * limit.interval
    end
    if allowed > 0 or (bucket.set_back and count > 0) then
      -- The interval is rounded up, so the bucket fills a little late: an exact one is full after a period.
      local life = ceil(min(bucket.owed, limit.period) / 1000)
      redis.call('SET', KEYS[before + i], struct.pack('>dd', now + bucket.owed, bucket.permits), 'PX', life)
    end
    local free = max(0, limit.permits - ceil(bucket.owed / bucket.interval))
    local wait = max(0, bucket.owed - (limit.permits - cost) * bucket.interval)
    if wait > retry or (retry == 0 and free < left) then
      decided = i
    end
    left, retry, reset = min(left, free), max(retry, wait), max(reset, bucket.owed)
  end
  replies[#replies + 1] = struct.pack('>ddddd', allowed, left, retry, reset, decided)
end
return table.concat(replies)
