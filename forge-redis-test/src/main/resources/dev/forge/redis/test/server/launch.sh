# Waits for a line on stdin, and then becomes the server, which is the command "$@", in the current directory.
# By then watch.sh knows the pid. If the JVM ends before it sends the line, nothing starts.
read -r go && exec "$@" </dev/null
