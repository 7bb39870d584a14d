# Shared by the scripts: sourced, never run. Ends in the root of the source tree.
# shellcheck shell=bash
set -euo pipefail
script=$(readlink -f "$0")
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

# The comment at the head of the script is its usage.
usage() {
  sed -n '2,/^$/s/^# \{0,1\}//p' "$script"
}

# fail CODE SUMMARY LABEL VALUE ... : the printed form of a problem; labels as in errors.md.
fail() {
  printf 'error: %s  [%s]\n' "$2" "$1" >&2
  shift 2
  while [ $# -gt 1 ]; do
    printf '  %-9s %s\n' "$1" "$2" >&2
    shift 2
  done
  exit 1
}

# install_packages WHY PACKAGE ... : by apt-get, when this user may.
install_packages() {
  local why=$1 sudo=()
  shift
  if [ "$(id -u)" != 0 ]; then
    if ! sudo -n true 2>/dev/null; then
      fail SETUP-PACKAGE "a tool is missing: $why" missing "$*" \
        why "this user may not install packages (not root, no sudo without a password)" \
        state "nothing was changed" next "as root: apt-get install $*; then run this again"
    fi
    sudo=(sudo -n)
  fi
  echo "\$ apt-get install $*"
  "${sudo[@]}" apt-get -qq update
  "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get -qq install --no-install-recommends "$@" >/dev/null
}

# try_packages WITHOUT PACKAGE ... : likewise, but goes on without them, and says so.
try_packages() {
  local without=$1
  shift
  if command -v apt-get >/dev/null && { [ "$(id -u)" = 0 ] || sudo -n true 2>/dev/null; } \
    && (install_packages "$without" "$@"); then
    return
  fi
  echo "not installed: $*; $without"
}

jdk_candidates() {
  [ -z "${JAVA_HOME:-}" ] || echo "$JAVA_HOME"
  printf '%s\n' /usr/lib/jvm/*
  if command -v javac >/dev/null; then
    dirname "$(dirname "$(readlink -f "$(command -v javac)")")"
  fi
}

# Prints the folder of a JDK 25; another java on the PATH does not matter.
find_jdk() {
  local candidate
  while read -r candidate; do
    if [ -x "$candidate/bin/javac" ] && [ -x "$candidate/bin/jlink" ] \
      && grep -qs '^JAVA_VERSION="25[."]' "$candidate/release"; then
      readlink -f "$candidate"
      return 0
    fi
  done < <(jdk_candidates)
  return 1
}

# Whether this distribution has a JDK 25 in its packages: Debian from 13 on.
distribution_has_jdk() {
  local release
  release=$(sed -n 's/^VERSION_ID="\{0,1\}\([0-9]*\).*/\1/p' /etc/os-release)
  grep -qs '^ID=debian' /etc/os-release && [ "${release:-0}" -ge 13 ]
}

# Sets JAVA_HOME, and gets what a build needs where that is possible.
prepare_build() {
  local missing=()
  command -v mvn >/dev/null || missing+=(maven)
  command -v curl >/dev/null || missing+=(curl ca-certificates)
  if ! find_jdk >/dev/null && distribution_has_jdk; then
    missing+=(openjdk-25-jdk-headless)
  fi
  [ ${#missing[@]} = 0 ] || install_packages "what a build needs" "${missing[@]}"
  if ! JAVA_HOME=$(find_jdk); then
    fail SETUP-JDK "no JDK 25 on this machine" \
      searched "JAVA_HOME, /usr/lib/jvm/*, PATH" \
      found "$(java -version 2>&1 | head -n 1 || true)" \
      why "Cloister is written in Java 25, and this distribution's packages do not have it" \
      state "nothing was built" \
      next "unpack Eclipse Temurin 25 (https://adoptium.net) under /usr/lib/jvm, then run this again"
  fi
  export JAVA_HOME
}

# Maven's own libraries use sun.misc.Unsafe, and JDK 25 says so at length without the option.
maven() {
  MAVEN_OPTS="--sun-misc-unsafe-memory-access=allow ${MAVEN_OPTS:-}" mvn -B -ntp "$@"
}

# One digest over everything a build reads.
sources_digest() {
  find pom.xml .mvn ./*/pom.xml ./*/src -type f -print0 | LC_ALL=C sort -z \
    | xargs -0 sha256sum | sha256sum | cut -d' ' -f1
}

# Builds what is shipped, without tests, unless it was built from these very sources.
build_if_changed() {
  local stamp=bundle/target/built-from digest
  digest=$(sources_digest)
  if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$digest" ]; then
    return
  fi
  prepare_build
  echo '$ mvn package -DskipTests'
  echo "(the first time this downloads some 400 MB and takes a few minutes)"
  maven -q package -DskipTests
  echo "$digest" >"$stamp"
}

# run COMMAND ... : shows the command as one would type it, then runs it.
run() {
  local word line='$'
  for word; do
    case $word in
      *[!A-Za-z0-9_./:=@%+,-]* | "") line="$line '$word'" ;;
      *) line="$line $word" ;;
    esac
  done
  printf '\n%s\n' "$line"
  "$@"
}
