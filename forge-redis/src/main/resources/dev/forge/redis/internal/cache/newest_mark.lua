-- Replies the longer of the remaining TTLs of two marks, in milliseconds; a negative number if there is none.
--
-- KEYS[1], KEYS[2]  the marks
--
-- A script runs on the primary, where the marks are left; a replica may not have them yet.

return math.max(redis.call('PTTL', KEYS[1]), redis.call('PTTL', KEYS[2]))
