package io.cloister.appliance.admin;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import jdk.net.ExtendedSocketOptions;

/**
 * The operator's way into the appliance: a Unix socket of mode 0600. Whoever connects must be root
 * or the service's own user, which the kernel vouches for (SO_PEERCRED).
 */
public final class OperatorSocket implements AutoCloseable {
  private static final Logger LOG = System.getLogger(OperatorSocket.class.getName());

  private final Path file;
  private final ServerSocketChannel server;
  private final OperatorCommands commands;
  private final Set<String> allowed;

  private OperatorSocket(
      Path file, ServerSocketChannel server, OperatorCommands commands, Set<String> allowed) {
    this.file = file;
    this.server = server;
    this.commands = commands;
    this.allowed = allowed;
  }

  /** Whether a living process answers there; a socket file alone may be left from a crash. */
  public static boolean isAnswered(Path file) {
    try (SocketChannel probe = SocketChannel.open(UnixDomainSocketAddress.of(file))) {
      return probe.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  /** Replaces what a crash left behind; ask {@link #isAnswered} first. */
  public static OperatorSocket open(Path file, OperatorCommands commands) throws IOException {
    Files.deleteIfExists(file);
    ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      server.bind(UnixDomainSocketAddress.of(file));
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
      String self = Files.getOwner(file, LinkOption.NOFOLLOW_LINKS).getName();
      OperatorSocket socket =
          new OperatorSocket(file, server, commands, Set.copyOf(List.of("root", self)));
      Thread.ofVirtual().name("operator socket").start(socket::accept);
      return socket;
    } catch (IOException | RuntimeException e) {
      server.close();
      throw e;
    }
  }

  private void accept() {
    while (server.isOpen()) {
      try {
        SocketChannel channel = server.accept();
        Thread.ofVirtual().name("operator").start(() -> serve(channel));
      } catch (ClosedChannelException e) {
        return;
      } catch (IOException e) {
        LOG.log(Level.WARNING, "the operator socket could not accept", e);
      }
    }
  }

  private void serve(SocketChannel channel) {
    try (channel) {
      String user = channel.getOption(ExtendedSocketOptions.SO_PEERCRED).user().getName();
      Peer peer = new Peer(channel);
      byte[] answer;
      if (allowed.contains(user)) {
        answer = commands.answer(peer.readLine(), peer);
      } else {
        LOG.log(Level.WARNING, "refused the user {0} on the operator socket", user);
        answer = OperatorCommands.error("only root and the service's own user may ask this");
      }
      peer.write(answer);
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "the operator went away", e);
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "a command of the operator ended in a defect", e);
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    Files.deleteIfExists(file);
  }
}
