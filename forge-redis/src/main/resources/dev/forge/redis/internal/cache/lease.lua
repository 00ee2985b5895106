-- Takes the lease on a key, so that only its holder may store the value that it loads. A value that may still be used
-- stays beside the lease. An expired lease is taken over, together with the value beside it. A lease that ends later
-- than any lease can be granted for has expired as well: it is from before the clock of the server was set back.
--
-- KEYS[1]  the entry
-- ARGV[1]  the token of the lease, 16 bytes
-- ARGV[2]  the TTL of the lease, in milliseconds
-- ARGV[3]  what may be replaced: empty for nothing; or a number of milliseconds, for a value whose TTL is at most that,
--          which stays beside the lease; or 40 hexadecimal digits, for the entry with this SHA-1, which does not stay
--
-- Replies {1, the value beside the lease} if it is taken, or else {0, the current entry, n}. There n is the remaining
-- milliseconds of another lease, or 0 if there is none, or -1 if the key holds another Redis type. Such a key reads as
-- the empty string, so that it can be replaced by its SHA-1 like any unreadable entry.

local LEASE = '\247\001L\000'
-- Twice the longest TTL of a lease, so that a small step of the clock does not end the lease of a live holder.
local LONGEST = 4000
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local held = redis.pcall('GET', KEYS[1])
local unleased = 0
if type(held) == 'table' then
  if not string.find(held.err, 'WRONGTYPE', 1, true) then
    return redis.call('GET', KEYS[1])
  end
  held = ''
  unleased = -1
end
local last = ''
local ends = 0
if held then
  if string.sub(held, 1, 4) == LEASE then
    local left = (tonumber(string.sub(held, 21, 36)) or 0) - now
    if left > 0 and left <= LONGEST then
      return {0, held, left}
    end
    last = string.sub(held, 53)
    ends = tonumber(string.sub(held, 37, 52)) or 0
  elseif #ARGV[3] == 40 then
    if redis.sha1hex(held) ~= ARGV[3] then
      return {0, held, unleased}
    end
  else
    local left = redis.call('PTTL', KEYS[1])
    if ARGV[3] == '' or left < 0 or left > tonumber(ARGV[3]) then
      return {0, held, unleased}
    end
    last = held
    ends = now + left
  end
end
if ends <= now then
  last = ''
  ends = 0
end
local over = now + ARGV[2]
local lease = LEASE .. ARGV[1] .. string.format('%016.0f%016.0f', over, ends) .. last
redis.call('SET', KEYS[1], lease, 'PX', string.format('%.0f', math.max(over, ends) - now))
return {1, last}
