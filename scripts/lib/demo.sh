# The steps of scripts/demo: sourced, never run. Uses run, fail and JAVA_HOME of common.sh.
# shellcheck shell=bash

model=all-minilm-l6-v2

say() {
  printf '\n== %s\n' "$*"
}

# A short path: the name of a Unix socket may have 107 bytes.
prepare_scratch() {
  scratch=$(mktemp -d /tmp/cloister-XXXXXX)
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
  local role
  mkdir -p "$keys" "$media"
  for role in root targets snapshot timestamp; do
    run "$vendor" key generate "$keys/$role.pem"
  done
  run "$vendor" init "$repo" --root "$keys/root.pem" --targets "$keys/targets.pem" \
    --snapshot "$keys/snapshot.pem" --timestamp "$keys/timestamp.pem"
}

sign_and_publish() {
  run "$vendor" sign "$repo" --key "$keys/targets.pem" --key "$keys/snapshot.pem" \
    --key "$keys/timestamp.pem"
  run "$vendor" publish "$repo" "$1" --bootstrap "$PWD/bundle/target/bootstrap-linux-x64.tar.gz"
}

publish_first() {
  run "$vendor" add "$repo" "$release" --kind runtime --name linux-x64 --version "$version"
  run "$vendor" add "$repo" "bundle/target/models/$model-1.0.0" \
    --kind model --name "$model" --version 1.0.0
  sign_and_publish "$media/v1"
  trusted_root=sha256:$(sha256sum "$media/v1/metadata/1.root.json" | cut -d' ' -f1)
}

publish_second() {
  run "$vendor" add "$repo" "bundle/target/models/$model-1.1.0" \
    --kind model --name "$model" --version 1.1.0
  sign_and_publish "$media/v2"
}

unpack_bootstrap() {
  run tar -xzf "$media/v1/bootstrap-linux-x64.tar.gz" -C "$scratch"
}

# operator COMMAND ... : cloister, without a network except where it starts the service.
operator() {
  case $1 in
    start | status) run "$scratch/cloister/bin/cloister" --root "$root" "$@" ;;
    *) run "${offline[@]}" "$scratch/cloister/bin/cloister" --root "$root" "$@" ;;
  esac
}
