# Owns the directory of one server, and outlives the JVM that started it.
#   $1     where to make the directory
#   $2...  files outside it that are removed with it
# Prints the directory. Then reads from stdin the pid of the server, or an empty line when that has ended, until
# stdin ends: the JVM has closed it, or has ended in any way. kill -9 leaves a JVM no chance to
# clean up, but still closes its pipes. After that no server is left and no file.

# Signals that end a whole process group or session must not end this. PIPE: the JVM may end before the first line.
trap '' HUP INT QUIT TERM PIPE

# The PATH may have been narrowed to one server, or not be set.
PATH=/usr/bin:/bin:$PATH

directory=$(mktemp -d "$1/forge-redis-XXXXXXXX") || exit 1
shift
printf '%s\n' "$directory"

# The pid is not kept in a file, which cleaners of temporary files may remove.
pid=
while read -r line; do
    pid=$line
done

if [ -n "$pid" ]; then
    # KILL also ends a process that SIGSTOP has frozen. The group includes a background save.
    kill -s KILL -- "-$pid" || kill -s KILL "$pid"
fi
# A dying process may still have created a file in between.
rm -rf "$directory" "$@" || { sleep 1; rm -rf "$directory" "$@"; }
