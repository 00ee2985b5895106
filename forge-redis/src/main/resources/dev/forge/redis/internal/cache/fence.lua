-- Raises the fence on a key for one transaction, joins the fence of others, or renews the token that it has there. Until the fence
-- is lifted the old value is not served, and no value can be stored: a lease on the key ends.
--
-- KEYS[1]  the entry
-- ARGV[1]  the token of the transaction, 16 bytes
-- ARGV[2]  the TTL of the token, in milliseconds
-- ARGV[3]  1 to renew the token, which does nothing if it is gone; 0 to raise or join
--
-- Replies 1 if the token is in the fence, or else 0.
--
-- Runs after prelude.lua, as one script.

-- An old value that is larger is not kept: the fence would be copied with each step.
local LARGEST_KEPT = 1048576
local MOST_TOKENS = 1000

local now = clock()
local held = read(KEYS[1])
local fence = fence_in(held, now)
if ARGV[3] == '1' and not (fence and fence.tokens[ARGV[1]]) then
  return 0
end
if not fence then
  fence = {shared = false, tokens = {}, last = '', ends = 0}
  local kind = held and string.sub(held, 1, 3)
  if kind == '\247\001V' or kind == '\247\001A' then
    local left = redis.call('PTTL', KEYS[1])
    fence.last, fence.ends = held, left < 0 and FOREVER or now + left
  elseif lease_in(held) then
    fence.last, fence.ends = beside(held, now)
  end
  if #fence.last > LARGEST_KEPT then
    fence.last = ''
  end
end
if not fence.tokens[ARGV[1]] then
  local others = 0
  for _ in pairs(fence.tokens) do
    others = others + 1
  end
  if others >= MOST_TOKENS then
    return redis.error_reply('ERR more than ' .. MOST_TOKENS .. ' transactions change one key')
  end
  fence.shared = fence.shared or others > 0
end
fence.tokens[ARGV[1]] = now + ARGV[2]
store_fence(KEYS[1], fence, now)
return 1
