#!/usr/bin/env bash
# Runs Tenon's tool: ./ws demo | echo | broadcast | connect | bench | conformance. Builds what is missing or older than its sources first.
# JAVA_HOME and JAVA_OPTS are honoured; everything else is an argument of the tool.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
# The modules that the tool is made of: those that it depends on, all with a src/main beside their pom.
sources=(ws-frame ws-extension-spi ws-permessage-deflate ws-handshake ws-connection ws-topics ws-transport ws-server ws-client conformance-suite ws-cli)
main=ws-cli
flags=()
# Only --http3 needs Netty and native code, which Maven downloads when it is used.
if [[ " $* " == *" --http3 "* ]]; then
  sources+=(ws-netty ws-cli-netty)
  main=ws-cli-netty
  flags=(--add-modules ALL-MODULE-PATH) # the native code is in a module that no other requires
fi
# Only --sockets needs ws-transport-linux, whose classes need Java 22.
linux=
if [[ " $* " == *" --sockets"* ]]; then
  linux=$root/$main/target/modules-linux
fi
modules=$root/$main/target/modules
stamp=$modules/.built
log=$root/$main/target/build.log
java=${JAVA_HOME:+$JAVA_HOME/bin/}java

die() {
  printf 'ws: %s\n' "$*" >&2
  exit 2
}

check_java() {
  local version
  version=$("$java" -version 2>&1) || die "there is no Java at '$java': install JDK 17 or newer, or set JAVA_HOME to one"
  [[ $version =~ version\ \"([0-9]+) ]] && ((BASH_REMATCH[1] >= 17)) ||
    die "'$java' is too old: Tenon needs JDK 17 or newer; set JAVA_HOME to one (this is ${version%%$'\n'*})"
  # Java 22 and newer warns about native code in modules that are not named here.
  if ((${#flags[@]} > 0 && BASH_REMATCH[1] >= 22)); then
    flags+=(--enable-native-access=io.netty.common,io.netty.codec.classes.quic)
  fi
  if [ -n "$linux" ] && ((BASH_REMATCH[1] >= 22)); then
    sources+=(ws-transport-linux)
  else
    linux=
  fi
}

is_stale() {
  [ -e "$stamp" ] || return 0
  [ -z "$linux" ] || [ -e "$linux" ] || return 0
  local paths=("$root/pom.xml") module
  for module in "${sources[@]}"; do
    paths+=("$root/$module/pom.xml" "$root/$module/src/main")
  done
  [ -n "$(find "${paths[@]}" -newer "$stamp" -print -quit)" ]
}

build() {
  local javac=${JAVA_HOME:+$JAVA_HOME/bin/}javac begin=$SECONDS started mark line status=0
  command -v "$javac" >/dev/null || die "there is no compiler at '$javac': a JDK is needed to build, not only a JRE"
  command -v mvn >/dev/null || die "Maven is needed to build: install it, 3.8.7 or newer, and make sure that 'mvn' is on PATH"
  mkdir -p "$root/$main/target"
  rm -rf "$modules" # modules of another version would be found beside the new ones
  started=$(mktemp "$root/$main/target/started.XXXXXX") # sources that change from here on are built next time
  echo "ws: building (the first time takes a minute or so)" >&2
  cd "$root"
  set +e
  MAVEN_OPTS="${MAVEN_OPTS:--XX:TieredStopAtLevel=1 -XX:+UseSerialGC}" \
    mvn -B -ntp -Dfast -Dmaven.test.skip -Dstyle.color=never -pl "$main" -am package 2>&1 | tee "$log" |
    while IFS= read -r line; do
      if [[ $line =~ ^\[INFO\]\ Building\ (.*)\ [^\ ]+\ +\[([0-9]+)/([0-9]+)\]$ ]]; then
        printf 'ws: [%s/%s] %s\n' "${BASH_REMATCH[2]}" "${BASH_REMATCH[3]}" "${BASH_REMATCH[1]}" >&2
      fi
    done
  status=${PIPESTATUS[0]}
  set -e
  cd - >/dev/null
  if ((status != 0)); then
    rm -f "$started"
    sed -n -e '/^\[ERROR\] To see the full stack/,$d' -e 's/ -> \[Help 1\]$//' -e 's/^\[ERROR\] \(..*\)/\1/p' "$log" |
      tail -n 20 >&2
    printf 'ws: the build has failed; all of it is in %s\n' "$log" >&2
    exit 1
  fi
  mv "$started" "$stamp"
  printf 'ws: built in %d s\n' "$((SECONDS - begin))" >&2
}

# The JVM reads arguments in the locale's encoding: one that is not UTF-8 would garble URIs and headers.
if [ "$(locale charmap 2>/dev/null)" != UTF-8 ]; then
  export LC_ALL=C.UTF-8
fi

check_java
if is_stale; then
  mkdir -p "$root/$main/target"
  exec 9>"$root/$main/target/lock" # another terminal may be building: wait for it
  if ! command -v flock >/dev/null || flock -n 9; then
    build
  else
    echo "ws: waiting for the build in another terminal" >&2
    flock 9
    ! is_stale || build
  fi
  exec 9>&-
fi
if [ -e "$linux" ]; then # absent if Maven runs on an older Java
  modules=$modules:$linux
  flags+=(--add-modules dev.tenon.ws.transport.linux --enable-native-access=dev.tenon.ws.transport.linux)
fi
# shellcheck disable=SC2086 # JAVA_OPTS is a list of options
exec "$java" ${JAVA_OPTS:-} -p "$modules" ${flags[@]+"${flags[@]}"} -m dev.tenon.ws.cli/dev.tenon.ws.cli.Main "$@"
