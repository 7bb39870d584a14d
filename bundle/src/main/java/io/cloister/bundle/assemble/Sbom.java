package io.cloister.bundle.assemble;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The bill of materials (CycloneDX 1.6, JSON). The build's plugin names the jars and what depends
 * on what; this adds what Maven does not know: the Java runtime, native libraries, and the digests
 * of jars that are not shipped as published.
 */
final class Sbom {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private final ObjectNode bom;

  private Sbom(ObjectNode bom) {
    this.bom = bom;
  }

  static Sbom read(Path file) throws IOException {
    return new Sbom((ObjectNode) JSON.readTree(Files.readAllBytes(file)));
  }

  /** A jar in the bill of materials. */
  record Component(String group, String name, String version) {
    String jar() {
      return name + "-" + version + ".jar";
    }
  }

  List<Component> components() {
    return components(bom.path("components"));
  }

  private static List<Component> components(JsonNode nodes) {
    return nodes
        .valueStream()
        .filter(node -> node.path("purl").asText().startsWith("pkg:maven/"))
        .map(
            node ->
                new Component(
                    node.path("group").asText(),
                    node.path("name").asText(),
                    node.path("version").asText()))
        .toList();
  }

  /** The jars that a module of ours needs, itself first, each once. */
  Set<String> jarsOf(String module) throws IOException {
    Set<String> found = new LinkedHashSet<>();
    collect(node(module + "-").path("bom-ref").asText(), found);
    Set<String> jars = new LinkedHashSet<>();
    for (String reference : found) {
      jars.add(reference.replaceFirst("^pkg:maven/[^/]+/([^@]+)@([^?]+)\\?type=jar$", "$1-$2.jar"));
    }
    return jars;
  }

  private void collect(String reference, Set<String> found) {
    if (found.add(reference)) {
      for (JsonNode dependency : bom.path("dependencies")) {
        if (dependency.path("ref").asText().equals(reference)) {
          dependency.path("dependsOn").forEach(next -> collect(next.asText(), found));
        }
      }
    }
  }

  /** States a jar as it is shipped: its digest if we wrote it, and the libraries out of it. */
  void describe(ShippedJar jar, Notices notices) throws IOException {
    ObjectNode component = node(jar.file().getFileName().toString());
    if (!jar.changes().isEmpty()) {
      component.set("hashes", sha256(jar.file()));
      property(component, "cloister:changed", String.join("; ", jar.changes()));
    }
    for (Path library : jar.natives()) {
      ObjectNode file = component.withArray("components").addObject();
      file.put("type", "file").put("name", "native/" + library.getFileName());
      file.set("hashes", sha256(library));
      for (Component crate : RustCrates.in(library)) {
        ObjectNode part = file.withArray("components").addObject();
        part.put("type", "library").put("name", crate.name()).put("version", crate.version());
        part.put("purl", RustCrates.purl(crate));
        licence(part, expression(notices.of(crate)));
      }
    }
  }

  /** States a jar's licences as the notices do; what Maven's POMs say is sometimes loose. */
  void licence(Component jar, List<Notices.Notice> notices) throws IOException {
    licence(node(jar.jar()), expression(notices));
  }

  private static String expression(List<Notices.Notice> notices) {
    return notices.stream()
        .map(Notices.Notice::licence)
        .distinct()
        .collect(Collectors.joining(" AND "));
  }

  void addJavaRuntime(BuildJdk jdk, String modules) {
    String version = jdk.version();
    ObjectNode java = bom.withArray("components").addObject();
    java.put("type", "platform").put("bom-ref", "java-runtime");
    java.putObject("supplier").put("name", jdk.vendor());
    java.put("name", "OpenJDK").put("version", version);
    java.put("purl", "pkg:generic/openjdk@" + URLEncoder.encode(version, StandardCharsets.UTF_8));
    licence(java, "GPL-2.0-only WITH Classpath-exception-2.0");
    property(java, "cloister:modules", modules);
  }

  void addNative(Path release, HostLibraries.Found library) throws IOException {
    ObjectNode component = bom.withArray("components").addObject();
    component.put("type", "library").put("bom-ref", library.file().toString());
    component.put("name", library.file().toString());
    component.set("hashes", sha256(release.resolve(library.file())));
    library
        .from()
        .ifPresent(from -> component.put("version", from.version()).put("purl", from.purl()));
    licence(component, library.licence().replace("-WITH-", " WITH "));
    property(component, "cloister:from", "the distribution of the build host");
  }

  /** Writes the bill of the whole product, version {@code version}. */
  void write(Path file, String version) throws IOException {
    ObjectNode product = (ObjectNode) bom.path("metadata").path("component");
    product.put("type", "application").put("name", "cloister").put("version", version);
    Files.write(file, JSON.writeValueAsBytes(bom));
  }

  private ObjectNode node(String jarOrPrefix) throws IOException {
    for (JsonNode node : bom.path("components")) {
      String jar = node.path("name").asText() + "-" + node.path("version").asText() + ".jar";
      if (jar.startsWith(jarOrPrefix)) {
        return (ObjectNode) node;
      }
    }
    throw new IOException("not in the bill of materials: " + jarOrPrefix);
  }

  private static ArrayNode sha256(Path file) throws IOException {
    ArrayNode hashes = JSON.createArrayNode();
    hashes.addObject().put("alg", "SHA-256").put("content", Sha256.of(file));
    return hashes;
  }

  private static void licence(ObjectNode component, String expression) {
    component.putArray("licenses").addObject().put("expression", expression);
  }

  private static void property(ObjectNode component, String name, String value) {
    component.withArray("properties").addObject().put("name", name).put("value", value);
  }
}
