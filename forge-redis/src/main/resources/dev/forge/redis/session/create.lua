-- Creates a session, or copies an existing one to a new id.
--
-- KEYS[1]  the session: a hash of "user", "created", "seen", "ends", "version" and one field "a:<name>" for each attribute
-- ARGV[1]  idle timeout, in milliseconds
-- ARGV[2]  absolute timeout, in milliseconds
-- ARGV[3]  when it was created, in milliseconds since 1970, or 0 for now
-- ARGV[4]  when it ends, or 0 for the absolute timeout from now
-- ARGV[5]  the user
-- ARGV[6…] name and value of each attribute
--
-- Replies the time of the server, in milliseconds, or nil if the id is taken or the session has ended.
--
-- Runs after prelude.lua, as one script.

local created = tonumber(ARGV[3])
local ends = tonumber(ARGV[4])
if created == 0 then
  created = now
  ends = now + ARGV[2]
end
if ends <= now or redis.call('EXISTS', KEYS[1]) == 1 then
  return nil
end

redis.call('HSET', KEYS[1], 'user', ARGV[5], 'created', text(created), 'seen', text(now), 'ends', text(ends),
  'version', '1')
for i = 6, #ARGV, 2 do
  redis.call('HSET', KEYS[1], 'a:' .. ARGV[i], ARGV[i + 1])
end
redis.call('PEXPIREAT', KEYS[1], math.min(now + ARGV[1], ends))
return now
