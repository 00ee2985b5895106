-- The beginning of the script of every algorithm: the clock. The algorithm follows, and then decide.lua.
--
-- KEYS            for each subject its value under each limit
-- ARGV[1]         number of limits
-- ARGV[2i]        permits of limit i
-- ARGV[2i + 1]    period of limit i, in microseconds
-- and then for each subject: permits that one request takes, and number of requests to decide, one after the other;
--                 0 takes nothing and only reads
--
-- Replies five numbers for each subject, as doubles in one string, which costs the server less than a list: requests allowed,
-- permits left, microseconds until the next request would be allowed, microseconds until all permits are free again, which limit
-- decided.
--
-- The algorithm provides four functions. What they know of the subject at hand is in fields of `limit`. They capture few variables:
-- the server makes them anew for each call, and each variable that is captured costs it about as much as a function.
--
-- state(permits, period)          returns a limit with all fields that the functions set: a table that grows costs more than one
--                                 that is made large enough
-- read(key, limit, now)           reads the value of a subject, and returns the permits that are left. Sets `set_back`, whether the
--                                 clock of the server was set back and the value must be written even if no permit is taken
-- take(key, limit, now, permits)  takes permits, perhaps none, and writes the value
-- outlook(limit, now, cost)       the permits left, and the microseconds until `cost` permits and until all permits are free

local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]

