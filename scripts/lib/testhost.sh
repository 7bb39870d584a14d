# A host of scripts/testhost: its tree, its monitor, its processes. Sourced, never run. Uses common.sh.
# shellcheck shell=bash

# What a customer has: Debian 12, unless the release asks for a newer glibc than that, which comes of the
# C++ library of the machine that built it; then this machine's own.
find_suite() {
  local glibc
  glibc=$(sed -n 's/^glibc=2\.//p' bundle/target/release/RELEASE 2>/dev/null || true)
  # shellcheck disable=SC1091
  . /etc/os-release
  if [ "$ID" = debian ] && [ "${glibc:-36}" -le 36 ]; then
    echo bookworm
  else
    echo "${VERSION_CODENAME:-sid}"
  fi
}

packages=systemd,systemd-sysv,dbus,libpam-systemd,udev,iproute2,procps,openssl,init,passwd
suite=$(find_suite)
tree=$PWD/bundle/target/testhost/$suite
# The path inside, whatever this machine's is.
inside_path=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin

up_seconds=90

need_root() {
  [ "$(id -u)" = 0 ] || fail_status=4 fail TESTHOST-ROOT "a test host needs root" user "$(id -un)" \
    why "it mounts file systems and starts a systemd" state "nothing was changed" next "run it as root"
}

# unfit FOUND: a test that wants a host is left out here; with any other status than this one it fails.
unfit() {
  fail_status=4 fail TESTHOST-UNFIT "this machine can have no test host" found "$1" \
    why "a host is made of Debian's packages, mounts, namespaces and control groups" \
    state "there is no host" next "see the lines above; elsewhere try: scripts/testhost up"
}

need_tools() {
  need_root
  command -v systemd-nspawn >/dev/null && command -v mmdebstrap >/dev/null && command -v strace >/dev/null \
    || (install_packages "a test host is made of them" systemd-container mmdebstrap e2fsprogs iproute2 perl-base strace) \
    || unfit "packages that cannot be installed"
  ip netns add "testhost-probe-$$" && ip netns del "testhost-probe-$$" && unshare -m --propagation private sh -ec '
    mount -t tmpfs tmpfs /run
    mkdir /run/a /run/b /run/c
    mount -t overlay overlay -o lowerdir=/run/a:/run/b /run/c
    mount -t cgroup2 cgroup2 /run/a
    losetup -f >/dev/null' || unfit "a mount or a namespace that is not allowed"
}

# Prints the archive that apt here uses.
debian_archive() {
  # shellcheck disable=SC2016
  apt-get indextargets --format '$(ORIGIN)|$(REPO_URI)' 'Created-By: Packages' \
    | awk -F'|' '$1 == "Debian" || $1 == "Ubuntu" { print $2; exit }'
}

# systemd and little else, built once.
build_tree() (
  [ ! -e "$tree.complete" ] || return 0
  scratch=$(mktemp -d)
  trap 'rm -rf "$scratch"' EXIT
  echo "building a tree of $suite, once"
  mmdebstrap --mode=root --variant=minbase --aptopt='Acquire::Check-Valid-Until "false"' \
    --include="$packages" "$suite" "$scratch/tree.tar" "$(debian_archive)" >"$scratch/log" 2>&1 \
    || { tail -n 20 "$scratch/log" >&2; unfit "an archive of packages from which $suite cannot be made"; }
  rm -rf "$tree"
  mkdir -p "$tree"
  tar -C "$tree" --numeric-owner --xattrs --xattrs-include='*' -xf "$scratch/tree.tar"
  rm -rf "$tree/etc/hostname" "$tree/etc/resolv.conf"
  : >"$tree/etc/machine-id"
  mkdir -p "$tree/media/usb"
  touch "$tree.complete"
)

make_disk() {
  truncate -s "$1" "$home/disk.img"
  mkfs.ext4 -q -F -E nodiscard "$home/disk.img"
}

# Runs for as long as the host does, in mount and network namespaces of its own: they go with it.
monitor() {
  local mounted=$home/disk root=$home/root group
  mkdir -p "$mounted" "$root" "$home/media"
  mount --bind "$home/media" "$home/media"
  mount --make-shared "$home/media"
  mkdir -p "$home/media/usb"
  # A /run of its own keeps its bookkeeping off this machine; a pure cgroup v2 tree, whatever ours is.
  mount -t tmpfs -o mode=755 tmpfs /run
  umount -R /sys/fs/cgroup 2>/dev/null || true
  mount -t cgroup2 cgroup2 /sys/fs/cgroup
  while true; do
    e2fsck -p "$home/disk.img" >"$home/fsck.log" 2>&1 || [ $? -lt 4 ] || break
    mount -o loop,noatime "$home/disk.img" "$mounted"
    mkdir -p "$mounted/upper" "$mounted/work"
    mount -t overlay overlay -o "lowerdir=$tree,upperdir=$mounted/upper,workdir=$mounted/work" "$root"
    echo testhost >"$root/etc/hostname"
    group=/sys/fs/cgroup/testhost-$name/$(date +%s%N)
    mkdir -p "$group"
    local status=0 traced=()
    # -D: what is traced stays the child of this monitor.
    [ ! -e "$home/traced" ] || traced=(strace -D -f --seccomp-bpf -Y -qq -s 200 -A
      -e trace=socket,connect,bind,sendto,sendmsg -e signal=none -o "$home/trace")
    (
      echo "$BASHPID" >"$group/cgroup.procs"
      echo "$BASHPID" >"$home/nspawn"
      exec "${traced[@]}" systemd-nspawn --quiet --settings=no -D "$root" --boot --machine="testhost-$name" \
        --keep-unit --register=no --link-journal=no --resolv-conf=off --timezone=off \
        --console=read-only --bind="$home/media:/media:rbind" \
        --capability=CAP_NET_ADMIN,CAP_BPF,CAP_PERFMON --system-call-filter="bpf @keyring"
    ) </dev/null >>"$home/console" 2>&1 || status=$?
    rm -f "$home/nspawn"
    echo 1 >"$group/cgroup.kill"
    for each in "$root" "$mounted"; do
      until umount "$each" 2>/dev/null || ! mountpoint -q "$each"; do sleep 0.05; done
    done
    find "/sys/fs/cgroup/testhost-$name" -depth -type d -exec rmdir {} + 2>/dev/null || true
    [ "$status" = 133 ] || break # 133: it asked for a reboot
  done
  rm -f "$home/monitor"
}

start_monitor() {
  ip netns pids "testhost-$name" >/dev/null 2>&1 || ip netns add "testhost-$name"
  ip -n "testhost-$name" link set lo up
  setsid nsenter --net="/run/netns/testhost-$name" unshare -m --propagation slave \
    "$script" -n "$name" monitor </dev/null >>"$home/monitor.log" 2>&1 &
  echo $! >"$home/monitor"
}

# The process, on this machine, that is the host's first.
leader() {
  local child
  for child in $(ps -o pid= --ppid "$(cat "$home/nspawn" 2>/dev/null || echo 0)"); do
    awk '/^NSpid:/ { exit !(NF == 3 && $3 == 1) }' "/proc/$child/status" && echo "$child" && return
  done
  return 1
}

# inside COMMAND ...: past the host's systemd, in its namespaces.
inside() {
  env -i PATH=$inside_path HOME=/root LANG=C.UTF-8 \
    nsenter -t "$(leader)" -m -u -i -n -p -C -- "$@"
}

# await_up [BOOT-ID]: until it is up, in another boot than that.
await_up() {
  local deadline=$((SECONDS + up_seconds)) answer_seconds=20 state
  while [ $SECONDS -lt $deadline ]; do
    state=$(inside systemctl is-system-running 2>/dev/null || true)
    case $state in
      running | degraded)
        if [ "$(boot_id)" != "${1:-}" ]; then
          touch "$tree.booted"
          return 0
        fi
        ;;
    esac
    sleep 0.1
  done
  tail -n 15 "$home/console" >&2
  # Where none ever came up, it may be the machine's.
  [ -e "$tree.booted" ] || fail_status=4
  fail TESTHOST-BOOT "the test host is not up" waited "$up_seconds s" why "see its console above" \
    state "it is left as it is" next "scripts/testhost -n $name down"
}

boot_id() {
  inside cat /run/testhost-boot 2>/dev/null \
    || inside sh -c 'cat /proc/sys/kernel/random/uuid | tee /run/testhost-boot'
}

await_end() {
  local deadline=$((SECONDS + 60))
  while [ -e "$home/monitor" ] && [ -d "/proc/$(cat "$home/monitor")" ]; do
    [ $SECONDS -lt $deadline ] || return 1
    sleep 0.05
  done
}

# The disk stops here and now: what was not forced to it is lost (EXT4_IOC_SHUTDOWN, without the log).
stop_disk() {
  nsenter -t "$(cat "$home/monitor")" -m perl -e 'open(F, "<", $ARGV[0]) or die $!;
    my $how = pack("L", 2); ioctl(F, 0x8004587D, $how) or die $!' "$home/disk"
}
