package io.cloister.repo.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TokenUriTest {
  @Test
  void readsWhatRfc7512Writes() {
    assertThat(
            TokenUri.parse(
                "pkcs11:token=The%20Vendor;serial=01+2;object=r%C3%B6ot;type=private"
                    + "?module-path=/usr/lib/p11.so&pin-source=file:///run/pin"))
        .isEqualTo(
            new TokenUri(
                Map.of("token", "The Vendor", "serial", "01+2"),
                "röot",
                Path.of("/usr/lib/p11.so"),
                Optional.of(Path.of("/run/pin"))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "pkcs11:",
        "pkcs11:token=a?module-path=/p",
        "pkcs11:token=a;object=b",
        "pkcs11:object=b?module-path=/p",
        "pkcs11:token=a;token=c;object=b?module-path=/p",
        "pkcs11:token=a;object=b;type=public?module-path=/p",
        "pkcs11:token=a;object=b;slot-id=1?module-path=/p",
        "pkcs11:token=a;object=b?module-path=/p&pin-value=1234",
        "pkcs11:token=a;object=b?module-path=/p&pin-source=|rm",
        "pkcs11:token=a;object=b?module-path=/p&x-vendor=1",
        "pkcs11:token=%zz;object=b?module-path=/p",
      })
  void refusesWhatItWouldHaveToGuess(String uri) {
    assertThatIllegalArgumentException().isThrownBy(() -> TokenUri.parse(uri));
  }
}
