-- Fixed window: it begins with the first permit that is taken, and all permits are free again when it ends. The value is the end
-- of the window in microseconds and the permits taken, in decimal.
--
-- KEYS, ARGV, the reply and what the functions must do are in prelude.lua, which comes before this; decide.lua calls them.
--
-- A limit has in its fields, of the window at hand: `ends`, when it ends, and `used`, the permits taken.

local function state(permits, period)
  return {permits = permits, period = period, set_back = false, ends = 0, used = 0}
end

local function read(key, limit, now)
  local set_back = false
  -- A value of another type or format counts as missing.
  local value = redis.pcall('GET', key)
  local ends, used = string.match(type(value) == 'string' and value or '', '^(%d+) (%d+)$')
  ends, used = tonumber(ends), tonumber(used)
  if not (ends and ends > now) then
    ends, used = now + limit.period, 0
  elseif ends > now + limit.period then
    -- The clock of the server was set back. Unless this is written, the window lasts until the clock reaches the old time.
    ends = now + limit.period
    set_back = true
  end
  limit.ends, limit.used, limit.set_back = ends, used, set_back
  return limit.permits - used
end

local function take(key, limit, now, permits)
  limit.used = limit.used + permits
  -- Lua itself would format the time as 1.79e+15, and lose the microseconds.
  local value = string.format('%.0f %.0f', limit.ends, limit.used)
  redis.call('SET', key, value, 'PX', math.ceil((limit.ends - now) / 1000))
end

local function outlook(limit, now, cost)
  local left, used = limit.ends - now, limit.used
  return limit.permits - used, used + cost > limit.permits and left or 0, used > 0 and left or 0
end
