-- The beginning of the scripts of sessions: the clock, and when a session has ended.

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

-- Returns a number as text. Lua itself would format a time as 1.79e+12, and lose the milliseconds.
local function text(number)
  return string.format('%.0f', number)
end

-- Returns when the session KEYS[1] ends, as its field `ends` says. Returns nil if it does not exist, or has ended; then deletes it.
local function living(ends)
  ends = tonumber(ends or nil)
  if ends and now < ends then
    return ends
  end
  if ends then
    -- It has ended even if the server refuses to delete it now.
    redis.pcall('DEL', KEYS[1])
  end
end

