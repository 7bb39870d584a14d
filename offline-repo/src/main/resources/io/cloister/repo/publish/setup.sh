#!/bin/sh
# Installs Cloister on this machine. First copy this file and SHA256SUMS into a folder of your own
# and prove them there, as README.txt on the medium says; then run the copy:
#
#   sh setup.sh MEDIUM                                 at a terminal: asks for what is needed
#   sh setup.sh MEDIUM --trusted-root sha256:DIGEST    asks nothing; all words go to: cloister install
set -eu
here=$(CDPATH='' cd "$(dirname "$0")" && pwd -P)
archive=bootstrap-linux-x64.tar.gz

# refuse STATUS CODE SUMMARY EVIDENCE WHY NEXT
refuse() {
  printf 'error: %s  [%s]\n  %s\n  why       %s\n' "$3" "$2" "$4" "$5" >&2
  printf '  state     nothing on this machine was changed\n  next      %s\n' "$6" >&2
  exit "$1"
}

case ${1:--} in
  -*) refuse 2 USAGE-ARGUMENTS "no medium is named" "first     ${1:-nothing}" \
    "the first word is the folder where the medium is" "sh $0 /media/stick" ;;
esac
folder=$(mktemp -d "${TMPDIR:-/var/tmp}/cloister-setup.XXXXXXXX")
trap 'rm -rf "$folder"' EXIT
trap 'exit 130' HUP INT TERM
# Read once: a drive could show one file to whoever checks it and another to whoever unpacks it.
cp "$1/$archive" "$folder" || refuse 5 MEDIA-UNREADABLE "the programs cannot be copied from the medium" \
  "file      $1/$archive" "see the line above; of a volume set only the first has them" \
  "name the medium, or make room in ${TMPDIR:-/var/tmp}, and run this again"
if ! (cd "$folder" && grep "  $archive\$" "$here/SHA256SUMS" | sha256sum --check --status); then
  refuse 5 MEDIA-DAMAGED "the programs on the medium are not those that were signed" \
    "file      $1/$archive" "$here/SHA256SUMS says otherwise" "copy the medium again, or ask the vendor"
fi
tar -xzf "$folder/$archive" -C "$folder" || refuse 4 HOST-DISK "the programs cannot be unpacked" \
  "folder    $folder" "see the line above; they take about 100 MB" \
  "make room, or run again with: TMPDIR=/a/folder/of/another/disk sh $0 $*"
rm "$folder/$archive"
cloister=$folder/cloister/bin/cloister
if ! "$cloister" --version >/dev/null; then
  refuse 4 HOST-NOEXEC "programs cannot run where they were unpacked" "folder    $folder" \
    "its file system may be mounted with noexec, or this is another kind of machine" \
    "run again with: TMPDIR=/a/folder/of/another/disk sh $0 $*"
fi
"$cloister" install "$@"
