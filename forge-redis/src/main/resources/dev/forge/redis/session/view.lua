-- Reads a session and its attributes without counting as a use of it.
--
-- KEYS[1]  the session, as in create.lua
--
-- Replies its fields and values, in MessagePack, or nil if it has ended.
--
-- Runs after prelude.lua, as one script.

if living(redis.call('HGET', KEYS[1], 'ends')) then
  return cmsgpack.pack(redis.call('HGETALL', KEYS[1]))
end
