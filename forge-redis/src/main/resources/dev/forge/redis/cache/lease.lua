-- Takes the lease on a key that has no entry, so that its holder, and nobody else, may store what it loads.
--
-- KEYS[1]  the entry
-- ARGV[1]  the lease
-- ARGV[2]  the life of the lease, in milliseconds
-- ARGV[3]  an unreadable entry that may be replaced, or nothing
--
-- Replies nil if the lease is taken, or else the entry that is there: a value, an absence, or the lease of another.

local held = redis.call('GET', KEYS[1])
if held and held ~= ARGV[3] then
  return held
end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return nil
