-- The end of the script of every algorithm: decides about all subjects, and replies.

local min, max, floor, limits = math.min, math.max, math.floor, tonumber(ARGV[1])
local reply, before = '', 0
for place = 2 * limits + 2, #ARGV, 2 do
  local cost, count = tonumber(ARGV[place]), tonumber(ARGV[place + 1])
  local allowed, left, retry, reset, decided = count, math.huge, 0, 0, 1

  if limits == 1 then
    -- What follows below would do the same. Most callers have one limit, and the tables take the server a tenth of the time.
    local key, permits, period = KEYS[before + 1], tonumber(ARGV[2]), tonumber(ARGV[3])
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
      known[i] = {read(KEYS[before + i], tonumber(ARGV[2 * i]), tonumber(ARGV[2 * i + 1]), now)}
      allowed = min(allowed, max(0, floor(known[i][1] / cost)))
    end
    for i = 1, limits do
      local permits, period = tonumber(ARGV[2 * i]), tonumber(ARGV[2 * i + 1])
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
