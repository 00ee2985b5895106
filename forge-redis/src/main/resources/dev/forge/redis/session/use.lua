-- Reads a session that has not ended, notes that it was used, and changes its attributes.
--
-- KEYS[1]  the session, as in create.lua
-- ARGV[1]  idle timeout, in milliseconds
-- ARGV[2]  how old the note of its last use may be, in milliseconds, before it is written again
-- ARGV[3]  how many attributes to remove
-- ARGV[4…] their names, then name and value of each attribute to set
--
-- Replies the fields and values of the session, or nil if it has ended. It never brings a session back: what it writes, it
-- writes to a session that is there.

local ends = tonumber(redis.call('HGET', KEYS[1], 'ends') or nil)
if not ends then
  return nil
end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
if now >= ends then
  redis.call('DEL', KEYS[1])
  return nil
end

local first = 4 + ARGV[3]
for i = 4, first - 1 do
  redis.call('HDEL', KEYS[1], 'a:' .. ARGV[i])
end
for i = first, #ARGV, 2 do
  redis.call('HSET', KEYS[1], 'a:' .. ARGV[i], ARGV[i + 1])
end

local seen = tonumber(redis.call('HGET', KEYS[1], 'seen') or 0)
if now - seen >= tonumber(ARGV[2]) then
  redis.call('HSET', KEYS[1], 'seen', string.format('%.0f', now))
  redis.call('PEXPIRE', KEYS[1], math.min(ARGV[1], ends - now))
end
return redis.call('HGETALL', KEYS[1])
