# python-tuf for the test that has it read our media: sourced, never run. Uses common.sh.
# shellcheck shell=bash

# The packages of Debian 13 hold plain Python, which Debian 12 runs too.
python_tuf_packages=(
  "30586ad69c23f9d59097e30f688a753dc2350f7781a97f0c44b79c54c0e57832 p/python-tuf/python3-tuf_5.1.0-2_all.deb"
  "753cfee27c7a0e3020278c6daa587060ae157d3ef4f7a7890b6611c446548230 p/python-securesystemslib/python3-securesystemslib_1.2.0-2_all.deb"
)
debian_pool=http://deb.debian.org/debian/pool/main

# Unpacks what PYTHONPATH then names to offline-repo/target/python-tuf; goes on without it.
get_python_tuf() {
  local target=offline-repo/target/python-tuf unpacked line
  [ ! -d "$target" ] || return 0
  python3 -c 'import cryptography, requests' 2>/dev/null \
    || try_packages "python-tuf cannot run" python3 python3-cryptography python3-requests
  mkdir -p offline-repo/target
  unpacked=$(mktemp -d offline-repo/target/python-tuf.XXXXXX)
  for line in "${python_tuf_packages[@]}"; do
    if ! curl -sSfL --retry 3 -o "$unpacked/deb" "$debian_pool/${line#* }" \
      || ! echo "${line%% *}  $unpacked/deb" | sha256sum --check --status \
      || ! dpkg-deb -x "$unpacked/deb" "$unpacked"; then
      rm -r "$unpacked"
      echo "not installed: ${line#* }; the test that has python-tuf read our media is skipped"
      return 0
    fi
  done
  mv "$unpacked/usr/lib/python3/dist-packages" "$target"
  rm -r "$unpacked"
}
