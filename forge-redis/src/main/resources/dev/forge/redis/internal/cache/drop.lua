-- Removes entries. Of a fence it removes only the old value: its transactions have not ended. None of them stores a value then.
--
-- KEYS     the entries
--
-- Replies how many of the keys existed.
--
-- Runs after prelude.lua, as one script.

local now
local count = 0
for _, key in ipairs(KEYS) do
  local begin = redis.pcall('GETRANGE', key, 0, 2)
  if begin == FENCE then
    now = now or clock()
    local fence = fence_in(read(key), now)
    fence.last, fence.shared = '', true
    if next(fence.tokens) then
      store_fence(key, fence, now)
    else
      redis.call('UNLINK', key)
    end
    count = count + 1
  else
    count = count + redis.call('UNLINK', key)
  end
end
return count
