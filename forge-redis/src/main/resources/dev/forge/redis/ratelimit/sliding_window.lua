-- Sliding window: a log of the permits taken, with at most the limit within any one window.
--
-- KEYS, ARGV and the reply are those of prelude.lua, after which this runs, as one script.
--
-- A log is a string of records of two doubles: a time in microseconds, and how many permits were taken from the beginning of the
-- log until then. The first record is only a base to subtract. Times and numbers never decrease, so both can be binary-searched.
-- A limit above CELLS counts each permit as taken at the end of its cell, a CELLS-th of the window. That is never too early, so no
-- window holds more than the limit, and the log stays short. Releases with different limits of one window may share a log, on
-- either side of CELLS: no permit is ever recorded earlier than it was taken, so no window holds more than the larger limit.

local RECORD, CELLS, LEFT_OVER, MOST = 16, 256, 32, 1e9

for i = 1, #limits do
  local limit = limits[i]
  limit.cell = ceil(limit.period / CELLS)
  limit.at = limit.permits > CELLS and ceil(now / limit.cell) * limit.cell or now
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
          log = log, first = first, base = base, newest = newest, at = at, taken = taken, used = used,
          free = limit.permits - used, set_back = set_back
        }
      end
    end
  end
  -- There is no value, or not one that this script wrote.
  return {
    log = record(0, 0), first = 1, base = 0, newest = 0, at = at, taken = 0, used = 0, free = limit.permits, new = true
  }
end

local function take(key, limit, state, permits)
  local at = permits > 0 and state.at or state.newest
  local added, life = record(at, state.taken + permits), ceil((at + limit.period - now) / 1000)
  local kept = state.newest == at and #state.log - RECORD or #state.log
  if state.new or state.set_back or state.first > LEFT_OVER then
    redis.call('SET', key, string.sub(state.log, (state.first - 1) * RECORD + 1, kept) .. added, 'PX', life)
  else
    redis.call('SETRANGE', key, kept, added)
    redis.call('PEXPIRE', key, life)
  end
  state.newest, state.used = at, state.used + permits
end

local function outlook(limit, state, cost)
  local wait = 0
  if state.used + cost > limit.permits then
    -- The request fits once this many of the oldest permits have left the window. The newest ones are not in the log that was read.
    local leaving = above(state.log, state.first, 8, state.base + state.used + cost - limit.permits - 1)
    local leaves = state.newest
    if leaving < #state.log / RECORD then
      leaves = struct.unpack('>d', state.log, leaving * RECORD + 1)
    end
    wait = leaves + limit.period - now
  end
  return limit.permits - state.used, wait, state.used > 0 and state.newest + limit.period - now or 0
end

return decide(read, take, outlook)
