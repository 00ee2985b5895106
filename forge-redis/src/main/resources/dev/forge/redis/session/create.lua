-- Begins a session.
--
-- KEYS[1]  the session: a hash of "user", "created", "seen", "ends" and one field "a:<name>" for each attribute
-- ARGV[1]  idle timeout, in milliseconds
-- ARGV[2]  absolute timeout, in milliseconds
-- ARGV[3]  the user
-- ARGV[4…] name and value of each attribute
--
-- Replies the time of the server, in milliseconds, or nil if the id is taken.

if redis.call('EXISTS', KEYS[1]) == 1 then
  return nil
end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local text = string.format('%.0f', now)
redis.call('HSET', KEYS[1], 'user', ARGV[3], 'created', text, 'seen', text, 'ends',
  string.format('%.0f', now + ARGV[2]))
for i = 4, #ARGV, 2 do
  redis.call('HSET', KEYS[1], 'a:' .. ARGV[i], ARGV[i + 1])
end
redis.call('PEXPIRE', KEYS[1], math.min(ARGV[1], ARGV[2]))
return now
