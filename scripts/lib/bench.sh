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

# processor: milliseconds that the service and its workers have computed so far.
processor() {
  local server process
  server=$(service)
  for process in "$server" $(pgrep -P "$server"); do cat "/proc/$process/stat"; done \
    | sed 's/.*) //' | awk -v hertz="$(getconf CLK_TCK)" '{ sum += $12 + $13 + $14 + $15 }
      END { printf "%d\n", sum * 1000 / hertz }'
}

# service: the process id of the server.
service() {
  pgrep -f -- "-Dcloister.home=$root/.* serve --root $root "
}

restart() {
  "${cloister[@]}" stop
  "${cloister[@]}" start
}

bench_start() {
  local i installed
  vendor_medium
  installed=("$root/opt/cloister/current/bin/cloister" --root "$root")
  "${cloister[@]}" install "$media/v1" --trusted-root "$trusted_root" "${listeners[@]}" >/dev/null
  for ((i = 0; i < runs; i++)); do
    measure "cloister --help" "${installed[@]}" --help
    measure "cloister status" "${installed[@]}" status
    measure "stop, start until ready" restart
    processor >>"$scratch/of it the service computes.ms"
    measure "cloister verify, demo" "${cloister[@]}" verify "$media/v1"
  done
  echo "start: median of $runs"
  row "cloister --help"
  row "cloister status"
  row "stop, start until ready"
  row "of it the service computes"
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

# kilobytes PID: of memory that is the process's own, half of what two share counted in each.
kilobytes() {
  awk '/^Pss:/ { print $2 }' "/proc/$1/smaps_rollup"
}

# after_gc PID: kilobytes of heap in use, and of memory in all, when what can be freed is freed.
after_gc() {
  local jcmd=$root/opt/cloister/current/jre/bin/jcmd
  "$jcmd" "$1" GC.run >/dev/null
  "$jcmd" "$1" GC.run >/dev/null
  printf '%s %s\n' "$("$jcmd" "$1" GC.heap_info | sed -n 's/.* used \([0-9]*\)K.*/\1/p' | head -n 1)" \
    "$(kilobytes "$1")"
}

# repository UNLOADS: unloads the model and loads it again, that often.
repository() {
  local i action
  for ((i = 0; i < $1; i++)); do
    for action in unload load; do
      printf 'url = https://127.0.0.1:%s/v2/repository/models/%s/%s\noutput = /dev/null\n' \
        "$inference_port" "$model" "$action"
    done
  done >"$scratch/loads"
  curl -sSk --fail-early --fail -K "$scratch/loads" --header "@$scratch/header" --request POST --data '{}'
}

bench_memory() {
  local server heap all heap_after all_after
  vendor_medium
  "${cloister[@]}" install "$media/v1" --trusted-root "$trusted_root" "${listeners[@]}" \
    --token-file "$scratch/token" >/dev/null
  printf 'Authorization: Bearer %s\n' "$(cat "$scratch/token")" >"$scratch/header"
  server=$(service)
  sleep 8
  echo "memory, MB (PSS)"
  printf '  %-44s %6d\n' "server, idle" $(($(kilobytes "$server") / 1024)) \
    "its worker, idle" $(($(kilobytes "$(pgrep -P "$server")") / 1024))
  # What is made once, by the first rounds, is no drift.
  repository 20
  read -r heap all < <(after_gc "$server")
  repository 100
  read -r heap_after all_after < <(after_gc "$server")
  awk -v all=$((all_after - all)) -v heap=$((heap_after - heap)) 'BEGIN {
    printf "  %-44s %6.1f\n", "drift of the server over 100 unloads and loads", all / 1024
    printf "  %-44s %6.1f\n", "of its heap", heap / 1024 }'
}
