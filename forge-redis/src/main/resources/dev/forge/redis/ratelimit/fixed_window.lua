-- Fixed window: it begins with the first permit that is taken, and all permits are free again when it ends. The value is the end
-- of the window in microseconds and the permits taken, in decimal.
--
-- KEYS            for each subject its window under each limit
-- ARGV[1]         number of limits
-- ARGV[2i]        permits of limit i
-- ARGV[2i + 1]    length of the window of limit i, in microseconds
-- and then for each subject: permits that one request takes, and number of requests to decide, one after the other;
--                 0 takes nothing and only reads
--
-- Replies five numbers for each subject, as doubles in one string, which costs the server less than a list: requests allowed,
-- permits left, microseconds until the next request would be allowed, microseconds until all permits are free again, which limit
-- decided.

local ceil, floor, min, max = math.ceil, math.floor, math.min, math.max
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]

local limits = {}
for i = 1, ARGV[1] do
  limits[i] = {permits = tonumber(ARGV[2 * i]), period = tonumber(ARGV[2 * i + 1])}
end

local replies = {}
for place = 2 * #limits + 2, #ARGV, 2 do
  local before = (place - 2 * #limits - 2) / 2 * #limits
  local cost, count = tonumber(ARGV[place]), tonumber(ARGV[place + 1])

  -- All limits are read before the first is written: all of them take the permits, or none.
  local allowed, windows = count, {}
  for i = 1, #limits do
    local limit = limits[i]
    local set_back = false
    -- A value of another type or format counts as missing.
    local value = redis.pcall('GET', KEYS[before + i])
    local ends, used = string.match(type(value) == 'string' and value or '', '^(%d+) (%d+)$')
    ends, used = tonumber(ends), tonumber(used)
    if not (ends and ends > now) then
      ends, used = now + limit.period, 0
    elseif ends > now + limit.period then
      -- The clock of the server was set back. Unless this is written, the window lasts until the clock reaches the old time.
      ends = now + limit.period
      set_back = true
    end
    windows[i] = {ends = ends, used = used, set_back = set_back}
    allowed = min(allowed, max(0, floor((limit.permits - used) / cost)))
  end

  local left, retry, reset, decided = math.huge, 0, 0, 1
  for i = 1, #limits do
    local limit = limits[i]
    local window = windows[i]
    local used = window.used + allowed * cost
    if allowed > 0 or (window.set_back and count > 0) then
      -- Lua itself would format the time as 1.79e+15, and lose the microseconds.
      local value = string.format('%.0f %.0f', window.ends, used)
      redis.call('SET', KEYS[before + i], value, 'PX', ceil((window.ends - now) / 1000))
    end
    local free = max(0, limit.permits - used)
    local wait = used + cost > limit.permits and window.ends - now or 0
    if wait > retry or (retry == 0 and free < left) then
      decided = i
    end
    left, retry = min(left, free), max(retry, wait)
    if used > 0 then
      reset = max(reset, window.ends - now)
    end
  end
  replies[#replies + 1] = struct.pack('>ddddd', allowed, left, retry, reset, decided)
end
return table.concat(replies)
