package io.cloister.installer.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostNamesTest {
  @TempDir Path proc;

  @Test
  void theKernelKnowsTheNameAndEveryAddressButLoopbackAndLinkLocal() throws Exception {
    Files.createDirectories(proc.resolve("sys/kernel"));
    Files.createDirectories(proc.resolve("net"));
    Files.writeString(proc.resolve("sys/kernel/hostname"), "ward-7.hospital\n");
    Files.writeString(
        proc.resolve("net/fib_trie"),
        """
        Main:
          +-- 0.0.0.0/0 3 0 5
             |-- 0.0.0.0
                /0 universe UNICAST
             +-- 10.0.0.0/24 2 0 2
                |-- 10.0.0.0
                   /24 link UNICAST
                |-- 10.0.0.17
                   /32 host LOCAL
                |-- 10.0.0.255
                   /32 link BROADCAST
             |-- 127.0.0.1
                /32 host LOCAL
        """);
    Files.writeString(
        proc.resolve("net/if_inet6"),
        """
        00000000000000000000000000000001 01 80 10 80       lo
        20010db8000000000000000000000017 02 40 00 80     eth0
        fe800000000000000211223344556677 02 40 20 80     eth0
        """);
    assertThat(HostNames.read(proc))
        .containsExactly("ward-7.hospital", "10.0.0.17", "2001:0db8:0000:0000:0000:0000:0000:0017");
    assertThat(HostNames.read(proc.resolve("nothing"))).isEmpty();
  }
}
