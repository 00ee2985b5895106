-- Reads a session that has not ended, records its use, and changes its attributes.
--
-- KEYS[1]  the session, as in create.lua
-- ARGV[1]  idle timeout, in milliseconds
-- ARGV[2]  how old the recorded last use may be, in milliseconds, before it is written again
-- and for a change:
-- ARGV[3]  the version that it must have, or empty for any
-- ARGV[4]  the most attributes that a session may have
-- ARGV[5]  the most bytes in their names and values
-- ARGV[6]  how many attributes to remove, or -1 for all
-- ARGV[7…] their names, then name and value of each attribute to set
--
-- Replies nil if it has ended; the number and bytes of the attributes that the change would give, if that is too much; or, in
-- MessagePack, 0, or 1 if its version is another one and no attribute was changed, then the fields and values. It never revives a
-- session: it writes only to one that exists.
--
-- Runs after prelude.lua, as one script.

local fields = redis.call('HGETALL', KEYS[1])

-- Returns the index of the value of a field. To search for the few that matter costs less than a table of all of them.
local function at(field)
  for i = 1, #fields, 2 do
    if fields[i] == field then
      return i + 1
    end
  end
end

local ends = living(fields[at('ends')])
if not ends then
  return nil
end
local seen = tonumber(fields[at('seen')]) or 0
local is_old = now - seen >= tonumber(ARGV[2]) or now < seen
if #ARGV == 2 and not is_old then
  return cmsgpack.pack(0, fields)
end

local changes, removed = {}, {}
local function set(field, value)
  local place = at(field)
  if not place then
    place = #fields + 2
    fields[place - 1] = field
  elseif fields[place] == value then
    return
  end
  fields[place] = value
  changes[#changes + 1] = field
  changes[#changes + 1] = value
end

local function is_attribute(field)
  return string.sub(field, 1, 2) == 'a:'
end

local status = 0
if #ARGV > 2 then
  if ARGV[3] ~= '' and ARGV[3] ~= fields[at('version')] then
    status = 1
  else
    if ARGV[6] == '-1' then
      for i = 1, #fields, 2 do
        removed[fields[i]] = is_attribute(fields[i]) or nil
      end
    end
    local first = 7 + math.max(0, ARGV[6])
    for i = 7, first - 1 do
      local field = 'a:' .. ARGV[i]
      removed[field] = at(field) and true
    end
    for i = first, #ARGV, 2 do
      local field = 'a:' .. ARGV[i]
      removed[field] = nil
      set(field, ARGV[i + 1])
    end

    local count, size = 0, 0
    for i = 1, #fields, 2 do
      local field = fields[i]
      if is_attribute(field) and not removed[field] then
        count = count + 1
        size = size + #field - 2 + #fields[i + 1]
      end
    end
    if count > tonumber(ARGV[4]) or size > tonumber(ARGV[5]) then
      return {count, size}
    end
    for field in pairs(removed) do
      redis.call('HDEL', KEYS[1], field)
    end
    if changes[1] or next(removed) then
      set('version', text((tonumber(fields[at('version')]) or 0) + 1))
    end
  end
end

if is_old then
  set('seen', text(now))
end
local write = redis.call
if changes[1] then
  local written = redis.pcall('HSET', KEYS[1], unpack(changes))
  if type(written) == 'table' then
    -- A session that is only read must not fail because memory or disk is full, or a replica is missing: the time of its use is
    -- then recorded later. A server that is a replica itself (READONLY) must, so that the client looks for the primary.
    local err = written.err
    if #ARGV > 2 or not (string.find(err, 'OOM', 1, true) or string.find(err, 'MISCONF', 1, true)
        or string.find(err, 'NOREPLICAS', 1, true)) then
      return written
    end
    write = redis.pcall
  end
end
if is_old then
  write('PEXPIREAT', KEYS[1], math.min(now + ARGV[1], ends))
end

if next(removed) then
  local left = {}
  for i = 1, #fields, 2 do
    if not removed[fields[i]] then
      left[#left + 1] = fields[i]
      left[#left + 1] = fields[i + 1]
    end
  end
  fields = left
end
return cmsgpack.pack(status, fields)
