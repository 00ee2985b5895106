-- Reads a session that has not ended, notes that it was used, and changes its attributes.
--
-- KEYS[1]  the session, as in create.lua
-- ARGV[1]  idle timeout, in milliseconds
-- ARGV[2]  how old the note of its last use may be, in milliseconds, before it is written again
-- ARGV[3]  1 if the fields are wanted in the reply
-- ARGV[4]  the version that it must have for a change, or nothing for any
-- ARGV[5]  the most attributes that a session may have
-- ARGV[6]  the most bytes in their names and values
-- ARGV[7]  how many attributes to remove, or -1 for all
-- ARGV[8…] their names, then name and value of each attribute to set
--
-- Replies nil if it has ended; 2, the number and the bytes of the attributes that there would have been, if that is too much;
-- or 0 if it is as asked for, 1 if its version is another one, with the fields and values behind. It never brings a session
-- back: what it writes, it writes to a session that is there.

local raw = redis.call('HGETALL', KEYS[1])
local was = {}
for i = 1, #raw, 2 do
  was[raw[i]] = raw[i + 1]
end
local ends = tonumber(was.ends)
if not ends then
  return nil
end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
if now >= ends then
  redis.call('DEL', KEYS[1])
  return nil
end

local function is_attribute(field)
  return string.sub(field, 1, 2) == 'a:'
end

local is = was
local status = 0
if #ARGV > 7 or ARGV[7] == '-1' then
  if ARGV[4] ~= '' and ARGV[4] ~= was.version then
    status = 1
  else
    is = {}
    for field, value in pairs(was) do
      if ARGV[7] ~= '-1' or not is_attribute(field) then
        is[field] = value
      end
    end
    local first = 8 + math.max(0, ARGV[7])
    for i = 8, first - 1 do
      is['a:' .. ARGV[i]] = nil
    end
    for i = first, #ARGV, 2 do
      is['a:' .. ARGV[i]] = ARGV[i + 1]
    end

    local count, size = 0, 0
    for field, value in pairs(is) do
      if is_attribute(field) then
        count = count + 1
        size = size + #field - 2 + #value
      end
    end
    if count > tonumber(ARGV[5]) or size > tonumber(ARGV[6]) then
      return {2, count, size}
    end
  end
end

local changed = false
for field in pairs(was) do
  if is[field] == nil then
    changed = true
    redis.call('HDEL', KEYS[1], field)
  end
end
for field, value in pairs(is) do
  if was[field] ~= value then
    changed = true
    redis.call('HSET', KEYS[1], field, value)
  end
end
if changed then
  is.version = string.format('%.0f', (tonumber(was.version) or 0) + 1)
  redis.call('HSET', KEYS[1], 'version', is.version)
end

local seen = tonumber(was.seen) or 0
if now - seen >= tonumber(ARGV[2]) or now < seen then
  is.seen = string.format('%.0f', now)
  redis.call('HSET', KEYS[1], 'seen', is.seen)
  redis.call('PEXPIRE', KEYS[1], math.min(ARGV[1], ends - now))
end

local reply = {status}
if ARGV[3] == '1' then
  for field, value in pairs(is) do
    reply[#reply + 1] = field
    reply[#reply + 1] = value
  end
end
return reply
