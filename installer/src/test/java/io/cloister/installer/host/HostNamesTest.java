package io.cloister.installer.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

final class HostNamesTest {
  @Test
  void theNameComesFirstAndNoAddressThatOnlyThisMachineHas() throws Exception {
    List<String> names = HostNames.here();
    assertThat(names.getFirst())
        .isEqualTo(Files.readString(Path.of("/proc/sys/kernel/hostname")).strip());
    assertThat(names)
        .doesNotContain("127.0.0.1", "0:0:0:0:0:0:0:1")
        .noneMatch(n -> n.contains("%"));
  }

  @Test
  void onlyAListenerOnEveryAddressIsCalledByThem() {
    List<String> names = List.of("model.example", "10.0.0.7", "fd00::7");
    assertThat(Listener.parse("0.0.0.0:9443").urls(names))
        .containsExactly(
            "https://model.example:9443/", "https://10.0.0.7:9443/", "https://[fd00::7]:9443/");
    assertThat(Listener.parse("[::]:9443").urls(names)).hasSize(3);
    assertThat(Listener.parse("127.0.0.1:9443").urls(names)).isEmpty();
  }
}
