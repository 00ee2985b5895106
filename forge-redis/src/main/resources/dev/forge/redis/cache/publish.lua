-- Stores what was loaded under a lease, unless the lease is gone: a deletion or a write by anybody ends it.
--
-- KEYS[1]  the entry
-- ARGV[1]  the lease
-- ARGV[2]  the new entry, or nothing to give the lease up
-- ARGV[3]  the life of the new entry, in milliseconds, or 0 to keep it
--
-- Replies 1 if the lease was still there, or else 0.

if redis.call('GET', KEYS[1]) ~= ARGV[1] then
  return 0
end
if ARGV[2] == '' then
  redis.call('DEL', KEYS[1])
elseif ARGV[3] == '0' then
  redis.call('SET', KEYS[1], ARGV[2])
else
  redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
end
return 1
