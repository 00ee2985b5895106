-- Takes the lease on a key, so that only its holder may store the value that it loads. A value that may still be used
-- stays beside the lease. An expired lease is taken over, together with the value beside it. A lease that ends later
-- than any lease can be granted for has expired as well: it is from before the clock of the server was set back. A lease that yields
-- is taken over like an expired one, but not for a lease that yields itself: else transactions that follow each other closely would
-- take it from each other, and none of them would store its value.
--
-- KEYS[1]  the entry
-- ARGV[1]  the token of the lease, 16 bytes
-- ARGV[2]  the TTL of the lease, in milliseconds
-- ARGV[3]  what may be replaced: empty for nothing; or a number of milliseconds, for a value whose TTL is at most that,
--          which stays beside the lease; or 40 hexadecimal digits, for the entry with this SHA-1, which does not stay
-- ARGV[4]  1 for a lease that yields, or 0
--
-- Replies {1, the value beside the lease} if it is taken, or else {0, the current entry, n}. There n is the remaining
-- milliseconds of another lease, or 0 if there is none, or -1 if the key holds another Redis type, or -2 beside a fence, or -3 if
-- both leases yield: then the new one is refused, and no one waits. A key of another type reads as the empty string, so that it can be
-- replaced by its SHA-1 like any unreadable entry.
--
-- Runs after prelude.lua, as one script.

-- Twice the longest TTL of a lease, so that a small step of the clock does not end the lease of a live holder.
local LONGEST = 4000

local now = clock()
local held, is_other_type = read(KEYS[1])
local last, ends = '', 0
local fence = fence_in(held, now)
if fence then
  if next(fence.tokens) then
    return {0, '', -2}
  end
elseif held then
  local lease = lease_in(held)
  if lease then
    local left = (tonumber(string.sub(held, 21, 36)) or 0) - now
    local lasts = left > 0 and left <= LONGEST
    if lasts and lease == LEASE then
      return {0, held, left}
    elseif lasts and ARGV[4] == '1' then
      return {0, '', -3}
    end
    last, ends = beside(held, now)
  elseif #ARGV[3] == 40 then
    if redis.sha1hex(held) ~= ARGV[3] then
      return {0, held, is_other_type and -1 or 0}
    end
  else
    local left = redis.call('PTTL', KEYS[1])
    if ARGV[3] == '' or left < 0 or left > tonumber(ARGV[3]) then
      return {0, held, is_other_type and -1 or 0}
    end
    if left > 0 then
      last, ends = held, now + left
    end
  end
end
store_lease(ARGV[4] == '1' and YIELDING or LEASE, ARGV[1], ARGV[2], last, ends, now)
return {1, last}
