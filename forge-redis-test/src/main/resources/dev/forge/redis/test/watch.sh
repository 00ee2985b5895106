# Owns the directory of one server, and outlives the JVM that started it.
#   $1     where to make the directory
#   $2...  files outside it that go with it
# Prints the directory. Then reads from stdin the pid of the server, or an empty line when that has ended, until
# stdin ends: the JVM has closed it, or the JVM is gone, however it went. kill -9 leaves a JVM no chance to
# clean up, but still closes its pipes. After that no server is left and no file.

# What ends a whole process group or session must not end this; PIPE, because the JVM may be gone before the first line.
trap '' HUP INT QUIT TERM PIPE

# The PATH may have been narrowed to one server, or not be set.
PATH=/usr/bin:/bin:$PATH

directory=$(mktemp -d "$1/forge-redis-XXXXXXXX") || exit 1
shift
printf '%s\n' "$directory"

# The pid is not kept in a file: cleaners of temporary files may take that first.
pid=
while read -r line; do
    pid=$line
done

if [ -n "$pid" ]; then
    # KILL also ends a process that SIGSTOP has frozen. The group takes a background save along.
    kill -s KILL -- "-$pid" || kill -s KILL "$pid"
fi
# A dying process may still have created a file in between.
rm -rf "$directory" "$@" || { sleep 1; rm -rf "$directory" "$@"; }
