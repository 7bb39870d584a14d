package io.cloister.installer.cli;

import io.cloister.installer.host.Folders;
import io.cloister.installer.host.HostPaths;
import io.cloister.repo.content.DurableFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What an ahead-of-time cache of the command is recorded from: its help, and the status of an
 * install that is made up, for the real one may not be there yet, and whose service is down.
 */
public final class Training {
  private static final String PROOF =
      """
      "manifest_sha256": "%s", "provenance": {"targets_version": 1, \
      "signed_at": "2026-01-01T00:00:00Z", "keyids": ["%s"]}"""
          .formatted("0".repeat(64), "1".repeat(64));

  private static final String SLOTS =
      """
      {"format": 1, "active": "a", "slots": {"b": null, "a": {"state": "good", "reason": null,
      "deployment": {"format": 1, "generation": 1, "installed_at": "2026-01-01T00:00:00Z",
      "release": {"version": "0.0.1", "platform": "linux-x64", PROOF},
      "models": [{"name": "model", "version": "1.0.0", "folder": "models/model/1.0.0", PROOF}]}}}}
      """
          .replace("PROOF", PROOF);

  private Training() {}

  /** Works in the folder that it is started in, and ends as the command does. */
  public static void main(String[] arguments) throws IOException {
    Cloister.run(Cloister.here(), "--help");
    Path root = Files.createTempDirectory(Path.of("").toAbsolutePath(), "root");
    try {
      var host = new HostPaths(root);
      DurableFiles.createFolders(host.data());
      Files.writeString(host.slots(), SLOTS);
      Cloister.run(Cloister.here(), "--root", root.toString(), "status");
      Cloister.run(Cloister.here(), "--root", root.toString(), "status", "--json");
    } finally {
      Folders.delete(root);
    }
    System.exit(0);
  }
}
