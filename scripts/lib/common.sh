# Shared by the scripts: sourced, never run. Ends in the root of the source tree.
# shellcheck shell=bash
set -euo pipefail
script=$(readlink -f "$0")
CDPATH='' cd "$(dirname "${BASH_SOURCE[0]}")/../.."

# The comment at the head of the script is its usage.
usage() {
  sed -n '2,/^$/s/^# \{0,1\}//p' "$script"
}

# For a script that takes no arguments.
no_arguments() {
  case ${1:-} in
    "") ;;
    -h | --help) usage; exit 0 ;;
    *) usage; exit 2 ;;
  esac
}

# fail CODE SUMMARY LABEL VALUE ... : the printed form of a problem; labels as in errors.md.
fail() {
  printf 'error: %s  [%s]\n' "$2" "$1" >&2
  shift 2
  while [ $# -gt 1 ]; do
    printf '  %-9s %s\n' "$1" "$2" >&2
    shift 2
  done
  exit "${fail_status:-1}"
}

# left_out WORDS: says aloud what is not tested here; for all scripts of one run, in a file, too.
left_out() {
  echo "LEFT OUT: $*"
  [ -z "${CLOISTER_LEFT_OUT:-}" ] || echo "LEFT OUT: $*" >>"$CLOISTER_LEFT_OUT"
}

may_install() {
  [ "$(id -u)" = 0 ] || sudo -n true 2>/dev/null
}

apt_get() {
  local sudo=()
  [ "$(id -u)" = 0 ] || sudo=(sudo -n)
  "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq "$@" >/dev/null
}

# install_packages WHY PACKAGE ... : by apt-get, when this user may.
install_packages() {
  local why=$1
  shift
  if ! may_install; then
    fail SETUP-PACKAGE "a tool is missing: $why" missing "$*" \
      why "this user may not install packages (not root, no sudo without a password)" \
      state "nothing was changed" next "as root: apt-get install $*; then run this again"
  fi
  echo "\$ apt-get install $*"
  apt_get update
  apt_get install --no-install-recommends "$@"
}

# try_packages WITHOUT PACKAGE ... : likewise, but goes on without them, and says so.
try_packages() {
  local without=$1
  shift
  if command -v apt-get >/dev/null && may_install && (install_packages "$without" "$@"); then
    return
  fi
  left_out "$without; not installed: $*"
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

# Whether this distribution has a JDK 25 among its packages; the lists of a new machine are empty.
distribution_has_jdk() {
  command -v apt-cache >/dev/null || return 1
  ! may_install || apt_get update || true
  LC_ALL=C apt-cache policy openjdk-25-jdk-headless | grep -q 'Candidate: [0-9]'
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

# Likewise, with tests: says which of them were skipped, and why.
maven_tests() {
  local status=0 begun line
  begun=$(date +%s)
  maven "$@" || status=$?
  while read -r line; do left_out "$line"; done < <(
    find . -path '*/target/*-reports/TEST-*.xml' -newermt "@$begun" -exec awk '
      /<testcase / && match($0, /classname="[^"]*"/) { class = substr($0, RSTART + 11, RLENGTH - 12) }
      /<skipped/ {
        why = ""
        while ($0 !~ /^(Expecting|\tat )/) {
          why = why " " $0
          if ($0 ~ /<\/skipped>|\/>/ || getline <= 0) break
        }
        gsub(/<[^>[]*>?|\[CDATA\[|org\.opentest4j\.TestAbortedException: *|\]\]>|&#10;/, " ", why)
        gsub(/ +/, " ", why)
        print class ":" substr(why, 1, 300)
      }' {} + | LC_ALL=C sort -u
  )
  return "$status"
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
