-- Fixed window: it begins with the first permit that is taken, and everything is free again when it ends.
--
-- KEYS[i]           the window of one subject under one limit: its end in microseconds and the permits taken, in decimal
-- ARGV[1]           permits that one request asks for
-- ARGV[2]           number of requests, which are decided one after the other; 0 only looks
-- ARGV[2i + 1]      permits in a window
-- ARGV[2i + 2]      length of the window, in microseconds
--
-- Replies {requests allowed, permits left, microseconds until the next request would be allowed,
-- microseconds until everything is as if nothing had been asked, which limit decided}.

local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local cost, count = tonumber(ARGV[1]), tonumber(ARGV[2])

-- Every limit is asked before the first is written: all of them take the permits, or none.
local allowed, windows = count, {}
for i = 1, #KEYS do
  local permits, period = tonumber(ARGV[2 * i + 1]), tonumber(ARGV[2 * i + 2])
  local set_back = false
  -- What is of another type, and what is no such text, is as good as nothing.
  local value = redis.pcall('GET', KEYS[i])
  local ends, used = string.match(type(value) == 'string' and value or '', '^(%d+) (%d+)$')
  ends, used = tonumber(ends), tonumber(used)
  if not (ends and ends > now) then
    ends, used = now + period, 0
  elseif ends > now + period then
    -- The clock of the server has been set back. Not written down, the window would last until the old time comes again.
    ends = now + period
    set_back = true
  end
  windows[i] = {ends = ends, used = used, permits = permits, set_back = set_back}
  allowed = math.min(allowed, math.max(0, math.floor((permits - used) / cost)))
end

local left, retry, reset, decided = math.huge, 0, 0, 1
for i = 1, #KEYS do
  local window = windows[i]
  local used = window.used + allowed * cost
  if allowed > 0 or (window.set_back and count > 0) then
    -- Lua would write the time as 1.79e+15 and lose its microseconds.
    local value = string.format('%.0f %.0f', window.ends, used)
    redis.call('SET', KEYS[i], value, 'PX', math.ceil((window.ends - now) / 1000))
  end
  local free = math.max(0, window.permits - used)
  local wait = used + cost > window.permits and window.ends - now or 0
  if wait > retry or (retry == 0 and free < left) then
    decided = i
  end
  left, retry = math.min(left, free), math.max(retry, wait)
  if used > 0 then
    reset = math.max(reset, window.ends - now)
  end
end
return {allowed, left, retry, reset, decided}
