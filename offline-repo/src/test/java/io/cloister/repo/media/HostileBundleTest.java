package io.cloister.repo.media;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.cloister.repo.MediaRefusal;
import io.cloister.repo.MediaRefusal.BadBundle;
import io.cloister.repo.RefusedException;
import io.cloister.repo.testing.RawTar;
import io.cloister.repo.testing.RawTar.Part;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.io.SequenceInputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A tar from an attacker: whatever is not a bundle in its one strict form is refused. */
final class HostileBundleTest extends TarAttack {
  @Test
  void whatThePublisherWritesIsAcceptedAndSoIsTheSameTarMadeByHand() throws Exception {
    assertThat(verify(new ByteArrayInputStream(good)).packages()).hasSize(1);
    assertThat(RawTar.bytes(parts)).isEqualTo(good);
    insert("metadata/", RawTar.part("metadata/", '5', new byte[0]));
    insert("blobs/", RawTar.part("blobs/sha256/", '5', new byte[0]));
    verify(RawTar.stream(parts));
  }

  @Test
  void refusesBytesAfterTheEnd() {
    byte[] longer = Arrays.copyOf(good, good.length + 512);
    verifies(longer);
    longer[longer.length - 1] = 1;
    refused(new ByteArrayInputStream(longer), "bytes after the end");
    refused(new ByteArrayInputStream(Arrays.copyOf(good, good.length + 7)), "bytes after the end");
    byte[] second = Arrays.copyOf(good, 2 * good.length);
    System.arraycopy(good, 0, second, good.length, good.length);
    refused(new ByteArrayInputStream(second), "bytes after the end");
  }

  @Test
  void refusesEndlessZerosAfterTheEnd() {
    InputStream endless =
        new SequenceInputStream(
            new ByteArrayInputStream(good),
            new InputStream() {
              @Override
              public int read() {
                return 0;
              }
            });
    refused(endless, "bytes after the end");
  }

  @Test
  void refusesFoldersWithoutEnd() {
    byte[] header = RawTar.part("metadata/", '5', new byte[0]).header();
    InputStream endless =
        new InputStream() {
          private int at;

          @Override
          public int read() {
            return header[at++ % header.length];
          }

          @Override
          public int read(byte[] buffer, int from, int length) {
            for (int i = 0; i < length; ) {
              int count = Math.min(length - i, header.length - at % header.length);
              System.arraycopy(header, at % header.length, buffer, from + i, count);
              at = (at + count) % header.length;
              i += count;
            }
            return length;
          }
        };
    refused(endless, "more than 1000000 headers");
  }

  @Test
  void filesOfSeveralGibibytesArePassedOverByTheirTrueLength() throws Exception {
    Path large = folder.resolve("large.tar");
    int before = first("blobs/");
    try (var file = new RandomAccessFile(large.toFile(), "rw")) {
      write(file, RawTar.bytes(parts.subList(0, before)));
      for (String name : List.of("two-gib-and-one", "four-gib")) {
        long length = name.equals("four-gib") ? 4L << 30 : (2L << 30) + 1;
        write(
            file,
            RawTar.bytes(
                List.of(
                    RawTar.text(name, "")
                        .with(b -> RawTar.put(b, 124, "%011o".formatted(length))))));
        file.seek(file.getFilePointer() + length + (-length & 511));
      }
      file.write(RawTar.bytes(parts.subList(before, parts.size())));
    }
    verify(large);
    try (var file = new RandomAccessFile(large.toFile(), "rw")) {
      file.setLength(1L << 40);
    }
    RefusedException refused = catchThrowableOfType(RefusedException.class, () -> verify(large));
    assertThat(refused.refusal())
        .isInstanceOfSatisfying(
            BadBundle.class, it -> assertThat(it.fault()).contains("bytes after the end"));
  }

  private void verifies(byte[] bytes) {
    assertThat(
            catchThrowableOfType(
                RefusedException.class, () -> verify(new ByteArrayInputStream(bytes))))
        .isNull();
  }

  @Test
  void refusesBytesHiddenBetweenMembers() {
    byte[] hidden = good.clone();
    hidden[512 + RawTar.parts(good).get(0).content().length] = 1;
    refused(new ByteArrayInputStream(hidden), "bytes that are not zero between members");
  }

  @Test
  void refusesATarThatEndsEarlyWhereverItEnds() {
    Random random = new Random(3);
    for (int i = 0; i < 60; i++) {
      int length = i == 0 ? 512 : i == 1 ? good.length - 1 : random.nextInt(512, good.length);
      refused(new ByteArrayInputStream(Arrays.copyOf(good, length)), "in the middle");
    }
  }

  @Test
  void refusesNumbersThatAreNotOctalSignedOrOfBase256() {
    for (String number :
        new String[] {"", "00000000009", "-0000000001", "\u0080\0\0\0\0\0\0\0\0\0\u0001"}) {
      insert(
          "blobs/",
          RawTar.text("notes", "")
              .with(
                  block -> {
                    Arrays.fill(block, 124, 136, (byte) 0);
                    RawTar.put(block, 124, number);
                  }));
      refused("a number that is not octal");
      parts.remove(first("notes"));
    }
  }

  @Test
  void refusesLengthsOverTheLimitOfTheirKind() {
    for (String name : new String[] {"metadata/9.root.json", "targets/x.json", "notes"}) {
      parts.addFirst(RawTar.text(name, "").with(b -> RawTar.put(b, 124, "77777777777")));
      refused(" bytes, allowed ");
      parts.removeFirst();
    }
    parts.add(first("blobs/"), RawTar.pax(RawTar.record("size", "99999999999999")));
    refused(" bytes, allowed ");
  }

  @Test
  void refusesMoreMetadataThanMemoryHolds() {
    byte[] large = new byte[4_000_000];
    for (int i = 0; i < 17; i++) {
      parts.addFirst(RawTar.part("metadata/" + (100 + i) + ".root.json", '0', large));
    }
    refused("more than 67108864 bytes");
  }

  @Test
  void refusesExtendedHeadersThatAreBrokenRepeatedOrSayMore() {
    String path = RawTar.record("path", "notes");
    String[] hostile = {
      "x",
      "5 a\n",
      "999 path=a\n",
      "0 path=a\n",
      "12 path=abcd",
      " 9 path=a\n",
      path + path,
      RawTar.record("linkpath", "/etc/passwd"),
      RawTar.record("mtime", "1.5"),
      RawTar.record("size", "-1"),
      RawTar.record("size", "1e3"),
      RawTar.record("size", ""),
      RawTar.record("path", "../x"),
      RawTar.record("path", "a\0b"),
      "99999 path=a\n"
    };
    insert("blobs/", RawTar.text("notes", "x"));
    for (String records : hostile) {
      insert("notes", RawTar.pax(records));
      assertThat(refusal(RawTar.stream(parts))).as(records).isInstanceOf(BadBundle.class);
      parts.remove(first("pax"));
    }
    insert("notes", RawTar.pax("x".repeat(1025)));
    refused("an extended header that is too long");
    parts.set(first("pax"), RawTar.pax(path));
    insert("notes", RawTar.pax(path));
    refused("two extended headers");
  }

  @Test
  void refusesALengthThatIsAnotherInTheExtendedHeader() {
    insert("blobs/", RawTar.text("notes", "xy"));
    insert("notes", RawTar.pax(RawTar.record("size", "1")));
    refused("1 bytes by its extended header, 2 by its header");
    parts.set(first("pax"), RawTar.pax(RawTar.record("size", "2")));
    verifies(RawTar.bytes(parts));
  }

  @Test
  void refusesAnExtendedHeaderWithoutAMember() {
    parts.add(RawTar.pax(RawTar.record("path", "notes")));
    refused("an extended header without a member");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 511, 512, 4000})
  void refusesWhatDoesNotBeginAsABundle(int length) {
    byte[] bytes = Arrays.copyOf("PK\3\4".repeat(1000).getBytes(ISO_8859_1), length);
    assertThat(refusal(new ByteArrayInputStream(bytes)))
        .isInstanceOf(MediaRefusal.NotABundle.class);
  }

  @Test
  void refusesAHeaderWhoseChecksumIsWrongOrThatIsNoHeader() {
    byte[] changed = good.clone();
    changed[20] ^= 1;
    refused(new ByteArrayInputStream(changed), "checksum");
  }

  @Test
  void aTarWithoutMetadataIsNoMedium() {
    parts = new ArrayList<>(List.of(RawTar.text("README.txt", "x")));
    assertThat(refusal(RawTar.stream(parts))).isInstanceOf(MediaRefusal.NotAMedium.class);
  }

  @Test
  void aBlobOfAnotherLengthOrContentOrNoneIsNamed() {
    int blob = parts.size() - 1;
    Part last = parts.get(blob);
    byte[] content = last.content().clone();
    content[7] ^= 1;
    parts.set(blob, new Part(last.header(), content));
    assertThat(refusal(RawTar.stream(parts))).isInstanceOf(MediaRefusal.WrongBytes.class);
    parts.set(blob, RawTar.part(last.name(), '0', new byte[3]));
    assertThat(refusal(RawTar.stream(parts))).isInstanceOf(MediaRefusal.WrongLength.class);
    parts.remove(blob);
    assertThat(refusal(RawTar.stream(parts))).isInstanceOf(MediaRefusal.MissingFile.class);
  }

  @Test
  void oneChangedBitAnywhereIsRefused() {
    Random random = new Random(11);
    for (int i = 0; i < 300; i++) {
      byte[] bad = good.clone();
      bad[random.nextInt(bad.length)] ^= (byte) (1 << random.nextInt(8));
      refusal(new ByteArrayInputStream(bad));
    }
  }
}
