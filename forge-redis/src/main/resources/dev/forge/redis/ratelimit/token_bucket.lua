-- Token bucket, as the generic cell rate algorithm (ITU-T I.371). The value is two doubles: the time at which the bucket is full
-- again, in microseconds, and the permits of the limit at whose rate it fills. An empty bucket fills in the period of its limit.
--
-- KEYS, ARGV, the reply and what the functions must do are in decide.lua, which comes after this and calls them.
--
-- Releases with different limits of one period may share a bucket. It is owed a number of permits, and fills at the rate of the
-- limit that last took permits. So a bucket never gives more than the larger limit.
--
-- What it knows of a bucket: `owed`, the time until it is full, in microseconds; `rate`, the permits of the limit at whose rate it
-- fills; `pace`, the time for one permit at that rate.

local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]

local function read(key, permits, period, now)
  -- A bucket is full if there is no value, or not one that this script wrote.
  local owed, rate, pace, set_back = 0, permits, math.ceil(period / permits), false
  local value = redis.pcall('GET', key)
  if type(value) == 'string' and #value == 16 then
    local full, of = struct.unpack('>dd', value)
    if full > now and full < 2 ^ 53 and full % 1 == 0 and of >= 1 and of <= math.min(1000000, period) and of % 1 == 0 then
      if of ~= permits then
        rate, pace = of, math.ceil(period / of)
      end
      owed = full - now
      if owed > rate * pace then
        -- The clock of the server was set back. Unless this is written, requests are denied until the old time.
        owed, set_back = rate * pace, true
      end
    end
  end
  return permits - math.ceil(owed / pace), set_back, owed, rate, pace
end

local function take(key, permits, period, now, taken, owed, rate, pace)
  if taken > 0 then
    local interval = math.ceil(period / permits)
    if rate ~= permits then
      -- The bucket fills at the rate of another limit from now on, and is owed as many permits as before. A fraction of one is
      -- rounded up to a 256th: a power of two, so that no bit is lost.
      local whole = math.floor(owed / pace)
      local parts = math.ceil((owed - whole * pace) * 256 / pace)
      owed = whole * interval + math.ceil(parts * interval / 256)
      rate, pace = permits, interval
    end
    owed = owed + taken * interval
  end
  -- The interval is rounded up, so the bucket fills a little late: an exact one is full after a period.
  local life = math.ceil(math.min(owed, period) / 1000)
  redis.call('SET', key, struct.pack('>dd', now + owed, rate), 'PX', life)
  return owed, rate, pace
end

local function outlook(permits, period, now, cost, owed, rate, pace)
  return permits - math.ceil(owed / pace), math.max(0, owed - (permits - cost) * pace), owed
end

