-- The beginning of lease.lua and settle.lua: how a lease is read and stored.
--
-- A lease is LEASE, its token of 16 bytes, two times of 16 digits in milliseconds since 1970 (when the lease ends, and when the
-- value beside it ends), and that value. Without a value the second time is 0.

local LEASE = '\247\001L\000'

-- Returns the milliseconds since 1970.
local function clock()
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end

-- Returns the entry of KEYS[1], or false if there is none; a key of another Redis type reads as the empty string, and true.
local function read()
  local held = redis.pcall('GET', KEYS[1])
  if type(held) ~= 'table' then
    return held, false
  end
  if string.find(held.err, 'WRONGTYPE', 1, true) then
    return '', true
  end
  return redis.call('GET', KEYS[1])
end

-- Returns the value beside the lease `held` and when it ends, or the empty string and 0 if there is none or it has expired.
local function beside(held, now)
  local ends = tonumber(string.sub(held, 37, 52)) or 0
  if ends <= now then
    return '', 0
  end
  return string.sub(held, 53), ends
end

-- Stores a lease for `millis`, beside the value `last`, which ends at `ends`.
local function store_lease(token, millis, last, ends, now)
  local over = now + millis
  local lease = LEASE .. token .. string.format('%016.0f%016.0f', over, ends) .. last
  redis.call('SET', KEYS[1], lease, 'PX', string.format('%.0f', math.max(over, ends) - now))
end

