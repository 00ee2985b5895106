-- Takes the token of a transaction that has ended out of the fence on a key. The last token lifts the fence: then the key holds the
-- new value, or the old one if every transaction was rolled back, or nothing.
--
-- KEYS[1]  the entry
-- ARGV[1]  the token of the transaction, 16 bytes
-- ARGV[2]  1 if the transaction was committed, or may have been; 0 if it was rolled back
-- ARGV[3]  the entry to store after a commit, or empty for none
-- ARGV[4]  the TTL of that entry in milliseconds, or 0 for no expiry
--
-- Replies 1 if the entry was stored, or else 0. It is stored only if no other transaction has joined the fence, and nothing has
-- invalidated the key. After a commit whatever else the key holds is removed, also if the fence is gone.
--
-- Runs after prelude.lua, as one script.

local function store(entry, millis)
  if millis == '0' then
    redis.call('SET', KEYS[1], entry)
  else
    redis.call('SET', KEYS[1], entry, 'PX', millis)
  end
end

local committed = ARGV[2] == '1'
local now = clock()
local held = read(KEYS[1])
local fence = fence_in(held, now)
if not fence then
  if committed then
    redis.call('UNLINK', KEYS[1])
  end
  return 0
end
local was_there = fence.tokens[ARGV[1]]
fence.tokens[ARGV[1]] = nil
if committed then
  fence.last = ''
end
if next(fence.tokens) then
  fence.shared = fence.shared or committed
  store_fence(KEYS[1], fence, now)
elseif committed and ARGV[3] ~= '' and was_there and not fence.shared then
  store(ARGV[3], ARGV[4])
  return 1
elseif fence.last ~= '' then
  store(fence.last, fence.ends == FOREVER and '0' or string.format('%.0f', fence.ends - now))
else
  redis.call('UNLINK', KEYS[1])
end
return 0
