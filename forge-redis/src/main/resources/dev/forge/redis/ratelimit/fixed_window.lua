-- Fixed window: it begins with the first permit that is taken, and all permits are free again when it ends. The value is the end
-- of the window in microseconds and the permits taken, in decimal.
--
-- KEYS, ARGV, the reply and what the functions must do are in prelude.lua, which comes before this; decide.lua calls them.
--
-- What it knows of a window: `ends`, when it ends, and `used`, the permits taken.

local function read(key, permits, period, now)
  local set_back = false
  -- A value of another type or format counts as missing.
  local value = redis.pcall('GET', key)
  local ends, used = string.match(type(value) == 'string' and value or '', '^(%d+) (%d+)$')
  ends, used = tonumber(ends), tonumber(used)
  if not (ends and ends > now) then
    ends, used = now + period, 0
  elseif ends > now + period then
    -- The clock of the server was set back. Unless this is written, the window lasts until the clock reaches the old time.
    ends, set_back = now + period, true
  end
  return permits - used, set_back, ends, used
end

local function take(key, permits, period, now, taken, ends, used)
  used = used + taken
  -- Lua itself would format the time as 1.79e+15, and lose the microseconds.
  local value = string.format('%.0f %.0f', ends, used)
  redis.call('SET', key, value, 'PX', math.ceil((ends - now) / 1000))
  return ends, used
end

local function outlook(permits, period, now, cost, ends, used)
  return permits - used, used + cost > permits and ends - now or 0, used > 0 and ends - now or 0
end
