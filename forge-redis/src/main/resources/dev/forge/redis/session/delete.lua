-- Ends a session.
--
-- KEYS[1]  the session, as in create.lua
--
-- Replies its fields and values, in MessagePack, or nil if there was no session or it had ended.
--
-- Runs after prelude.lua, as one script.

local fields = redis.call('HGETALL', KEYS[1])
if #fields == 0 then
  return nil
end
local is_living = living(redis.call('HGET', KEYS[1], 'ends'))
redis.call('DEL', KEYS[1])
return is_living and cmsgpack.pack(fields)
