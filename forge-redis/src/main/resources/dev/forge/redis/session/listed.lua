-- Reads the list of a user's sessions, or revokes some of them.
--
-- KEYS[1]  the list, as in list.lua
-- ARGV[1]  how many to revoke at most, or 0 to read
--
-- Replies the digests of those that are not revoked when it reads. When it revokes, replies nil if it has revoked as many as it may, so
-- that others may be left; else the digests of all sessions, including those revoked earlier.
--
-- Runs after prelude.lua, as one script.

redis.call('ZREMRANGEBYSCORE', KEYS[1], -now, now)
local most = tonumber(ARGV[1])
if most == 0 then
  return redis.call('ZRANGE', KEYS[1], '(0', '+inf', 'BYSCORE')
end
local live = redis.call('ZRANGE', KEYS[1], '(0', '+inf', 'BYSCORE', 'LIMIT', 0, most, 'WITHSCORES')
for i = 1, #live, 2 do
  redis.call('ZADD', KEYS[1], '-' .. live[i + 1], live[i])
end
if #live == 2 * most then
  return nil
end
return redis.call('ZRANGE', KEYS[1], 0, -1)
