# Becomes the server $1, in the current directory, when it is told to.
# By then watch.sh knows the pid. If the JVM is gone before, nothing is told, and nothing starts.
read -r go && exec "$1" redis.conf </dev/null
