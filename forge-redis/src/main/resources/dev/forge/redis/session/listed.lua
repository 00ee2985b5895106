-- Reads the list of a user's sessions, and revokes them if asked.
--
-- KEYS[1]  the list, as in list.lua
-- ARGV[1]  1 to revoke them
--
-- Replies the digests of all sessions, including those revoked earlier, when it revokes; else of those that are not revoked.
--
-- Runs after prelude.lua, as one script.

redis.call('ZREMRANGEBYSCORE', KEYS[1], -now, now)
if ARGV[1] == '1' then
  local live = redis.call('ZRANGE', KEYS[1], '(0', '+inf', 'BYSCORE', 'WITHSCORES')
  for i = 1, #live, 2 do
    redis.call('ZADD', KEYS[1], '-' .. live[i + 1], live[i])
  end
  return redis.call('ZRANGE', KEYS[1], 0, -1)
end
return redis.call('ZRANGE', KEYS[1], '(0', '+inf', 'BYSCORE')
