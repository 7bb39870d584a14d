package io.cloister.installer.host;

import java.util.List;

/** What a release's own commands may do (systemd.exec(5)), as its service. */
final class Confinement {
  static final List<String> RULES =
      List.of(
          "NoNewPrivileges=yes",
          "CapabilityBoundingSet=",
          "PrivateNetwork=yes",
          "PrivateTmp=yes",
          "PrivateDevices=yes",
          "ProtectHome=yes",
          "ProtectSystem=strict",
          "ProtectKernelTunables=yes",
          "RestrictNamespaces=yes",
          "SystemCallArchitectures=native");

  private Confinement() {}
}
