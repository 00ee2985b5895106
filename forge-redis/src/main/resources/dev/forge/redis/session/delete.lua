-- Ends a session.
--
-- KEYS[1]  the session, as in create.lua
--
-- Replies its fields and values, in MessagePack, or nil if there was no session or it had ended.

local fields = redis.call('HGETALL', KEYS[1])
if #fields == 0 then
  return nil
end
local ends = tonumber(redis.call('HGET', KEYS[1], 'ends') or nil)
redis.call('DEL', KEYS[1])
local time = redis.call('TIME')
if not ends or time[1] * 1000 + math.floor(time[2] / 1000) >= ends then
  return nil
end
return cmsgpack.pack(fields)
