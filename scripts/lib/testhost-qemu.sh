# The test host as a whole machine in software emulation, with a kernel of Debian's: for what a container
# cannot show, such as control groups with their controllers and a TPM. Sourced after testhost.sh, of
# which it takes the place in part. Uses common.sh.
# shellcheck shell=bash

tree=$PWD/bundle/target/testhost/machine-$suite
packages=$packages,linux-image-cloud-amd64,curl,libtss2-esys-3.0.2-0,libtss2-rc0,libtss2-tcti-device0
up_seconds=1200
answer_seconds=3600
port=/dev/virtio-ports/testhost
# systemd seals with a TPM only where the firmware used it.
firmware=/usr/share/OVMF/OVMF_CODE_4M.fd

need_tools() {
  need_root
  command -v qemu-system-x86_64 >/dev/null && command -v mmdebstrap >/dev/null && command -v swtpm >/dev/null \
    && [ -e "$firmware" ] \
    || (install_packages "a test host is made of them" qemu-system-x86 ovmf mmdebstrap swtpm e2fsprogs) \
    || unfit "packages that cannot be installed"
}

# Inside, it takes "testhost ID COMMAND-BYTES INPUT-BYTES" and the bytes, and answers "ID STATUS BYTES" and the output.
agent() {
  cat <<'AGENT'
#!/bin/bash
cd /root
exec 3<>"$1"
while read -r mark id command input <&3; do
  [ "$mark" = testhost ] || continue
  head -c "$command" <&3 >/run/testhost-command
  head -c "$input" <&3 >/run/testhost-input
  env -i HOME=/root LANG=C.UTF-8 PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    bash /run/testhost-command </run/testhost-input >/run/testhost-output 2>&1 3>&-
  echo "$id $? $(stat -c %s /run/testhost-output)" >&3
  cat /run/testhost-output >&3
done
AGENT
}

make_disk() {
  agent >"$tree/usr/local/sbin/testhost-agent"
  chmod 755 "$tree/usr/local/sbin/testhost-agent"
  printf '%s\n' '[Unit]' 'DefaultDependencies=no' 'After=local-fs.target systemd-tmpfiles-setup.service' \
    '[Service]' "ExecStart=/usr/local/sbin/testhost-agent $port" Restart=always RestartSec=1 KillMode=process \
    OOMScoreAdjust=-1000 '[Install]' WantedBy=basic.target >"$tree/etc/systemd/system/testhost-agent.service"
  mkdir -p "$tree/etc/systemd/system/basic.target.wants"
  ln -sf ../testhost-agent.service "$tree/etc/systemd/system/basic.target.wants/"
  echo virtio_console >"$tree/etc/modules-load.d/testhost.conf"
  echo testhost >"$tree/etc/hostname"
  mke2fs -q -t ext4 -d "$tree" "$home/disk.img" "$1"
  truncate -s 2G "$home/media.img"
  mkdir -p "$home/tpm"
  cp "${firmware/CODE/VARS}" "$home/variables"
}

# One thread emulates both processors: with a thread each, code that Java patches while the other runs it
# ends in an illegal instruction.
# The disk is one of NVMe, since this kernel has that driver within; what was inserted is another.
start_monitor() {
  rm -f "$home"/agent.{in,out}
  mkfifo -m 600 "$home"/agent.{in,out}
  swtpm socket --tpm2 --tpmstate "dir=$home/tpm" --ctrl "type=unixio,path=$home/tpm.socket" \
    --terminate --daemon
  setsid qemu-system-x86_64 -name "$name" -accel "${TESTHOST_ACCEL:-tcg,thread=single,tb-size=512}" \
    -machine q35 -cpu max -smp 2 -m 4096 -nic none -nodefaults -no-user-config -display none \
    -kernel "$(echo "$tree"/boot/vmlinuz-*)" \
    -append "root=/dev/nvme0n1 rw console=ttyS0 mitigations=off random.trust_cpu=on net.ifnames=0 panic=-1 systemd.mask=serial-getty@ttyS0.service" \
    -drive "if=pflash,format=raw,readonly=on,file=$firmware" \
    -drive "if=pflash,format=raw,file=$home/variables" \
    -drive "if=none,id=disk,format=raw,file=$home/disk.img" -device nvme,serial=disk,drive=disk \
    -drive "if=none,id=media,format=raw,readonly=on,file=$home/media.img" \
    -device nvme,serial=media,drive=media -device virtio-rng-pci -device virtio-serial-pci \
    -chardev "pipe,id=agent,path=$home/agent" -device virtserialport,chardev=agent,name=testhost \
    -chardev "socket,id=tpm,path=$home/tpm.socket" -tpmdev emulator,id=tpm,chardev=tpm -device tpm-tis,tpmdev=tpm \
    -serial "file:$home/console" </dev/null >>"$home/monitor.log" 2>&1 &
  echo $! >"$home/monitor"
}

leader() {
  [ ! -e "$home/monitor" ] || [ ! -d "/proc/$(cat "$home/monitor")" ] || cat "$home/monitor"
}

# inside COMMAND ...: past the host's systemd; one at a time. Both outputs come as one.
inside() {
  local id=$BASHPID.$RANDOM input found status=125 bytes=0
  input=$(mktemp -p "$home")
  cat >"$input"
  [ -n "$(leader)" ] || return 125
  {
    flock 5
    # What an earlier boot did not read to its end ends here.
    printf '\ntesthost %s %d %d\n%s' "$id" "$(printf '%q ' "$@" | wc -c)" "$(stat -c %s "$input")" "$(printf '%q ' "$@")" >&3
    cat "$input" >&3
    rm "$input"
    # What was left to an asker who is gone is passed over.
    while read -r -t "$answer_seconds" found status bytes <&4; do
      [ "$found" != "$id" ] || break
      head -c "$bytes" <&4 >/dev/null
    done
    [ -n "$bytes" ] || echo "no answer within $answer_seconds seconds" >&2
    head -c "${bytes:-0}" <&4
  } 3<>"$home/agent.in" 4<>"$home/agent.out" 5>"$home/agent.lock"
  return "${status:-125}"
}

media() {
  mke2fs -q -F -t ext4 -d "$1" "$home/media.img"
  exec_inside mount -o ro,noload,nosuid,nodev,noexec /dev/nvme1n1 /media/usb
}

eject() {
  exec_inside umount /media/usb
}

powercut() {
  kill -9 "$(leader)"
  await_end
}

down() {
  [ -e "$home" ] || return 0
  [ -z "$(leader)" ] || powercut
  rm -rf "$home"
}
