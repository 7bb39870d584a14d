# The steps of scripts/demo: sourced, never run. Uses run, fail and JAVA_HOME of common.sh.
# shellcheck shell=bash

model=all-minilm-l6-v2

say() {
  printf '\n== %s\n' "$*"
}

# A short path: the name of a Unix socket may have 107 bytes.
prepare_scratch() {
  scratch=$(mktemp -d "${TMPDIR:-/tmp}/cloister-XXXXXX")
  media=$scratch/media
  keys=$scratch/keys
  repo=$scratch/repo
  root=$scratch/root
  vendor=$PWD/bundle/target/vendor/bin/cloister-repo
  release=$PWD/bundle/target/release
  version=$(sed -n 's/^version=//p' "$release/RELEASE")
  trap clean_up EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
  find_network_lock
}

clean_up() {
  local status=$?
  trap - EXIT INT TERM
  if [ -z "${keep:-}" ] || [ $status != 0 ]; then
    [ ! -x "$scratch/cloister/bin/cloister" ] \
      || "$scratch/cloister/bin/cloister" --root "$root" stop >/dev/null 2>&1 || true
    chmod -R u+w "$scratch" 2>/dev/null || true
    rm -rf "$scratch"
  fi
  exit $status
}

# Sets offline: the words in front of a command that shall have no network.
find_network_lock() {
  if [ "$(id -u)" = 0 ] && unshare -n true 2>/dev/null; then
    offline=(unshare -n)
  elif unshare -cn true 2>/dev/null; then
    offline=(unshare -cn)
  else
    offline=()
  fi
  if [ ${#offline[@]} = 0 ]; then
    network_words="(This machine does not let the user take the network away: it stays on.)"
  else
    network_words="(${offline[*]} takes the network away.)"
  fi
}

make_keys() {
  mkdir -p "$keys" "$media"
  run "$vendor" key generate "$keys/root.pem" "$keys/targets.pem" "$keys/snapshot.pem" \
    "$keys/timestamp.pem"
  run "$vendor" key bootstrap "$keys/p384.pem" --vendor "Demo Vendor"
  run "$vendor" init "$repo" --root "$keys/root.pem" --targets "$keys/targets.pem" \
    --snapshot "$keys/snapshot.pem" --timestamp "$keys/timestamp.pem"
}

sign_and_publish() {
  run "$vendor" sign "$repo" --key "$keys/targets.pem" --key "$keys/snapshot.pem" \
    --key "$keys/timestamp.pem"
  run "$vendor" publish "$repo" "$1" --bootstrap "$PWD/bundle/target/bootstrap-linux-x64.tar.gz" \
    --bootstrap-key "$keys/p384.pem"
}

add_runtime() {
  run "$vendor" add "$repo" "$release" --kind runtime --name linux-x64 --version "$version"
}

publish_model() {
  run "$vendor" add "$repo" "bundle/target/models/$model-$1" --kind model --name "$model" --version "$1"
  sign_and_publish "$2"
}

publish_first() {
  add_runtime
  publish_model 1.0.0 "$media/v1"
  trusted_root=$(root_digest "$media/v1")
}

root_digest() {
  echo "sha256:$(sha256sum "$1/metadata/1.root.json" | cut -d' ' -f1)"
}

publish_second() {
  publish_model 1.1.0 "$media/v2"
}

# As on a machine that has nothing yet; then by hand what setup.sh does, to be able to look first.
unpack_bootstrap() {
  local check=$scratch/check archive=bootstrap-linux-x64.tar.gz
  mkdir "$check"
  run cp "$media/v1/$archive" "$media"/v1/SHA256SUMS* "$check"
  if command -v openssl >/dev/null; then
    run sh -c "cd $check && openssl x509 -in $media/v1/vendor.p384.pem -fingerprint -sha256 -out p384.pem && head -n 1 p384.pem"
    run sh -c "cd $check && openssl cms -verify -nointern -noverify -certfile p384.pem -binary -inform DER -in SHA256SUMS.p384.p7s -content SHA256SUMS -out /dev/null"
  fi
  run sh -c "cd $check && grep $archive\$ SHA256SUMS | sha256sum --check"
  run tar -xzf "$check/$archive" -C "$scratch"
}

# operator COMMAND ... : cloister, without a network except where the service must be reached.
operator() {
  case $1 in
    start | stop | status) run "$scratch/cloister/bin/cloister" "$@" --root "$root" ;;
    *) run "${offline[@]}" "$scratch/cloister/bin/cloister" "$@" --root "$root" ;;
  esac
}

# Sets inference_port and console_port: the usual ones, or others where those are taken.
choose_ports() {
  local step
  for step in 0 10000 20000 30000 40000; do
    inference_port=$((8443 + step))
    console_port=$((9443 + step))
    if port_free $inference_port && port_free $console_port; then
      listeners=(--inference "127.0.0.1:$inference_port" --console "127.0.0.1:$console_port")
      return
    fi
  done
  fail SETUP-PORT "no port is free for the demo" tried "8443, 9443, and 10000 to 40000 above" \
    why "the demo shows a service that answers" state "nothing was installed" \
    next "stop what listens there, then run this again"
}

port_free() {
  ! (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null
}

# ask VERSION : three sentences to the service, and how alike they are. VERSION must answer.
ask() {
  local certificate=$root/var/lib/cloister/appliance/tls/cert.pem answer=$scratch/answer.json
  local url=https://localhost:$inference_port/v2/models/$model/infer
  # What an application would send; the shell shows it, with the token as a file.
  cat >"$scratch/question.json" <<JSON
{"inputs": [{"name": "text", "datatype": "BYTES", "shape": [3], "data": [
  "The cat sleeps on the sofa.",
  "A kitten is napping on the couch.",
  "The quarterly report is due on Friday."]}]}
JSON
  printf 'Authorization: Bearer %s\n' "$(cat "$scratch/token")" >"$scratch/header"
  run curl --silent --show-error --fail-with-body --cacert "$certificate" \
    --header "@$scratch/header" --header 'Content-Type: application/json' \
    --data "@$scratch/question.json" --output "$answer" "$url"
  grep -q "\"model_version\" *: *\"$1\"" "$answer" \
    || fail DEMO-VERSION "another model version answered" expected "$1" \
      found "$(head -c 200 "$answer")" why "the demo plays an update and the way back" \
      state "the appliance still runs" next "read $root/var/log/cloister/appliance.log"
  echo "answered by $model $1; cosine of each pair:"
  similarities <"$answer"
}

# The outputs named embedding, 3 rows of 384, of an answer in JSON; vectors have length 1.
similarities() {
  tr -d ' \n' | tr '{' '\n' | grep '"name":"embedding"' | sed 's/.*"data":\[//; s/\].*//' \
    | awk -F, '
      function cosine(a, b,   i, sum) {
        for (i = 1; i <= 384; i++) sum += $(a * 384 + i) * $(b * 384 + i)
        return sum
      }
      { printf "  cat, kitten  %.2f\n  cat, report  %.2f\n  kitten, report  %.2f\n",
          cosine(0, 1), cosine(0, 2), cosine(1, 2) }'
}

finish() {
  local stop="$scratch/cloister/bin/cloister stop --root $root"
  echo "  console  https://localhost:$console_port/  (token: $(cat "$scratch/token"))"
  echo "  stop     $stop"
  if [ -n "$keep" ]; then
    echo "  delete   chmod -R u+w $scratch; rm -rf $scratch"
  else
    echo "  Now it is stopped, and deleted: scripts/demo --keep leaves it running."
  fi
}
