# Becomes the server, which is the command "$@", in the current directory, when it is told to.
# By then watch.sh knows the pid. If the JVM is gone before, nothing is told, and nothing starts.
read -r go && exec "$@" </dev/null
