-- Records a use of a session that has not ended, and changes attributes of it. The others are read only if their limits might be
-- exceeded.
--
-- KEYS[1]  the session, as in create.lua
-- ARGV     as in use.lua, without a version and with at least 0 names to remove
--
-- Replies nil if it has ended; the number and bytes of the attributes that the change would give, if that is too much; or else 1.
-- It never revives a session: it writes only to one that exists.
--
-- Runs after prelude.lua, as one script.

local first = 7 + (ARGV[6] or 0)
local wanted = {'ends', 'seen', 'version'}
for i = first, #ARGV, 2 do
  wanted[#wanted + 1] = 'a:' .. ARGV[i]
end
local was = redis.call('HMGET', KEYS[1], unpack(wanted))

local ends = living(was[1])
if not ends then
  return nil
end

local removed = {}
for i = 7, first - 1 do
  removed['a:' .. ARGV[i]] = true
end
local changes, grows = {}, false
for i = 4, #wanted do
  removed[wanted[i]] = nil
  local value = ARGV[first + 2 * (i - 4) + 1]
  if value ~= was[i] then
    changes[#changes + 1] = wanted[i]
    changes[#changes + 1] = value
    grows = grows or not was[i] or #value > #was[i]
  end
end

if grows then
  local fields = redis.call('HGETALL', KEYS[1])
  local will = {}
  for i = 1, #fields, 2 do
    if string.sub(fields[i], 1, 2) == 'a:' and not removed[fields[i]] then
      will[fields[i]] = fields[i + 1]
    end
  end
  for i = 1, #changes, 2 do
    will[changes[i]] = changes[i + 1]
  end
  local count, size = 0, 0
  for field, value in pairs(will) do
    count = count + 1
    size = size + #field - 2 + #value
  end
  if count > tonumber(ARGV[4]) or size > tonumber(ARGV[5]) then
    return {count, size}
  end
end

local changed = changes[1] ~= nil
for field in pairs(removed) do
  changed = redis.call('HDEL', KEYS[1], field) == 1 or changed
end
local function set(field, number)
  changes[#changes + 1] = field
  changes[#changes + 1] = text(number)
end
if changed then
  set('version', (tonumber(was[3]) or 0) + 1)
end
local seen = tonumber(was[2]) or 0
local is_old = now - seen >= tonumber(ARGV[2]) or now < seen
if is_old then
  set('seen', now)
end
if changes[1] then
  redis.call('HSET', KEYS[1], unpack(changes))
end
if is_old then
  redis.call('PEXPIREAT', KEYS[1], math.min(now + ARGV[1], ends))
end
return 1
