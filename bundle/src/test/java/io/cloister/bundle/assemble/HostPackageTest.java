package io.cloister.bundle.assemble;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostPackageTest {
  @TempDir Path host;
  private Path status;
  private Path osRelease;

  @BeforeEach
  void aDebian() throws IOException {
    osRelease = Files.writeString(host.resolve("os-release"), "ID=debian\nVERSION_ID=\"12\"\n");
    status =
        Files.writeString(
            host.resolve("status"),
            """
            Package: libgcc-s1
            Source: gcc-12 (12.2.0-14)
            Version: 1:12.2.0+14
            Description: a library
             Version: not this

            Package: zlib1g
            Version: 1.2.13
            """);
  }

  @Test
  void namesThePackageAndItsSource() throws IOException {
    HostPackage gcc = HostPackage.find("libgcc-s1", status, osRelease).orElseThrow();
    assertThat(gcc.version()).isEqualTo("1:12.2.0+14");
    assertThat(gcc.address()).isEqualTo("https://snapshot.debian.org/package/gcc-12/12.2.0-14/");
    assertThat(gcc.purl())
        .isEqualTo("pkg:deb/debian/libgcc-s1@1%3A12.2.0%2B14?arch=amd64&distro=debian-12");
  }

  @Test
  void aSourceOfTheSameNameAndVersionIsNotStated() throws IOException {
    HostPackage zlib = HostPackage.find("zlib1g", status, osRelease).orElseThrow();
    assertThat(zlib.source()).isEqualTo("zlib1g 1.2.13");
  }

  @Test
  void isEmptyWhereThereIsNoSuchPackageOrNoDpkg() throws IOException {
    Optional<HostPackage> none = HostPackage.find("libz", status, osRelease);
    assertThat(none).isEmpty();
    assertThat(HostPackage.find("zlib1g", host.resolve("none"), osRelease)).isEmpty();
  }
}
