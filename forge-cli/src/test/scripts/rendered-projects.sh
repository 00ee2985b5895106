#!/bin/sh
# Creates three projects, builds and tests each with Maven and an empty local repository, and starts each with exactly
# the commands that forge suggests. Needs the network; takes minutes, at most 30.
#
#   forge-cli/src/test/scripts/rendered-projects.sh [DIR]
#
# DIR (new or empty, default: a temporary directory) keeps the projects and the repository; a temporary one is removed.
# FORGE_JAR is the command under test, default: forge-cli/target/forge.jar of this checkout.
set -eu

root=$(cd "$(dirname "$0")/../../../.." && pwd -P)
jar=${FORGE_JAR:-$root/forge-cli/target/forge.jar}
longest_build=600
longest_start=180
service=

say() { printf '%s rendered-projects: %s\n' "$(date +%H:%M:%S)" "$*"; }

if [ $# -gt 0 ]; then
  mkdir -p "$1"
  work=$(cd "$1" && pwd -P)
  remove=
else
  work=$(mktemp -d)
  remove=$work
fi

clean_up() {
  [ -z "$service" ] || kill "$service" 2>/dev/null || true
  [ -z "$service" ] || wait "$service" 2>/dev/null || true
  [ -z "$remove" ] || rm -rf "$remove"
}
trap clean_up EXIT
trap 'exit 130' INT TERM

forge() { java -XX:TieredStopAtLevel=1 -jar "$jar" "$@"; }
export MAVEN_OPTS="-Dmaven.repo.local=$work/repository ${MAVEN_OPTS:-}"

# The path has a space in it, as a home directory may.
mkdir "$work/my projects"
cd "$work/my projects"

# Creates a project with the options behind its name, builds and tests it. A test that fails is run once more, as in .ci/run.
build() {
  project=$1
  forge init "$@" -y >/dev/null
  say "$project: mvn verify"
  if ! (cd "$project" && timeout "$longest_build" mvn -q -B -ntp -Dsurefire.rerunFailingTestsCount=1 verify) >"$work/$project.log" 2>&1; then
    tail -n 60 "$work/$project.log"
    say "$project: FAILED"
    exit 1
  fi
  if jar tf "$project"/target/*.jar | grep -q 'BOOT-INF/lib/spring-boot-devtools' \
      || grep -q 'spring-boot-devtools-[0-9]' "$project"/target/surefire-reports/TEST-*.xml; then
    say "$project: FAILED: spring-boot-devtools is in the jar or in the tests"
    exit 1
  fi
  say "$project: $(find "$project/target/surefire-reports" -name 'TEST-*.xml' | wc -l | tr -d ' ') test classes passed"
}

# Repeats the request until there is an answer, which must contain $1.
expect() {
  waited=0
  until answer=$(eval "$ask -sf" 2>/dev/null); do
    waited=$((waited + 1))
    if [ "$waited" -gt "$longest_start" ] || ! kill -0 "$service" 2>/dev/null; then
      tail -n 60 "$work/start.log"
      say "FAILED: no answer to $ask after $waited s"
      exit 1
    fi
    sleep 1
  done
  say "$ask: $answer"
  case $answer in
    *"$1"*) ;;
    *) say "FAILED: there should be $1 in the answer"; exit 1 ;;
  esac
}

# Starts the project created with the options behind $3, and expects $1 in its first answer and $2 in its second.
start() {
  first=$1
  second=$2
  shift 2
  # The commands of "next": cd, mvn, curl.
  next=$(forge init "$@" --json --dry-run --force | sed -n '/"next": \[/,/\]/s/^ *"\(.*\)",\{0,1\}$/\1/p')
  change=$(printf '%s\n' "$next" | sed -n 1p)
  start=$(printf '%s\n' "$next" | sed -n 2p)
  ask=$(printf '%s\n' "$next" | sed -n 3p | sed "s/:8000/:$port/")
  say "$change && $start"
  (
    eval "$change"
    eval "exec $start"
  ) >"$work/start.log" 2>&1 &
  service=$!
  expect "$first"
  expect "$second"
  kill "$service"
  wait "$service" || true
  service=
  if curl -s -o /dev/null "http://localhost:$port/"; then
    say "FAILED: the service outlived Maven"
    exit 1
  fi
}

say "into $work"
build all_on
build class --no-redis --no-worker --no-docker
build no-worker --package org.acme.sample_service.app --no-worker

port=$((20000 + $$ % 10000))
SERVER_PORT=$port
MANAGEMENT_PORT=$((port + 1))
export SERVER_PORT MANAGEMENT_PORT
start '"source":"computed"' '"source":"cache"' all_on
start 'Ada Lovelace' 'Ada Lovelace' class --no-redis --no-worker --no-docker
start '"source":"computed"' '"source":"cache"' no-worker --package org.acme.sample_service.app --no-worker
say "all passed"
