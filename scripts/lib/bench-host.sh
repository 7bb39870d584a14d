# What an operator of a host with systemd waits for: sourced, never run. Uses bench.sh and testhost.
# shellcheck shell=bash

# Runs inside, as root; each measurement is a line: its name, and milliseconds or MB.
read -r -d '' on_the_host <<'INSIDE' || true
set -eu
note() {
  local name=$1 start
  shift
  start=$(date +%s%N)
  "$@" >/root/said 2>&1 || { cat /root/said >&2; exit 1; }
  echo "$name=$((($(date +%s%N) - start) / 1000000))"
}
idle() {
  until compgen -G '/opt/cloister/current/aot/operator-*.aot' >/dev/null \
    && [ "$(systemctl is-active 'cloister-train@*')" != active ]; do sleep 0.5; done
  sleep 5
}
runs=$1 root=$2
for ((i = 0; i < runs; i++)); do
  [ ! -e /usr/local/bin/cloister ] || cloister uninstall --yes >/dev/null
  sync
  note "install of the demo medium" sh /media/usb/setup.sh /media/usb --trusted-root "$root" \
    --token-file "/root/token.$i"
done
idle
for ((i = 0; i < runs; i++)); do
  note "cloister --help" cloister --help
  note "cloister status" cloister status
done
for ((i = 0; i < runs; i++)); do
  cloister stop >/dev/null
  sleep 2
  note "cloister start" cloister start
  systemctl show --property=InactiveExitTimestampMonotonic,ActiveEnterTimestampMonotonic 'cloister@*.service' \
    | awk -F= '/^I/ { from = $2 } /^A/ { to = $2 } END { printf "service, start to ready=%d\n", (to - from) / 1000 }'
done
idle
unit=$(systemctl show --property=ControlGroup --value 'cloister@*.service')
find "/sys/fs/cgroup$unit" -name cgroup.procs -exec cat {} + \
  | while read -r process; do cat "/proc/$process/smaps_rollup"; done \
  | awk '/^Pss:/ { sum += $2 } END { printf "memory of server and worker, MB=%d\n", sum / 1024 }'
INSIDE

host() {
  scripts/testhost -n bench "$@"
}

# Answers one after the other, over one connection, until it is killed: seconds and status.
call() {
  for ((i = 0; i < 20000; i++)); do
    printf 'url = https://127.0.0.1:8443/v2/models/%s/infer\noutput = /dev/null\n' "$model"
  done >"$scratch/calls"
  exec scripts/testhost -n bench net curl -sk -K "$scratch/calls" --header "Authorization: Bearer $1" \
    --data '{"inputs":[{"name":"text","datatype":"BYTES","shape":[1],"data":["A cat on a sofa."]}]}' \
    --write-out '%{time_total} %{http_code}\n'
}

# longest NAME: of the answers since the last time, but for the first and last line, which may be parts.
longest() {
  sed '1d;$d' "$scratch/answers" | awk '$2 != 200 { bad = 1 } $1 > most { most = $1 }
    END { if (bad || !NR) exit 1; printf "%d\n", most * 1000 }' >>"$scratch/$1.ms" \
    || fail BENCH-ANSWER "a request failed" why "$1" \
    state "the host is taken down" next "see scripts/journeys H02Updates"
  : >"$scratch/answers"
}

bench_host() {
  make_keys >/dev/null
  add_runtime >/dev/null
  sign_and_publish "$media/runtime" >/dev/null
  publish_model 1.0.0 "$media/v1" >/dev/null
  publish_second >/dev/null
  host down >/dev/null 2>&1 || true
  trap 'kill %1 2>/dev/null; host down; clean_up' EXIT
  host up
  host media "$media/v1"
  host exec -i bash -s -- "$runs" "$(root_digest "$media/v1")" <<<"$on_the_host" | while IFS== read -r name value; do
    echo "$value" >>"$scratch/$name.ms"
  done
  call "$(host exec cat "/root/token.$((runs - 1))")" >>"$scratch/answers" &
  sleep 10
  longest "longest answer, at rest"
  host media "$media/v2"
  host exec cloister update /media/usb >/dev/null
  longest "longest answer, new model"
  echo "host: median of $runs"
  local name packed medium
  packed=$(($(du -sb "$media/runtime/blobs" | cut -f1) / 1000000))
  medium=$(($(du -sb "$media/runtime" | cut -f1) / 1000000))
  for name in "install of the demo medium" "cloister --help" "cloister status" "cloister start" \
    "service, start to ready"; do
    row "$name"
  done
  row "longest answer, at rest"
  row "longest answer, new model" "longest answer, at rest"
  printf '  %-28s %7s MB\n' "server and worker, idle" "$(cat "$scratch/memory of server and worker, MB.ms")" \
    "runtime, packed" "$packed" "medium without a model" "$medium"
}
