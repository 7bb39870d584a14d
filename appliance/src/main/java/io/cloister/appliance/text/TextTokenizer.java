package io.cloister.appliance.text;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * A Hugging Face tokenizer from its tokenizer.json, without network. Native code: in the worker
 * only. Truncation and padding are set here and never taken from the file, which may cut silently.
 */
public final class TextTokenizer implements AutoCloseable {
  private static final long UNKNOWN = Long.MIN_VALUE;

  private final HuggingFaceTokenizer tokenizer;
  private final Path file;
  private final int tokensMax;
  private long highestId = UNKNOWN;

  private TextTokenizer(Path file, HuggingFaceTokenizer tokenizer, int tokensMax) {
    this.file = file;
    this.tokenizer = tokenizer;
    this.tokensMax = tokensMax;
  }

  /** Throws {@link IOException} for a file that is no tokenizer. */
  public static TextTokenizer open(Path tokenizerJson, int tokensMax) throws IOException {
    try {
      HuggingFaceTokenizer tokenizer =
          HuggingFaceTokenizer.builder()
              .optTokenizerPath(tokenizerJson)
              .optAddSpecialTokens(true)
              .optPadding(false)
              .optTruncation(false)
              .build();
      return new TextTokenizer(tokenizerJson, tokenizer, tokensMax);
    } catch (RuntimeException e) {
      throw new IOException("the tokenizer cannot be opened: " + root(e), e);
    }
  }

  /** The library wraps what it throws; the innermost says why. */
  private static Throwable root(Throwable e) {
    return e.getCause() == null ? e : root(e.getCause());
  }

  /** Encodes one text, UTF-8 or a {@link TokenList}. */
  public Encoded encode(byte[] utf8) throws TextRefused {
    if (TokenList.is(utf8)) {
      return encoded(TokenList.decode(utf8));
    }
    Encoding all = tokenizer.encode(decode(utf8));
    int tokens = all.getIds().length;
    if (tokens <= tokensMax) {
      return new Encoded(all.getIds(), all.getAttentionMask(), all.getTypeIds(), tokens, false);
    }
    int last = lastSpecials(all.getSpecialTokenMask());
    return new Encoded(
        cut(all.getIds(), last),
        cut(all.getAttentionMask(), last),
        cut(all.getTypeIds(), last),
        tokens,
        true);
  }

  /** How many at the end the tokenizer added to what was in the text. */
  private static int lastSpecials(long[] mask) {
    int last = 0;
    while (last < mask.length && mask[mask.length - 1 - last] == 1) {
      last++;
    }
    return last;
  }

  /** Cuts in front of the last ones, as the library itself would with a maximum. */
  private long[] cut(long[] values, int last) {
    int kept = Math.min(last, tokensMax);
    long[] cut = Arrays.copyOf(values, tokensMax);
    System.arraycopy(values, values.length - kept, cut, tokensMax - kept, kept);
    return cut;
  }

  /** Tokens as they are given, special ones too; too many are cut at the end. */
  private Encoded encoded(long[] ids) throws TextRefused {
    long highest = highestId();
    for (long id : ids) {
      if (id < 0 || id > highest) {
        throw new TextRefused(
            ("token %d is none of this model's, which are 0 to %d; send text, or the tokens of the"
                    + " model's own tokenizer")
                .formatted(id, highest));
      }
    }
    long[] kept = Arrays.copyOf(ids, Math.min(ids.length, tokensMax));
    long[] mask = new long[kept.length];
    Arrays.fill(mask, 1);
    return new Encoded(kept, mask, new long[kept.length], ids.length, ids.length > tokensMax);
  }

  /** Read when the first tokens are sent: most callers send text. */
  private synchronized long highestId() throws TextRefused {
    if (highestId == UNKNOWN) {
      try {
        highestId = Vocabulary.highestId(file);
      } catch (IOException e) {
        throw new TextRefused("the model's vocabulary cannot be read: send text");
      }
    }
    return highestId;
  }

  private static String decode(byte[] utf8) throws TextRefused {
    if (utf8.length > TextLimits.TEXT_BYTES_MAX) {
      throw new TextRefused(
          "a text of %d bytes; at most %d".formatted(utf8.length, TextLimits.TEXT_BYTES_MAX));
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString();
    } catch (CharacterCodingException e) {
      throw new TextRefused("a text is not UTF-8");
    }
  }

  @Override
  public void close() {
    tokenizer.close();
  }
}
