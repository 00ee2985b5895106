-- Moves a session to a new id, on a single server, which has all keys.
--
-- KEYS[1]  the session, as in create.lua
-- KEYS[2]  the session under its new id
-- KEYS[3]  the list of sessions of its user, as in list.lua
-- KEYS[4]  the list of its new user, which may be the same
-- ARGV[1]  idle timeout, in milliseconds
-- ARGV[2]  the digest of its id
-- ARGV[3]  the digest of its new id
-- ARGV[4]  its user from now on, or empty for an anonymous session, which is in no list
-- ARGV[5]  how many milliseconds after its end it stays in a list
--
-- Replies in MessagePack how many sessions its new user has, or 0 if that is the same or none, and its fields and values; or nil if it
-- has ended or was revoked.
--
-- Runs after prelude.lua, as one script.

local fields = redis.call('HGETALL', KEYS[1])
local was = {}
for i = 1, #fields, 2 do
  was[fields[i]] = fields[i + 1]
end
local ends = living(was.ends)
if not ends then
  return nil
end
if was.user ~= '' then
  local listed = redis.call('ZSCORE', KEYS[3], ARGV[2])
  if not listed or tonumber(listed) <= 0 then
    redis.call('DEL', KEYS[1])
    return nil
  end
end
if redis.call('EXISTS', KEYS[2]) == 1 then
  return redis.error_reply('ERR the new id is taken')
end

for i = 1, #fields, 2 do
  redis.call('HSET', KEYS[2], fields[i], fields[i + 1])
end
redis.call('HSET', KEYS[2], 'user', ARGV[4], 'seen', text(now))
redis.call('PEXPIREAT', KEYS[2], math.min(now + ARGV[1], ends))
redis.call('DEL', KEYS[1])
redis.call('ZREM', KEYS[3], ARGV[2])
local listed = 0
if ARGV[4] ~= '' then
  local forget = ends + ARGV[5]
  redis.call('ZREMRANGEBYSCORE', KEYS[4], -now, now)
  redis.call('ZADD', KEYS[4], text(forget), ARGV[3])
  if redis.call('PTTL', KEYS[4]) < forget - now then
    redis.call('PEXPIREAT', KEYS[4], forget)
  end
  if KEYS[3] ~= KEYS[4] then
    listed = redis.call('ZCOUNT', KEYS[4], '-inf', '+inf')
  end
end
return cmsgpack.pack(text(listed), redis.call('HGETALL', KEYS[2]))
