-- Reads a session without counting as a use of it.
--
-- KEYS[1]  the session, as in create.lua
-- ARGV[1]  the name of an attribute
--
-- Replies its user, when it was created, was last used and ends, and the attribute or an empty string; or nil if it has ended.
--
-- Runs after prelude.lua, as one script.

local function field(name)
  return redis.call('HGET', KEYS[1], name) or ''
end
if now >= (tonumber(field('ends')) or 0) then
  return nil
end
return {field('user'), field('created'), field('seen'), field('ends'), field('a:' .. ARGV[1])}
