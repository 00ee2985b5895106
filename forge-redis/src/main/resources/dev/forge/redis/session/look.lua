-- Reads a session and one of its attributes without counting as a use of it.
--
-- KEYS[1]  the session, as in create.lua
-- ARGV[1]  the name of the attribute
--
-- Replies those fields and their values, in MessagePack, or nil if it has ended.
--
-- Runs after prelude.lua, as one script.

local names = {'user', 'created', 'seen', 'ends', 'a:' .. ARGV[1]}
local values = redis.call('HMGET', KEYS[1], unpack(names))
if not living(values[4]) then
  return nil
end
local fields = {}
for i, name in ipairs(names) do
  if values[i] then
    fields[#fields + 1] = name
    fields[#fields + 1] = values[i]
  end
end
return cmsgpack.pack(fields)
