-- The beginning of the script of every algorithm: the clock, the limits, and the decision about each subject.
--
-- KEYS            for each subject its value under each limit
-- ARGV[1]         number of limits
-- ARGV[2i]        permits of limit i
-- ARGV[2i + 1]    period of limit i, in microseconds
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

local function is_count(number)
  return number >= 0 and number < 2 ^ 53 and number % 1 == 0
end

-- Decides about all subjects, and returns the reply. The algorithm provides:
--
-- read(key, limit)                  the state of a subject: a table with `free`, the permits that are left, and `set_back`, whether
--                                   the clock of the server was set back and the value must be written even if no permit is taken
-- take(key, limit, state, permits)  takes permits, perhaps none, and writes the value
-- outlook(limit, state, cost)       the permits left, and the microseconds until `cost` permits and until all permits are free
local function decide(read, take, outlook)
  local replies = {}
  for place = 2 * #limits + 2, #ARGV, 2 do
    local before = (place - 2 * #limits - 2) / 2 * #limits
    local cost, count = tonumber(ARGV[place]), tonumber(ARGV[place + 1])

    -- All limits are read before the first is written: all of them take the permits, or none.
    local allowed, states = count, {}
    for i = 1, #limits do
      local state = read(KEYS[before + i], limits[i])
      states[i] = state
      allowed = min(allowed, max(0, floor(state.free / cost)))
    end

    local left, retry, reset, decided = math.huge, 0, 0, 1
    for i = 1, #limits do
      local limit, state = limits[i], states[i]
      if allowed > 0 or (state.set_back and count > 0) then
        take(KEYS[before + i], limit, state, allowed * cost)
      end
      local free, wait, full = outlook(limit, state, cost)
      free = max(0, free)
      if wait > retry or (retry == 0 and free < left) then
        decided = i
      end
      left, retry, reset = min(left, free), max(retry, wait), max(reset, full)
    end
    replies[#replies + 1] = struct.pack('>ddddd', allowed, left, retry, reset, decided)
  end
  return table.concat(replies)
end

