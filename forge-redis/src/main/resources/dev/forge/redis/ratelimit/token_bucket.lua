-- Token bucket, as the generic cell rate algorithm (ITU-T I.371). The value is two doubles: the time at which the bucket is full
-- again, in microseconds, and the permits of the limit at whose rate it fills. An empty bucket fills in the period of its limit.
--
-- KEYS, ARGV and the reply are those of prelude.lua, after which this runs, as one script.
--
-- Releases with different limits of one period may share a bucket. It is owed a number of permits, and fills at the rate of the
-- limit that last took permits. So a bucket never gives more than the larger limit.

-- Where the rate changes, a fraction of a permit is rounded up to one of PARTS: a power of two, so that no bit is lost.
local PARTS, MOST = 256, 1000000

for i = 1, #limits do
  limits[i].interval = ceil(limits[i].period / limits[i].permits)
end

local function owing(owed, permits, interval, limit, set_back)
  local free = limit.permits - ceil(owed / interval)
  return {owed = owed, permits = permits, interval = interval, free = free, set_back = set_back}
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
      return owing(min(owed, most), permits, interval, limit, owed > most)
    end
  end
  -- There is no value, or not one that this script wrote.
  return owing(0, limit.permits, limit.interval, limit, false)
end

-- Makes the bucket fill at the rate of another limit. It is owed as many permits as before.
local function pace(bucket, limit)
  local whole = floor(bucket.owed / bucket.interval)
  local parts = ceil((bucket.owed - whole * bucket.interval) * PARTS / bucket.interval)
  bucket.owed = whole * limit.interval + ceil(parts * limit.interval / PARTS)
  bucket.permits, bucket.interval = limit.permits, limit.interval
end

local function take(key, limit, bucket, permits)
  if permits > 0 then
    if bucket.permits ~= limit.permits then
      pace(bucket, limit)
    end
    bucket.owed = bucket.owed + permits * limit.interval
  end
  -- The interval is rounded up, so the bucket fills a little late: an exact one is full after a period.
  local life = ceil(min(bucket.owed, limit.period) / 1000)
  redis.call('SET', key, struct.pack('>dd', now + bucket.owed, bucket.permits), 'PX', life)
end

local function outlook(limit, bucket, cost)
  local free = limit.permits - ceil(bucket.owed / bucket.interval)
  return free, max(0, bucket.owed - (limit.permits - cost) * bucket.interval), bucket.owed
end

return decide(read, take, outlook)
