#!/bin/sh
# Installs Cloister on this machine from this medium. Check the medium first, as README.txt says.
#
#   sh setup.sh                                 at a terminal: asks for what is needed
#   sh setup.sh --trusted-root sha256:DIGEST    asks nothing; all options go to: cloister install
set -eu
medium=$(CDPATH='' cd "$(dirname "$0")" && pwd -P)
archive=bootstrap-linux-x64.tar.gz

# refuse STATUS CODE SUMMARY EVIDENCE WHY NEXT
refuse() {
  printf 'error: %s  [%s]\n  %s\n  why       %s\n' "$3" "$2" "$4" "$5" >&2
  printf '  state     nothing on this machine was changed\n  next      %s\n' "$6" >&2
  exit "$1"
}

if ! (cd "$medium" && grep "  $archive\$" SHA256SUMS | sha256sum --check --status); then
  refuse 5 MEDIA-DAMAGED "the programs on the medium are not those that were signed" \
    "file      $medium/$archive" "SHA256SUMS says otherwise" "copy the medium again, or ask the vendor"
fi
folder=$(mktemp -d "${TMPDIR:-/var/tmp}/cloister-setup.XXXXXXXX")
trap 'rm -rf "$folder"' EXIT
trap 'exit 130' HUP INT TERM
tar -xzf "$medium/$archive" -C "$folder"
cloister=$folder/cloister/bin/cloister
if ! "$cloister" --version >/dev/null; then
  refuse 4 HOST-NOEXEC "programs cannot run where they were unpacked" "folder    $folder" \
    "its file system may be mounted with noexec, or this is another kind of machine" \
    "run again with: TMPDIR=/a/folder/of/another/disk sh $0"
fi
"$cloister" install "$medium" "$@"
