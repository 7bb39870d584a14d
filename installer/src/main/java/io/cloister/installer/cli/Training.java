package io.cloister.installer.cli;

import io.cloister.installer.host.Folders;
import io.cloister.installer.host.HostPaths;
import io.cloister.repo.content.DurableFiles;
import java.io.IOException;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What an ahead-of-time cache of the command is recorded from: its help, and the status of an
 * install that is made up, for the real one may not be there yet; once with a service that answers,
 * once without.
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

  private static final String ANSWER =
      """
      {"certificate_sha256": "00", "listeners": {"inference": "127.0.0.1:8443"}, \
      "models": [{"name": "model", "version": "1.0.0", "state": "ready"}]}
      """;

  private Training() {}

  /** Works in the folder that it is started in, and ends as the command does. */
  public static void main(String[] arguments) throws IOException {
    Cloister.run(Cloister.here(), "--help");
    Path root = Files.createTempDirectory(Path.of("").toAbsolutePath(), "root");
    try {
      var host = new HostPaths(root);
      DurableFiles.createFolders(host.data());
      Files.writeString(host.slots(), SLOTS);
      status(host, root.toString());
      Cloister.run(Cloister.here(), "--root", root.toString(), "status");
      Cloister.run(Cloister.here(), "--root", root.toString(), "status", "--json");
    } finally {
      Folders.delete(root);
    }
    System.exit(0);
  }

  /**
   * With a service that answers; where its socket cannot be, for its path is too long, less is
   * learnt.
   */
  private static void status(HostPaths host, String root) throws IOException {
    DurableFiles.createFolders(host.run());
    try (ServerSocketChannel service = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      service.bind(UnixDomainSocketAddress.of(host.socket("0.0.1")));
      Thread.ofPlatform().daemon().start(() -> answer(service));
      Cloister.run(Cloister.here(), "--root", root, "status");
    } catch (SocketException e) {
      System.err.println(e);
    }
  }

  /** Every question alike, until the service ends. */
  private static void answer(ServerSocketChannel service) {
    while (service.isOpen()) {
      try (SocketChannel caller = service.accept()) {
        caller.read(ByteBuffer.allocate(8192));
        caller.write(StandardCharsets.UTF_8.encode(ANSWER));
      } catch (IOException e) {
        // Less is learnt.
      }
    }
  }
}
