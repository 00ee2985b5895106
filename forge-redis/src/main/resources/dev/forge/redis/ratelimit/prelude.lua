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
-- The algorithm provides three functions. `a`, `b` and `c` are what it knows of the subject at hand, as it likes. The functions
-- capture no variables: the server makes them again for each call, and each variable that is captured costs it about as much as a
-- function.
--
-- read(key, permits, period, now)    reads the value of a subject. Returns the permits that are left; whether the clock of the
--                                    server was set back, so that the value must be written even if no permit is taken; a, b, c
-- take(key, permits, period, now, taken, a, b, c)
--                                    takes permits, perhaps none, and writes the value. Returns the new a, b, c
-- outlook(permits, period, now, cost, a, b, c)
--                                    returns the permits left, and the microseconds until `cost` permits and until all are free

local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]

