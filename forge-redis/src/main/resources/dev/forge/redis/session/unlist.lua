-- Removes sessions that have ended from the list of their user.
--
-- KEYS[1]  the list, as in list.lua
-- ARGV[1…] the digests
--
-- Replies nothing.

for i = 1, #ARGV do
  redis.call('ZREM', KEYS[1], ARGV[i])
end
