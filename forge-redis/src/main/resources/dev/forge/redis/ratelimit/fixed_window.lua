-- Fixed window: it begins with the first permit that is taken, and all permits are free again when it ends. The value is the permits
-- taken, in decimal, and its TTL is the clock: in whole milliseconds, and never early. To ask the server for the time, to store when the
-- window ends and to read that would cost a check half as much again.
--
-- KEYS, ARGV, the reply and what the functions must do are in decide.lua, which comes after this and calls them.
--
-- What it knows of a window: `used`, the permits taken; `left`, its TTL, in milliseconds; `begins`, whether the TTL must be written.

local now -- of the server; not needed

local function read(key, permits, period)
  -- A value of another type or format counts as missing, and so does one without a TTL.
  local used, left = tonumber(redis.pcall('GET', key)), -1
  if used and used >= 1 and used <= 1e6 and used % 1 == 0 then
    left = redis.call('PTTL', key)
  end
  -- There is no window, or the clock of the server was set back. Unless that is written, the window lasts until the old time.
  local begins = left < 0 or left >= period / 1000 + 1
  used = left < 0 and 0 or used
  return permits - used, begins and used > 0, used, begins and math.ceil(period / 1000) or left, begins
end

local function take(key, permits, period, now, taken, used, left, begins)
  used = used + taken
  if begins then
    redis.call('SET', key, used, 'PX', left)
  else
    redis.call('SET', key, used, 'KEEPTTL')
  end
  return used, left
end

local function outlook(permits, period, now, cost, used, left)
  -- A key lives until the millisecond after its TTL.
  local free, ends = permits - used, (left + 1) * 1000
  if free < cost then
    return free, ends, ends
  end
  -- Headers round it up to seconds: not to one more than the period.
  return free, 0, used > 0 and math.min(ends, period) or 0
end

