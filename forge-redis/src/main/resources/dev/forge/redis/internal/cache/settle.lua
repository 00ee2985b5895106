-- Ends a lease, with or without a value, or extends it. Does nothing if the lease is gone: any deletion or write of the
-- key ends it.
--
-- KEYS[1]  the entry
-- ARGV[1]  the token of the lease, 16 bytes
-- ARGV[2]  the entry to store, or empty for none
-- ARGV[3]  with an entry: its TTL in milliseconds, 0 for no expiry; without one: the new TTL of the lease, or 0 to end it, or -1 to
--          end it together with the value beside it
--
-- Replies 1 if the key still held the lease, or else 0.
--
-- Runs after prelude.lua, as one script.

local held = read(KEYS[1])
local lease = lease_in(held)
if not lease or string.sub(held, 5, 20) ~= ARGV[1] then
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
local now = clock()
local last, ends = beside(held, now)
if ARGV[3] ~= '0' and ARGV[3] ~= '-1' then
  store_lease(lease, ARGV[1], ARGV[3], last, ends, now)
elseif last == '' or ARGV[3] == '-1' then
  redis.call('DEL', KEYS[1])
else
  redis.call('SET', KEYS[1], last, 'PX', string.format('%.0f', ends - now))
end
return 1
