package io.cloister.appliance.http2;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Header compression as it is sent: static fields by number, others as they are. It keeps no table,
 * so that answers may be encoded in any order.
 */
final class HeaderEncoder {
  private HeaderEncoder() {}

  /** One block; no field of an answer is long. */
  static byte[] encode(List<Field> fields) {
    var block = new ByteArrayOutputStream();
    for (Field field : fields) {
      int number = StaticTable.FIELDS.indexOf(field) + 1;
      if (number > 0) {
        block.write(0x80 | number);
      } else {
        block.write(0);
        text(block, field.name());
        text(block, field.value());
      }
    }
    return block.toByteArray();
  }

  private static void text(ByteArrayOutputStream block, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    int most = 0x7F;
    if (bytes.length < most) {
      block.write(bytes.length);
    } else {
      block.write(most);
      int left = bytes.length - most;
      for (; left > 0x7F; left >>= 7) {
        block.write(0x80 | (left & 0x7F));
      }
      block.write(left);
    }
    block.writeBytes(bytes);
  }
}
