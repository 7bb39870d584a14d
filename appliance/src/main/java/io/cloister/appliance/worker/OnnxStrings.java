package io.cloister.appliance.worker;

import io.cloister.appliance.tensor.BytesTensor;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;

/**
 * String tensors. ONNX Runtime's Java interface hands strings over in JNI's modified UTF-8, which
 * breaks characters beyond U+FFFF and NUL both ways: such strings are refused, not mangled.
 */
final class OnnxStrings {
  /** How the virtual machine reads the four UTF-8 bytes of such a character. */
  private static final Pattern BROKEN = Pattern.compile("[\u00F0-\u00F4][\u0080-\u00BF]{3}");

  private OnnxStrings() {}

  static String[] toJava(BytesTensor tensor) throws ContentFault {
    String[] texts = new String[tensor.values().size()];
    for (int i = 0; i < texts.length; i++) {
      texts[i] = decode(tensor.name(), tensor.values().get(i));
    }
    return texts;
  }

  private static String decode(String name, byte[] utf8) throws ContentFault {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString();
      if (text.indexOf(0) >= 0 || text.chars().anyMatch(c -> Character.isSurrogate((char) c))) {
        throw new ContentFault(
            "input " + name + ": a string holds NUL or a character beyond U+FFFF: unsupported");
      }
      return text;
    } catch (CharacterCodingException e) {
      throw new ContentFault("input " + name + ": a string is not UTF-8");
    }
  }

  static List<byte[]> fromJava(String name, Object nested) throws ContentFault {
    List<String> texts = OnnxTypes.flatten(nested).toList();
    for (String text : texts) {
      if (BROKEN.matcher(text).find()) {
        throw new ContentFault(
            "output " + name + ": a string holds a character beyond U+FFFF: unsupported");
      }
    }
    return texts.stream().map(text -> text.getBytes(StandardCharsets.UTF_8)).toList();
  }
}
