-- Reads a session without counting as a use of it.
--
-- KEYS[1]  the session, as in create.lua
-- ARGV[1]  the name of an attribute
--
-- Replies its user, when it was created, was last used and ends, and the attribute or an empty string; or nil if it has ended.

local ends = tonumber(redis.call('HGET', KEYS[1], 'ends') or nil)
local time = redis.call('TIME')
if not ends or time[1] * 1000 + math.floor(time[2] / 1000) >= ends then
  return nil
end
local function text(field)
  return redis.call('HGET', KEYS[1], field) or ''
end
return {text('user'), text('created'), text('seen'), text('ends'), text('a:' .. ARGV[1])}
