-- Adds a session to the list of its user.
--
-- KEYS[1]  the list: a sorted set of digests of ids, scored by the time at which each may be removed, in milliseconds since 1970.
--          A revoked session has the negative of that time until it has been deleted.
-- ARGV[1]  the digest to add
-- ARGV[2]  when it may be removed
-- ARGV[3]  a digest that must be listed and not revoked, or empty for none
--
-- Replies how many sessions are listed, or nil if the required one is not.
--
-- Runs after prelude.lua, as one script.

redis.call('ZREMRANGEBYSCORE', KEYS[1], -now, now)
if ARGV[3] ~= '' then
  local required = redis.call('ZSCORE', KEYS[1], ARGV[3])
  if not required or tonumber(required) <= 0 then
    return nil
  end
end
redis.call('ZADD', KEYS[1], ARGV[2], ARGV[1])
if redis.call('PTTL', KEYS[1]) < ARGV[2] - now then
  redis.call('PEXPIREAT', KEYS[1], ARGV[2])
end
return redis.call('ZCOUNT', KEYS[1], '-inf', '+inf')
