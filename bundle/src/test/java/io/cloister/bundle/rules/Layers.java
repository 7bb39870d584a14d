package io.cloister.bundle.rules;

import java.util.List;
import java.util.Map;

/** The modules and packages in the order in which they may use each other: only what is above. */
final class Layers {
  static final String BASE = "io.cloister.";

  /** Package names relative to the module's; the empty one is the module's own package. */
  static final Map<String, List<String>> PACKAGES =
      Map.of(
          "repo",
              List.of(
                  "",
                  "metadata",
                  "keys",
                  "trust",
                  "content",
                  "onnx",
                  "media",
                  "client",
                  "publish",
                  "cli"),
          "installer",
              List.of(
                  "",
                  "host",
                  "preflight",
                  "slot",
                  "stage",
                  "backup",
                  "activate",
                  "support",
                  "console",
                  "cli"),
          "appliance",
              List.of(
                  "systemd",
                  "config",
                  "database",
                  "tensor",
                  "model",
                  "text",
                  "worker",
                  "inference",
                  "scrub",
                  "audit",
                  "access",
                  "http2",
                  "http",
                  "oip",
                  "oip.grpc",
                  "compat",
                  "admin",
                  "observe",
                  ""),
          "bundle", List.of("assemble"));

  /** The modules that a module may use; installer and appliance never see each other. */
  static final Map<String, List<String>> MODULES =
      Map.of(
          "repo", List.of(),
          "installer", List.of("repo"),
          "appliance", List.of("repo"),
          "bundle", List.of("repo", "installer", "appliance"));

  private Layers() {}

  /** {@code repo} of {@code io.cloister.repo.trust}. */
  static String module(String packageName) {
    return packageName.substring(BASE.length()).split("\\.", 2)[0];
  }

  /** The place of a package in its module's list, or -1 where it has none. */
  static int rank(String packageName) {
    String module = module(packageName);
    int start = Math.min(packageName.length(), BASE.length() + module.length() + 1);
    return PACKAGES.getOrDefault(module, List.of()).indexOf(packageName.substring(start));
  }
}
