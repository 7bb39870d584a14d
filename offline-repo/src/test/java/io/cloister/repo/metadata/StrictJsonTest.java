package io.cloister.repo.metadata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** JSON from strangers, and its one canonical form. */
final class StrictJsonTest {
  private static String canonical(String json) throws JsonException {
    byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
    return new String(CanonicalJson.encode(StrictJson.parse(bytes)), StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", " ", "{", "{}x", "{} {}", "[1,]", "{\"a\":1,\"a\":2}", "{\"a\":1,\"\\u0061\":2}",
        "NaN", "+1", "01", "'a'", "{a:1}", "// c\n1", "123456789012345678901234", "\uFEFF{}"
      })
  void looseJsonIsRefused(String json) {
    assertThatThrownBy(() -> canonical(json)).isInstanceOf(JsonException.class);
  }

  @Test
  void deepNestingIsRefusedWithoutAStackOverflow() {
    assertThatThrownBy(() -> canonical("[".repeat(100_000))).isInstanceOf(JsonException.class);
    assertThatThrownBy(() -> canonical("{\"a\":".repeat(100_000)))
        .isInstanceOf(JsonException.class);
  }

  @Test
  void bytesThatAreNotUtf8AreRefused() {
    byte[][] hostile = {
      {'"', (byte) 0xC0, (byte) 0x80, '"'},
      {'"', (byte) 0xED, (byte) 0xA0, (byte) 0x80, '"'},
      {'"', (byte) 0xFF, '"'},
      "{}".getBytes(StandardCharsets.UTF_16LE),
      "{}".getBytes(StandardCharsets.UTF_16),
    };
    for (byte[] bytes : hostile) {
      assertThatThrownBy(() -> StrictJson.parse(bytes)).isInstanceOf(JsonException.class);
    }
  }

  /** As securesystemslib's encode_canonical gives them. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{ \"b\" : 1, \"a\" : [ true, false, null ] }|{\"a\":[true,false,null],\"b\":1}",
        "[-0, 9223372036854775807, -9223372036854775808]"
            + "|[0,9223372036854775807,-9223372036854775808]",
        "\"\\u0041\\/\\\\\\\"\"|\"A/\\\\\\\"\"",
        "{\"aa\":1,\"a\":2,\"B\":3,\"\":4}|{\"\":4,\"B\":3,\"a\":2,\"aa\":1}",
        "\"\\u00e9\\ud83d\\ude00\"|\"é😀\"",
        "{\"\\ud83d\\ude00\":1,\"\\uffee\":2}|{\"\uffee\":2,\"😀\":1}",
      })
  void theCanonicalFormIsOlpcs(String json, String expected) throws JsonException {
    assertThat(canonical(json)).isEqualTo(expected);
  }

  @Test
  void controlCharactersStayRawInTheCanonicalForm() throws JsonException {
    assertThat(canonical("\"a\\nb\\u0001\"")).isEqualTo("\"a\nb\u0001\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.0", "1e3", "9223372036854775808", "\"\\ud800\"", "{\"\\udc00\":1}"})
  void whatHasNoCanonicalFormIsRefused(String json) {
    assertThatThrownBy(() -> canonical(json)).isInstanceOf(JsonException.class);
  }
}
