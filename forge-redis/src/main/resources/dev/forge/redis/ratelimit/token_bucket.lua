-- Token bucket, as the generic cell rate algorithm (ITU-T I.371): all that is kept is the time at which the bucket is full again,
-- in microseconds, in decimal.
--
-- KEYS            for each subject its bucket under each limit
-- ARGV[1]         number of limits
-- ARGV[2i]        permits of limit i
-- ARGV[2i + 1]    time in which an empty bucket fills, as the period of limit i, in microseconds
-- and then for each subject: permits that one request asks for, and number of requests, which are decided one after the other;
--                 0 only looks
--
-- Replies five numbers for each subject, as doubles in one string, which costs the server less than a list: requests allowed,
-- permits left, microseconds until the next request would be allowed, microseconds until everything is as if nothing had been
-- asked, which limit decided.

local ceil, floor, min, max = math.ceil, math.floor, math.min, math.max
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]

local limits = {}
for i = 1, ARGV[1] do
  local permits, period = tonumber(ARGV[2 * i]), tonumber(ARGV[2 * i + 1])
  local interval = ceil(period / permits)
  limits[i] = {interval = interval, burst = permits * interval, period = period}
end

local replies = {}
for place = 2 * #limits + 2, #ARGV, 2 do
  local before = (place - 2 * #limits - 2) / 2 * #limits
  local cost, count = tonumber(ARGV[place]), tonumber(ARGV[place + 1])

  -- Every limit is asked before the first is written: all of them take the permits, or none.
  local allowed, fulls, set_back = count, {}, {}
  for i = 1, #limits do
    local limit = limits[i]
    -- What is no number, and what is of another type, is as good as nothing.
    local full = tonumber(redis.pcall('GET', KEYS[before + i]))
    if not (full and full > now) then
      full = now
    elseif full > now + limit.burst then
      -- The clock of the server has been set back. Not written down, this would refuse until the old time comes again.
      full = now + limit.burst
      set_back[i] = true
    end
    fulls[i] = full
    allowed = min(allowed, floor((now + limit.burst - full) / (cost * limit.interval)))
  end

  local left, retry, reset, decided = math.huge, 0, 0, 1
  for i = 1, #limits do
    local limit = limits[i]
    local full = fulls[i] + allowed * cost * limit.interval
    if allowed > 0 or (set_back[i] and count > 0) then
      -- The interval is rounded up, and so the bucket a little late: an exact one is full after a period.
      local life = ceil(min(full - now, limit.period) / 1000)
      -- Lua would write the time as 1.79e+15 and lose its microseconds.
      redis.call('SET', KEYS[before + i], string.format('%.0f', full), 'PX', life)
    end
    local free = floor((now + limit.burst - full) / limit.interval)
    local wait = max(0, full + cost * limit.interval - limit.burst - now)
    if wait > retry or (retry == 0 and free < left) then
      decided = i
    end
    left, retry, reset = min(left, free), max(retry, wait), max(reset, full - now)
  end
  replies[#replies + 1] = struct.pack('>ddddd', allowed, left, retry, reset, decided)
end
return table.concat(replies)
