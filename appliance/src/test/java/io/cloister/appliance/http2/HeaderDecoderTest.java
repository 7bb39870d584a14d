package io.cloister.appliance.http2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Header compression, by the examples of RFC 7541, Appendix C, and by what is none. */
class HeaderDecoderTest {
  private static byte[] hex(String text) {
    return HexFormat.of().parseHex(text.replace(" ", ""));
  }

  private static String text(List<Field> fields) {
    return String.join(
        "; ", fields.stream().map(field -> field.name() + "=" + field.value()).toList());
  }

  @Test
  void readsRequestsWithHuffmanCodes() throws Exception {
    HeaderDecoder decoder = new HeaderDecoder();
    assertThat(text(decoder.decode(hex("8286 8441 8cf1 e3c2 e5f2 3a6b a0ab 90f4 ff"))))
        .isEqualTo(":method=GET; :scheme=http; :path=/; :authority=www.example.com");
    assertThat(text(decoder.decode(hex("8286 84be 5886 a8eb 1064 9cbf"))))
        .endsWith(":authority=www.example.com; cache-control=no-cache");
    assertThat(
            text(
                decoder.decode(hex("8287 85bf 4088 25a8 49e9 5ba9 7d7f 8925 a849 e95b b8e8 b4bf"))))
        .isEqualTo(
            ":method=GET; :scheme=https; :path=/index.html; :authority=www.example.com;"
                + " custom-key=custom-value");
  }

  @Test
  void readsRequestsWithoutHuffmanCodes() throws Exception {
    assertThat(
            text(
                new HeaderDecoder()
                    .decode(hex("8286 8441 0f77 7777 2e65 7861 6d70 6c65 2e63 6f6d"))))
        .endsWith(":authority=www.example.com");
  }

  @Test
  void whatIsEncodedHereIsReadHere() throws Exception {
    List<Field> fields =
        List.of(
            new Field(":status", "200"),
            new Field("grpc-message", "x".repeat(5_000)),
            new Field("empty", ""));
    assertThat(new HeaderDecoder().decode(HeaderEncoder.encode(fields))).isEqualTo(fields);
  }

  @Test
  void refusesWhatIsNoBlock() {
    for (String block :
        new String[] {
          "80",
          "be",
          "40",
          "0001",
          "00 01 61 7f ff ff ff ff",
          "3f ff 7f",
          "82 20",
          "0001 6181 00",
          "0001 61 84 ff ff ff ff"
        }) {
      assertThatThrownBy(() -> new HeaderDecoder().decode(hex(block)))
          .as(block)
          .isInstanceOf(ConnectionFault.class);
    }
  }
}
