-- Ends a lease, with or without a value, or extends it. Does nothing if the lease is gone: any deletion or write of the
-- key ends it.
--
-- KEYS[1]  the entry
-- ARGV[1]  the token of the lease, 16 bytes
-- ARGV[2]  the entry to store, or empty for none
-- ARGV[3]  with an entry: its TTL in milliseconds, 0 for no expiry; without one: the new TTL of the lease, 0 to end it
--
-- Replies 1 if the key still held the lease, or else 0.

local LEASE = '\247\001L\000'
local held = redis.pcall('GET', KEYS[1])
if type(held) == 'table' then
  if not string.find(held.err, 'WRONGTYPE', 1, true) then
    return redis.call('GET', KEYS[1])
  end
  held = false
end
if not held or string.sub(held, 1, 20) ~= LEASE .. ARGV[1] then
  return 0
end
if ARGV[2] ~= '' then
  if ARGV[3] == '0' then
    redis.call('SET', KEYS[1], ARGV[2])
  else
    redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
  end
  return 1
end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local ends = tonumber(string.sub(held, 37, 52)) or 0
local last = string.sub(held, 53)
if ends <= now then
  last = ''
  ends = 0
end
if ARGV[3] ~= '0' then
  local over = now + ARGV[3]
  local lease = LEASE .. ARGV[1] .. string.format('%016.0f%016.0f', over, ends) .. last
  redis.call('SET', KEYS[1], lease, 'PX', string.format('%.0f', math.max(over, ends) - now))
elseif last == '' then
  redis.call('DEL', KEYS[1])
else
  redis.call('SET', KEYS[1], last, 'PX', string.format('%.0f', ends - now))
end
return 1
