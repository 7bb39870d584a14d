# The measurements of scripts/bench: sourced, never run. Uses demo.sh.
# shellcheck shell=bash

now() {
  date +%s%N
}

# took NAME START: notes the milliseconds since START.
took() {
  echo $((($(now) - $2) / 1000000)) >>"$scratch/$1.ms"
}

# measure NAME COMMAND ...
measure() {
  local name=$1 start
  shift
  start=$(now)
  "$@" >/dev/null 2>&1 || fail BENCH-COMMAND "a measured command failed" command "$*" \
    why "its time would mean nothing" state "nothing is left behind" next "run it by hand"
  took "$name" "$start"
}

# median NAME: milliseconds, of what was noted.
median() {
  sort -n "$scratch/$1.ms" | sed -n "$((($(wc -l <"$scratch/$1.ms") + 1) / 2))p"
}

# row NAME [TO]: a line of the table; the ratio is how many times as long as TO it takes.
row() {
  [ -s "$scratch/$1.ms" ] || return 0
  local ratio=
  [ $# = 1 ] || ratio=$(awk -v a="$(median "$1")" -v b="$(median "$2")" \
    'BEGIN { printf "%6.2f x %s", a / (b > 0 ? b : 1), "'"$2"'" }')
  printf '  %-28s %7s ms  %s\n' "$1" "$(median "$1")" "$ratio"
}

vendor_medium() {
  make_keys >/dev/null
  publish_first >/dev/null
  unpack_bootstrap >/dev/null
  choose_ports
  cloister=("$scratch/cloister/bin/cloister" --root "$root")
}

restart() {
  "${cloister[@]}" stop
  "${cloister[@]}" start
}

bench_start() {
  local i
  vendor_medium
  "${cloister[@]}" install "$media/v1" --trusted-root "$trusted_root" "${listeners[@]}" >/dev/null
  for ((i = 0; i < runs; i++)); do
    measure "cloister --help" "${cloister[@]}" --help
    measure "cloister status" "${cloister[@]}" status
    measure "stop, start until ready" restart
    measure "cloister verify, demo" "${cloister[@]}" verify "$media/v1"
  done
  echo "start: median of $runs"
  row "cloister --help"
  row "cloister status"
  row "stop, start until ready"
  row "cloister verify, demo"
}

# The runtime, and 1 GiB that does not compress.
make_payload() {
  cp -r "$release" "$scratch/release"
  release=$scratch/release
  openssl rand $((1 << 30)) >"$release/payload"
}

have_rauc() {
  command -v rauc >/dev/null && command -v mksquashfs >/dev/null
}

# RAUC's plain format: one signature over the whole bundle, which is hashed to check it.
make_rauc_bundle() {
  have_rauc || try_packages "RAUC is not measured" rauc squashfs-tools
  have_rauc || return 0
  openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj /CN=bench \
    -keyout "$scratch/rauc.key" -out "$scratch/rauc.pem" 2>/dev/null
  mkdir "$scratch/rauc"
  cp "$release/payload" "$scratch/rauc/rootfs.img"
  printf '%s\n' '[update]' compatible=bench version=1 '[bundle]' format=plain \
    '[image.rootfs]' filename=rootfs.img >"$scratch/rauc/manifest.raucm"
  rauc bundle --cert="$scratch/rauc.pem" --key="$scratch/rauc.key" --mksquashfs-args=-noD \
    "$scratch/rauc" "$scratch/bench.raucb" >/dev/null
  rm -r "$scratch/rauc"
}

each_blob() {
  find "$media/v1/blobs" -type f -exec "$@" {} +
}

copy_and_sync() {
  cp -r "$media/v1/blobs" "$scratch/copy"
  sync
}

copy_hash_and_sync() {
  copy_and_sync
  each_blob sha256sum
}

# The medium is cold then, as one that was just put in (as root only), and the disk at rest.
# A virtual machine gives freed memory back to its host within seconds, and gets it again page by
# page, at a tenth of the speed: who writes right after a delete would be spared what others pay.
settle() {
  rm -rf "$scratch/copy"
  sync
  { echo 3 >/proc/sys/vm/drop_caches; } 2>/dev/null || true
  sleep 5
}

# An install; what counts is the time until all is read, proven, written and forced.
stage() {
  local start line
  start=$(now)
  "${cloister[@]}" install "$media/v1" --json --trusted-root "$trusted_root" "${listeners[@]}" \
    | while read -r line; do
      case $line in *'"doing":"train"'*) took "cloister install, staged" "$start" ;; esac
    done
  took "cloister install, serving" "$start"
  "${cloister[@]}" uninstall >/dev/null
}

bench_trust() {
  local i
  make_payload
  vendor_medium
  make_rauc_bundle
  rm -r "$release/payload" "$repo"
  sync
  for ((i = 0; i < runs; i++)); do
    measure "cloister verify" "${cloister[@]}" verify "$media/v1" --trusted-root "$trusted_root"
    measure "openssl dgst -sha256" each_blob openssl dgst -sha256
    measure "sha256sum" each_blob sha256sum
    [ ! -e "$scratch/bench.raucb" ] \
      || measure "rauc info" rauc info --keyring="$scratch/rauc.pem" "$scratch/bench.raucb"
    settle
    stage
    settle
    measure "cp, sync" copy_and_sync
    settle
    measure "cp, sync, sha256sum" copy_hash_and_sync
  done
  echo "trust: 1 GiB of payload and the runtime, median of $runs"
  row "openssl dgst -sha256"
  row "cloister verify" "openssl dgst -sha256"
  row "rauc info" "openssl dgst -sha256"
  row "sha256sum" "openssl dgst -sha256"
  row "cp, sync"
  row "cloister install, staged" "cp, sync"
  row "cp, sync, sha256sum" "cp, sync"
  row "cloister install, serving" "cp, sync"
}
