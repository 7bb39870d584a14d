package io.cloister.appliance;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.appliance.http2.Field;
import io.cloister.appliance.http2.RawHttp2;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Calls that no library would make: messages that lie, drip, or are none. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GrpcBoundsTest {
  private static final String METHOD = "/" + GrpcCaller.SERVICE + "/ServerMetadata";

  private RunningAppliance appliance;

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    InstalledRoot root = new InstalledRoot(folder);
    root.settings("1000000", 64, 1);
    root.withoutTls();
    appliance = new RunningAppliance(root);
  }

  @AfterAll
  void stop() throws Exception {
    appliance.close();
  }

  private List<Field> answer(boolean complete, Field header, byte... body) throws Exception {
    Field token = new Field("authorization", "Bearer " + appliance.token());
    return answer(RawHttp2.call(METHOD, token, header), complete, body);
  }

  private List<Field> answer(List<Field> head, boolean complete, byte... body) throws Exception {
    try (RawHttp2 caller = new RawHttp2(appliance.inference("/").getPort())) {
      caller.request(1, head, false);
      caller.send(RawHttp2.DATA, complete ? RawHttp2.END_STREAM : 0, 1, body);
      return caller.answer();
    }
  }

  private List<Field> answer(boolean complete, byte... body) throws Exception {
    return answer(complete, new Field("te", "trailers"), body);
  }

  private static byte[] prefix(int flag, long length, int bytes) {
    return ByteBuffer.allocate(5 + bytes).put((byte) flag).putInt((int) length).array();
  }

  private static Field status(int code) {
    return new Field("grpc-status", String.valueOf(code));
  }

  @Test
  void aMessageOfNothingIsAnswered() throws Exception {
    assertThat(answer(true, prefix(0, 0, 0))).contains(status(0));
  }

  @Test
  void aLengthBeyondTheLimitIsRefusedBeforeItsBytes() throws Exception {
    assertThat(answer(false, prefix(0, 0xFFFF_FFFFL, 0))).contains(status(8));
  }

  @Test
  void whoeverHasNoTokenMaySayNextToNothing() throws Exception {
    String open = METHOD.replaceFirst("[^/]*$", "ServerLive");
    List<Field> plain = RawHttp2.call(open);
    assertThat(answer(plain, true, prefix(0, 0, 0))).contains(status(0));
    assertThat(answer(plain, false, prefix(0, 300, 0))).contains(status(8));
    byte[] bomb = deflated(new byte[100_000]);
    byte[] message = prefix(1, bomb.length, bomb.length);
    System.arraycopy(bomb, 0, message, 5, bomb.length);
    List<Field> deflate = RawHttp2.call(open, new Field("grpc-encoding", "deflate"));
    assertThat(answer(deflate, false, message)).contains(status(8));
  }

  @Test
  void aMessageMayBeDeflated() throws Exception {
    byte[] nothing = deflated(new byte[0]);
    byte[] message = prefix(1, nothing.length, nothing.length);
    System.arraycopy(nothing, 0, message, 5, nothing.length);
    assertThat(answer(true, new Field("grpc-encoding", "deflate"), message)).contains(status(0));
  }

  private static byte[] deflated(byte[] content) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DeflaterOutputStream out = new DeflaterOutputStream(bytes)) {
      out.write(content);
    }
    return bytes.toByteArray();
  }

  @Test
  void aLengthThatLiesIsRefused() throws Exception {
    assertThat(answer(true, prefix(0, 900_000, 10))).contains(status(3));
  }

  @Test
  void aBodyThatDripsIsCutOff() throws Exception {
    assertThat(answer(false, prefix(0, 900_000, 10))).contains(status(4));
  }

  @Test
  void messagesThatAreNoneAreRefused() throws Exception {
    assertThat(answer(true, prefix(2, 0, 0))).contains(status(3));
    assertThat(answer(true, (byte) 0, (byte) 0)).contains(status(3));
    assertThat(answer(true)).contains(status(3));
    assertThat(answer(true, prefix(0, 0, 5))).as("two of them").contains(status(3));
  }

  @Test
  void whatIsNotCompressedAsItSaysIsRefused() throws Exception {
    assertThat(answer(true, prefix(1, 4, 4))).as("nothing says how").contains(status(3));
    assertThat(answer(true, new Field("grpc-encoding", "gzip"), prefix(1, 4, 4)))
        .contains(status(3));
    assertThat(answer(true, new Field("grpc-encoding", "snappy"), prefix(0, 0, 0)))
        .contains(status(12));
  }

  @Test
  void aTimeoutThatIsNoneIsRefused() throws Exception {
    assertThat(answer(true, new Field("grpc-timeout", "soon"), prefix(0, 0, 0)))
        .contains(status(3));
  }

  @Test
  void aTimeoutOfTenThousandYearsIsNoDefect() throws Exception {
    assertThat(answer(true, new Field("grpc-timeout", "99999999H"), prefix(0, 0, 0)))
        .contains(status(0));
  }

  @Test
  void whatIsNoGrpcIsSentToHttp11() throws Exception {
    try (RawHttp2 caller = new RawHttp2(appliance.inference("/").getPort())) {
      caller.request(
          1,
          List.of(
              new Field(":method", "GET"),
              new Field(":scheme", "http"),
              new Field(":path", "/v2/health/live")),
          true);
      assertThat(caller.answer()).contains(new Field(":status", "415"));
    }
  }
}
