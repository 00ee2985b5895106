
-- The end of the script of every algorithm: decides about all subjects, and replies.

local min, max = math.min, math.max
local limits = {}
for i = 1, ARGV[1] do
  limits[i] = state(tonumber(ARGV[2 * i]), tonumber(ARGV[2 * i + 1]))
end

local reply, before = '', 0
for place = 2 * #limits + 2, #ARGV, 2 do
  local cost, count = tonumber(ARGV[place]), tonumber(ARGV[place + 1])

  -- All limits are read before the first is written: all of them take the permits, or none.
  local allowed = count
  for i = 1, #limits do
    local free = read(KEYS[before + i], limits[i], now)
    allowed = min(allowed, max(0, math.floor(free / cost)))
  end

  local left, retry, reset, decided = math.huge, 0, 0, 1
  for i = 1, #limits do
    local limit = limits[i]
    if allowed > 0 or (limit.set_back and count > 0) then
      take(KEYS[before + i], limit, now, allowed * cost)
    end
    local free, wait, full = outlook(limit, now, cost)
    free = max(0, free)
    if wait > retry or (retry == 0 and free < left) then
      decided = i
    end
    left, retry, reset = min(left, free), max(retry, wait), max(reset, full)
  end
  reply = reply .. struct.pack('>ddddd', allowed, left, retry, reset, decided)
  before = before + #limits
end
return reply
