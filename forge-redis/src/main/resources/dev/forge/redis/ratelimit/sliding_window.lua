-- Sliding window: a log of the permits taken, with at most the limit within any one window.
--
-- KEYS, ARGV, the reply and what the functions must do are in decide.lua, which comes after this and calls them.
--
-- A log is a string of records of two doubles, 16 bytes: a time in microseconds, and how many permits were taken from the beginning
-- of the log until then. The first record is only a base to subtract. Times and numbers never decrease, so both can be
-- binary-searched. A limit above 256 counts each permit as taken at the end of its cell, a 256th of the window. That is never too
-- early, so no window holds more than the limit, and the log stays short. Releases with different limits of one window may share a
-- log, on either side of 256: no permit is ever recorded earlier than it was taken, so no window holds more than the larger limit.
--
-- What it knows of a log is a table: `log`; `first`, the number of the first record that counts, and `base`, its number of
-- permits; `newest` and `taken`, the last record; `used`, the permits in the window; `at`, the time at which to record the next ones;
-- and `whole`, whether the log must be written as a whole.

local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]

-- Returns the first record, from the record `low` on, whose time (field 0) or number (field 8) is above `value`.
local function above(log, low, field, value)
  local high = #log / 16
  while low < high do
    local middle = math.floor((low + high) / 2)
    if struct.unpack('>d', log, middle * 16 + field + 1) > value then
      high = middle
    else
      low = middle + 1
    end
  end
  return low
end

local function read(key, permits, period, now)
  local cell = math.ceil(period / 256)
  local at = permits > 256 and math.ceil(now / cell) * cell or now
  local log = redis.pcall('GET', key)
  if type(log) == 'string' and #log > 0 and #log % 16 == 0 then
    local newest, taken = struct.unpack('>dd', log, #log - 15)
    if newest >= 0 and newest < 2 ^ 53 and newest % 1 == 0 and taken >= 0 and taken < 2 ^ 53 and taken % 1 == 0 then
      -- A time ahead of the clock may be the end of a cell that a larger limit recorded.
      local is_end = newest % cell == 0 and newest < now + cell
      local first, set_back = 1, newest > at and not is_end
      if set_back then
        -- The clock of the server was set back. Permits recorded later than now count as taken now, and those that had left the
        -- window stay out.
        first = above(log, 1, 0, newest - period)
        log = string.sub(log, 1, above(log, first, 0, at) * 16) .. struct.pack('>dd', at, taken)
        newest = at
      end
      at = math.max(at, newest)
      first = above(log, first, 0, now - period)
      local base = struct.unpack('>d', log, (first - 1) * 16 + 9)
      local used = taken - base
      if used >= 0 and used < 1e9 then
        return permits - used, set_back, {
          log = log, first = first, base = base, newest = newest, taken = taken, used = used, at = at,
          whole = set_back or first > 32
        }
      end
    end
  end
  -- There is no value, or not one that this script wrote.
  return permits, false, {
    log = struct.pack('>dd', 0, 0), first = 1, base = 0, newest = 0, taken = 0, used = 0, at = at, whole = true
  }
end

local function take(key, permits, period, now, taken, known)
  local at, log = taken > 0 and known.at or known.newest, known.log
  local added = struct.pack('>dd', at, known.taken + taken)
  local life = math.ceil((at + period - now) / 1000)
  local kept = known.newest == at and #log - 16 or #log
  if known.whole then
    redis.call('SET', key, string.sub(log, (known.first - 1) * 16 + 1, kept) .. added, 'PX', life)
  else
    redis.call('SETRANGE', key, kept, added)
    redis.call('PEXPIRE', key, life)
  end
  known.newest, known.used = at, known.used + taken
  return known
end

local function outlook(permits, period, now, cost, known)
  local used, newest, log = known.used, known.newest, known.log
  local wait = 0
  if used + cost > permits then
    -- The request fits once this many of the oldest permits have left the window. The newest ones are not in the log that was read.
    local leaving = above(log, known.first, 8, known.base + used + cost - permits - 1)
    local leaves = leaving < #log / 16 and struct.unpack('>d', log, leaving * 16 + 1) or newest
    wait = leaves + period - now
  end
  return permits - used, wait, used > 0 and newest + period - now or 0
end

