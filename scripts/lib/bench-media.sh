# More measurements of scripts/bench, on media that are made as they are read: sourced, never run.
# Uses common.sh and bench.sh.
# shellcheck shell=bash

large_gib=100
chunk_kib=(256 1024 4096 16384)

prepare_large_bundle() {
  prepare_build
  maven -q -pl offline-repo test-compile dependency:build-classpath \
    -Dmdep.outputFile=target/test-jars.txt
  large_classes=offline-repo/target/classes:offline-repo/target/test-classes
  large_classes=$large_classes:$(cat offline-repo/target/test-jars.txt)
  # The release's command, with another heap where one is given.
  sed "s|^home=.*|home=$PWD/bundle/target/release|; s/-Xmx512m/-Xmx${HEAP:-512m}/" \
    bundle/target/release/bin/cloister >"$scratch/cloister-of-release"
  chmod +x "$scratch/cloister-of-release"
  cloister=("$scratch/cloister-of-release" --root "$root")
}

# large_bundle GIB CHUNK_KIB REPO: a bundle, to the standard output.
large_bundle() {
  "$JAVA_HOME/bin/java" -cp "$large_classes" io.cloister.repo.bench.LargeBundle "$@"
}

anchor() {
  echo "sha256:$(sha256sum "$1/metadata/1.root.json" | cut -d' ' -f1)"
}

# The standard input is what a data diode is.
verify_piped() {
  local start
  until [ -e "$repo/metadata/timestamp.json" ]; do sleep 1; done
  start=$(now)
  "${cloister[@]}" verify - --trusted-root "$(anchor "$repo")" \
    <&0 >"$scratch/said" &
  while [ -e "/proc/$!" ]; do
    awk '/^VmHWM/ { print $2 }' "/proc/$!/status" >>"$scratch/resident" 2>/dev/null || true
    sleep 1
  done
  wait $!
  took "cloister verify -" "$start"
}

bench_large() {
  HEAP=256m prepare_large_bundle
  large_bundle $large_gib 4096 "$repo" | verify_piped
  echo "large: $large_gib GiB, once, with a heap of 256 MiB;" \
    "resident at most $(sort -n "$scratch/resident" | tail -n 1) KiB"
  row "cloister verify -"
}

copy_folder() {
  cp -r "$1" "$scratch/copy"
  sync
}

bench_chunks() {
  local kib i medium
  prepare_large_bundle
  echo "chunks: 2 GiB that do not compress, median of $runs"
  for kib in "${chunk_kib[@]}"; do
    medium=$scratch/$kib
    mkdir "$medium"
    large_bundle 2 "$kib" "$repo-$kib" | tar -x -C "$medium"
    echo "  $kib KiB: $(find "$medium/blobs" -type f | wc -l) blobs," \
      "manifest of $(cat "$medium"/targets/* | wc -c) bytes"
    for ((i = 0; i < runs; i++)); do
      measure "verify, $kib KiB" \
        "${cloister[@]}" verify "$medium" --trusted-root "$(anchor "$repo-$kib")"
      settle
      measure "cp, sync, $kib KiB" copy_folder "$medium"
    done
    settle
    rm -r "$medium"
    row "verify, $kib KiB"
    row "cp, sync, $kib KiB"
  done
}
