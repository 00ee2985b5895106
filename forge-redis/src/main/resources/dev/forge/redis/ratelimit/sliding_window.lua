-- Sliding window: a log of the permits taken, with at most the limit within any one window.
--
-- KEYS            for each subject its log under each limit
-- ARGV[1]         number of limits
-- ARGV[2i]        permits of limit i
-- ARGV[2i + 1]    length of the window of limit i, in microseconds
-- and then for each subject: permits that one request takes, and number of requests to decide, one after the other;
--                 0 takes nothing and only reads
--
-- Replies five numbers for each subject, as doubles in one string, which costs the server less than a list: requests allowed,
-- permits left, microseconds until the next request would be allowed, microseconds until all permits are free again, which limit
-- decided.
--
-- A log is a string of records of two doubles: a time in microseconds, and how many permits were taken from the beginning of the
-- log until then. The first record is only a base to subtract. Times and numbers never decrease, so both can be binary-searched.
-- A limit above CELLS counts each permit as taken at the end of its cell, a CELLS-th of the window. That is never too early, so no
-- window holds more than the limit, and the log stays short. Releases with different limits of one window may share a log, on
-- either side of CELLS: no permit is ever recorded earlier than it was taken, so no window holds more than the larger limit.

local RECORD, CELLS, LEFT_OVER, MOST = 16, 256, 32, 1e9

local ceil, floor, min, max = math.ceil, math.floor, math.min, math.max
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]

local limits = {}
for i = 1, ARGV[1] do
  local permits, period = tonumber(ARGV[2 * i]), tonumber(ARGV[2 * i + 1])
  local cell = ceil(period / CELLS)
  limits[i] = {permits = permits, period = period, cell = cell, at = permits > CELLS and ceil(now / cell) * cell or now}
end

local function record(at, taken)
  return struct.pack('>dd', at, taken)
end

-- Returns the first record, from the record `low` on, whose time (field 0) or number (field 8) is above `value`.
local function above(log, low, field, value)
  local high = #log / RECORD
  while low < high do
    local middle = floor((low + high) / 2)
    if struct.unpack('>d', log, middle * RECORD + field + 1) > value then
      high = middle
    else
      low = middle + 1
    end
  end
  return low
end

local function is_count(number)
  return number >= 0 and number < 2 ^ 53 and number % 1 == 0
end

-- Returns the state of the window that ends now, and the time at which to record the next permits.
local function read(key, limit)
  local period, at = limit.period, limit.at
  local log = redis.pcall('GET', key)
  if type(log) == 'string' and #log > 0 and #log % RECORD == 0 then
    local newest, taken = struct.unpack('>dd', log, #log - RECORD + 1)
    if is_count(newest) and is_count(taken) then
      -- A time ahead of the clock may be the end of a cell that a larger limit recorded.
      local is_end = newest % limit.cell == 0 and newest < now + limit.cell
      local first, set_back = 1, newest > at and not is_end
      if set_back then
        -- The clock of the server was set back. Permits recorded later than now count as taken now, and those that had left the
        -- window stay out.
        first = above(log, 1, 0, newest - period)
        log = string.sub(log, 1, above(log, first, 0, at) * RECORD) .. record(at, taken)
        newest = at
      end
      at = max(at, newest)
      first = above(log, first, 0, now - period)
      local base = struct.unpack('>d', log, (first - 1) * RECORD + 9)
      local used = taken - base
      if used >= 0 and used < MOST then
        return {
          log = log, first = first, base = base, newest = newest, at = at, taken = taken, used = used, set_back = set_back
        }
      end
    end
  end
  -- There is no value, or not one that this script wrote.
  return {log = record(0, 0), first = 1, base = 0, newest = 0, at = at, taken = 0, used = 0, set_back = false, new = true}
end

local function write(key, state, at, taken, period)
  local added, life = record(at, taken), ceil((at + period - now) / 1000)
  local kept = state.newest == at and #state.log - RECORD or #state.log
  if state.new or state.set_back or state.first > LEFT_OVER then
    redis.call('SET', key, string.sub(state.log, (state.first - 1) * RECORD + 1, kept) .. added, 'PX', life)
  else
    redis.call('SETRANGE', key, kept, added)
    redis.call('PEXPIRE', key, life)
  end
end

local replies = {}
for place = 2 * #limits + 2, #ARGV, 2 do
  local before = (place - 2 * #limits - 2) / 2 * #limits
  local cost, count = tonumber(ARGV[place]), tonumber(ARGV[place + 1])

  -- All limits are read before the first is written: all of them take the permits, or none.
  local allowed, states = count, {}
  for i = 1, #limits do
    local limit = limits[i]
    local state = read(KEYS[before + i], limit)
    states[i] = state
    allowed = min(allowed, max(0, floor((limit.permits - state.used) / cost)))
  end

  local left, retry, reset, decided = math.huge, 0, 0, 1
  for i = 1, #limits do
    local limit = limits[i]
    local state, period = states[i], limit.period
    local used, newest = state.used + allowed * cost, state.newest
    if allowed > 0 then
      write(KEYS[before + i], state, state.at, state.taken + allowed * cost, period)
      newest = state.at
    elseif state.set_back and count > 0 then
      write(KEYS[before + i], state, newest, state.taken, period)
    end
    local free = max(0, limit.permits - used)
    local wait = 0
    if used + cost > limit.permits then
      -- The request fits once this many of the oldest permits have left the window.
      local leaving = above(state.log, state.first, 8, state.base + used + cost - limit.permits - 1)
      local leaves = newest
      if leaving < #state.log / RECORD then
        leaves = struct.unpack('>d', state.log, leaving * RECORD + 1)
      end
      wait = leaves + period - now
    end
    if wait > retry or (retry == 0 and free < left) then
      decided = i
    end
    left, retry = min(left, free), max(retry, wait)
    if used > 0 then
      reset = max(reset, newest + period - now)
    end
  end
  replies[#replies + 1] = struct.pack('>ddddd', allowed, left, retry, reset, decided)
end
return table.concat(replies)
