package io.cloister.repo.metadata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class FieldsTest {
  private static Fields of(String time) throws JsonException {
    return Fields.of(
        StrictJson.parse(("{\"at\":\"" + time + "\"}").getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void aTimeIsUtcInWholeSeconds() throws Exception {
    assertThat(of("2026-11-22T21:00:00Z").time("at")).hasToString("2026-11-22T21:00:00Z");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2026-11-22T24:00:00Z",
        "2026-11-22T23:59:60Z",
        "2026-02-29T00:00:00Z",
        "2026-11-22T21:00:00.000Z",
        "2026-11-22T21:00:00+00:00",
        "2026-11-22t21:00:00z",
        "12026-11-22T21:00:00Z"
      })
  void anythingElseIsNoTime(String text) throws Exception {
    Fields fields = of(text);
    assertThatThrownBy(() -> fields.time("at")).isInstanceOf(JsonException.class);
  }
}
