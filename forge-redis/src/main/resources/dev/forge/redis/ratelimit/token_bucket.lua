-- Token bucket, as the generic cell rate algorithm (ITU-T I.371). The value is two doubles: the time at which the bucket is full
-- again, in microseconds, and the permits of the limit at whose rate it fills. An empty bucket fills in the period of its limit.
--
-- KEYS, ARGV, the reply and what the functions must do are in prelude.lua, which comes before this; decide.lua calls them.
--
-- Releases with different limits of one period may share a bucket. It is owed a number of permits, and fills at the rate of the
-- limit that last took permits. So a bucket never gives more than the larger limit.
--
-- A limit has in its fields, of the bucket at hand: `owed`, the time until it is full, in microseconds; `rate`, the permits of the
-- limit at whose rate it fills; `pace`, the time for one permit at that rate. And of its own: `interval`, the time for one permit.

local function state(permits, period)
  return {
    permits = permits, period = period, interval = math.ceil(period / permits), set_back = false, owed = 0, rate = 0, pace = 0
  }
end

local function read(key, limit, now)
  local permits, period, interval = limit.permits, limit.period, limit.interval
  -- Of a bucket that is full: there is no value, or not one that this script wrote.
  local owed, rate, pace, set_back = 0, permits, interval, false
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
  limit.owed, limit.rate, limit.pace, limit.set_back = owed, rate, pace, set_back
  return permits - math.ceil(owed / pace)
end

local function take(key, limit, now, permits)
  local owed, interval = limit.owed, limit.interval
  if permits > 0 then
    if limit.rate ~= limit.permits then
      -- The bucket fills at the rate of another limit from now on, and is owed as many permits as before. A fraction of one is
      -- rounded up to a 256th: a power of two, so that no bit is lost.
      local whole = math.floor(owed / limit.pace)
      local parts = math.ceil((owed - whole * limit.pace) * 256 / limit.pace)
      owed = whole * interval + math.ceil(parts * interval / 256)
      limit.rate, limit.pace = limit.permits, interval
    end
    owed = owed + permits * interval
    limit.owed = owed
  end
  -- The interval is rounded up, so the bucket fills a little late: an exact one is full after a period.
  local life = math.ceil(math.min(owed, limit.period) / 1000)
  redis.call('SET', key, struct.pack('>dd', now + owed, limit.rate), 'PX', life)
end

local function outlook(limit, now, cost)
  local owed, pace = limit.owed, limit.pace
  return limit.permits - math.ceil(owed / pace), math.max(0, owed - (limit.permits - cost) * pace), owed
end
