-- The beginning of the scripts for entries: how a lease and a fence are read and stored.
--
-- A lease is LEASE or YIELDING, its token of 16 bytes, two times of 16 digits in milliseconds since 1970 (when the lease ends, and when the
-- value beside it ends), and that value. Without a value the second time is 0. One that is YIELDING is held in a transaction: any
-- caller outside of one takes it over.
--
-- A fence is FENCE, one byte of flags, the number of its tokens as 4 digits, 16 digits for when the old value ends, the tokens of
-- 16 bytes, each with 16 digits for when it ends, and the old value. An old value without a TTL ends at FOREVER.

local LEASE = '\247\001L\000'
local YIELDING = '\247\001L\001'
local FENCE = '\247\001F'
local FOREVER = 9000000000000000

-- Twice the longest TTL of a token. One that ends later is from before the clock of the server was set back.
local LONGEST_TOKEN = 10000

-- Returns the milliseconds since 1970.
local function clock()
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end

-- Returns the entry of `key`, or false if there is none; a key of another Redis type reads as the empty string, and true.
local function read(key)
  local held = redis.pcall('GET', key)
  if type(held) ~= 'table' then
    return held, false
  end
  if string.find(held.err, 'WRONGTYPE', 1, true) then
    return '', true
  end
  return redis.call('GET', key)
end

-- Returns LEASE or YIELDING if `held` is such a lease, or else nil.
local function lease_in(held)
  local begin = held and string.sub(held, 1, 4)
  return (begin == LEASE or begin == YIELDING) and begin or nil
end

-- Returns the value beside the lease `held` and when it ends, or the empty string and 0 if there is none or it has expired.
local function beside(held, now)
  local ends = tonumber(string.sub(held, 37, 52)) or 0
  if ends <= now then
    return '', 0
  end
  return string.sub(held, 53), ends
end

-- Stores a lease of `kind`, LEASE or YIELDING, for `millis`, beside the value `last`, which ends at `ends`.
local function store_lease(kind, token, millis, last, ends, now)
  local over = now + millis
  local lease = kind .. token .. string.format('%016.0f%016.0f', over, ends) .. last
  redis.call('SET', KEYS[1], lease, 'PX', string.format('%.0f', math.max(over, ends) - now))
end

-- Returns the fence in `held`, or nil if that is something else. A token that has expired is left out: the outcome of its
-- transaction is unknown, so the old value goes with it, and no value may be stored when the fence is lifted.
local function fence_in(held, now)
  if not held or string.sub(held, 1, 3) ~= FENCE then
    return nil
  end
  local fence = {
    shared = string.byte(held, 4) ~= 0,
    tokens = {},
    ends = tonumber(string.sub(held, 9, 24)) or 0,
  }
  local at = 25
  for _ = 1, tonumber(string.sub(held, 5, 8)) or 0 do
    local over = tonumber(string.sub(held, at + 16, at + 31)) or 0
    if over > now and over <= now + LONGEST_TOKEN then
      fence.tokens[string.sub(held, at, at + 15)] = over
    else
      fence.shared = true
      fence.ends = 0
    end
    at = at + 32
  end
  fence.last = fence.ends > now and string.sub(held, at) or ''
  return fence
end

-- Stores `fence`, which has a token, at `key` until its last token expires.
local function store_fence(key, fence, now)
  local parts, count, last_over = {}, 0, 0
  for token, over in pairs(fence.tokens) do
    count = count + 1
    parts[count] = token .. string.format('%016.0f', over)
    last_over = math.max(last_over, over)
  end
  local ends = fence.last == '' and 0 or fence.ends
  local head = FENCE .. (fence.shared and '\001' or '\000') .. string.format('%04d%016.0f', count, ends)
  redis.call('SET', key, head .. table.concat(parts) .. fence.last, 'PX', string.format('%.0f', last_over - now))
end

