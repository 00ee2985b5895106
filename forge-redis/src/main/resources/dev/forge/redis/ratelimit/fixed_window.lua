-- Fixed window: it begins with the first permit that is taken, and all permits are free again when it ends. The value is the end
-- of the window in microseconds and the permits taken, in decimal.
--
-- KEYS, ARGV and the reply are those of prelude.lua, after which this runs, as one script.

local function read(key, limit)
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
  return {ends = ends, used = used, free = limit.permits - used, set_back = set_back}
end

local function take(key, limit, window, permits)
  window.used = window.used + permits
  -- Lua itself would format the time as 1.79e+15, and lose the microseconds.
  local value = string.format('%.0f %.0f', window.ends, window.used)
  redis.call('SET', key, value, 'PX', ceil((window.ends - now) / 1000))
end

local function outlook(limit, window, cost)
  local left = window.ends - now
  return limit.permits - window.used, window.used + cost > limit.permits and left or 0, window.used > 0 and left or 0
end

return decide(read, take, outlook)
