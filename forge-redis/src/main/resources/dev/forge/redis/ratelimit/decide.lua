-- The end of the script of every algorithm: decides about all subjects, and replies. The algorithm comes before it.
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
--
-- The algorithm provides `now`, the time of the server in microseconds, if it needs that, and three functions. `a`, `b` and `c` are
-- what it knows of the subject at hand, as it likes. The functions capture no variables: the server makes them again for each call,
-- and each variable that is captured costs it about as much as a function.
--
-- read(key, permits, period, now)    reads the value of a subject. Returns the permits that are left; whether the clock of the
--                                    server was set back, so that the value must be written even if no permit is taken; a, b, c
-- take(key, permits, period, now, taken, a, b, c)
--                                    takes permits, perhaps none, and writes the value. Returns the new a, b, c
-- outlook(permits, period, now, cost, a, b, c)
--                                    returns the permits left, and the microseconds until `cost` permits and until all are free

local min, max, floor, limits = math.min, math.max, math.floor, ARGV[1] + 0
local reply, before = '', 0
for place = 2 * limits + 2, #ARGV, 2 do
  local cost, count = ARGV[place] + 0, ARGV[place + 1] + 0
  local allowed, left, retry, reset, decided = count, math.huge, 0, 0, 1

  if limits == 1 then
    -- What follows below would do the same. Most callers have one limit, and the tables take the server a tenth of the time.
    local key, permits, period = KEYS[before + 1], ARGV[2] + 0, ARGV[3] + 0
    local free, set_back, a, b, c = read(key, permits, period, now)
    allowed = min(count, max(0, floor(free / cost)))
    if allowed > 0 or (set_back and count > 0) then
      a, b, c = take(key, permits, period, now, allowed * cost, a, b, c)
    end
    left, retry, reset = outlook(permits, period, now, cost, a, b, c)
    left = max(0, left)
  else
    -- All limits are read before the first is written: all of them take the permits, or none.
    local known = {}
    for i = 1, limits do
      known[i] = {read(KEYS[before + i], ARGV[2 * i] + 0, ARGV[2 * i + 1] + 0, now)}
      allowed = min(allowed, max(0, floor(known[i][1] / cost)))
    end
    for i = 1, limits do
      local permits, period = ARGV[2 * i] + 0, ARGV[2 * i + 1] + 0
      local set_back, a, b, c = known[i][2], known[i][3], known[i][4], known[i][5]
      if allowed > 0 or (set_back and count > 0) then
        a, b, c = take(KEYS[before + i], permits, period, now, allowed * cost, a, b, c)
      end
      local free, wait, full = outlook(permits, period, now, cost, a, b, c)
      free = max(0, free)
      if wait > retry or (retry == 0 and free < left) then
        decided = i
      end
      left, retry, reset = min(left, free), max(retry, wait), max(reset, full)
    end
  end
  reply = reply .. struct.pack('>ddddd', allowed, left, retry, reset, decided)
  before = before + limits
end
return reply
