package io.cloister.appliance.soak;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.util.concurrent.TimeUnit.MINUTES;

import io.cloister.appliance.http2.RawHttp2;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.TlsChannelCredentials;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/** A caller over gRPC, good and bad; what should not have happened is answered. */
final class GrpcVisitor implements AutoCloseable {
  private static final String SEEDS = "/io/cloister/appliance/";
  private static final List<String> FRAMES =
      List.of(
          "call",
          "continuation",
          "large-window",
          "padded-and-trailers",
          "ping-goaway-priority",
          "rapid-reset",
          "small-window");
  private static final List<String> MESSAGES =
      List.of("typed", "unpacked", "raw", "raw-texts", "texts", "floats", "two-inputs-timeout");

  /** What is the appliance's own doing. */
  private static final Set<Status.Code> DEFECTS =
      Set.of(Status.Code.INTERNAL, Status.Code.UNKNOWN, Status.Code.DATA_LOSS);

  private static final int SILENCE_MILLIS = 500;
  private static final MethodDescriptor<byte[], byte[]> INFER =
      MethodDescriptor.<byte[], byte[]>newBuilder()
          .setFullMethodName("inference.GRPCInferenceService/ModelInfer")
          .setType(MethodType.UNARY)
          .setRequestMarshaller(new Bytes())
          .setResponseMarshaller(new Bytes())
          .build();

  /** A digit for the model of that name: 64 pixels as they lie in memory. */
  private static final byte[] DIGITS = digits();

  private final ManagedChannel channel;
  private final io.grpc.Channel calls;
  private final Random random = new Random(1);

  /** Messages as they are. */
  private record Bytes() implements Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] value) {
      return new ByteArrayInputStream(value);
    }

    @Override
    public byte[] parse(InputStream stream) {
      try {
        return stream.readAllBytes();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  GrpcVisitor(String host, int port, String token, Path certificate) throws IOException {
    var trusting = TlsChannelCredentials.newBuilder().trustManager(certificate.toFile()).build();
    channel = Grpc.newChannelBuilderForAddress(host, port, trusting).build();
    Metadata metadata = new Metadata();
    metadata.put(
        Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer " + token);
    calls =
        io.grpc.ClientInterceptors.intercept(
            channel, MetadataUtils.newAttachHeadersInterceptor(metadata));
  }

  private static byte[] digits() {
    byte[] head = "\n\6digits*\22\n\6pixels\22\4FP32\32\2\1@:\u0080\2".getBytes(ISO_8859_1);
    return ByteBuffer.allocate(head.length + 256).put(head).array();
  }

  /** Must be answered; what it was refused with, else. */
  Optional<String> ask() {
    return call(DIGITS).map(Status::toString);
  }

  private Optional<Status> call(byte[] message) {
    try {
      var options = CallOptions.DEFAULT.withWaitForReady().withDeadlineAfter(1, MINUTES);
      var _ = ClientCalls.blockingUnaryCall(calls, INFER, options, message);
      return Optional.empty();
    } catch (StatusRuntimeException e) {
      return Optional.of(e.getStatus());
    }
  }

  /** Asks, and does not want it any more. */
  void giveUp() {
    ClientCall<byte[], byte[]> call = calls.newCall(INFER, CallOptions.DEFAULT);
    call.start(new ClientCall.Listener<>() {}, new Metadata());
    call.sendMessage(DIGITS);
    call.halfClose();
    call.request(1);
    call.cancel("changed its mind", null);
  }

  /** A message that was changed at random: what it was answered, where that is a defect. */
  Optional<String> provoke() throws IOException {
    byte[] message = changed("oip/grpc/MessageFuzzInputs/inferQuestion/", MESSAGES);
    return call(message).filter(status -> DEFECTS.contains(status.getCode())).map(Status::toString);
  }

  private byte[] changed(String folder, List<String> names) throws IOException {
    String name = SEEDS + folder + names.get(random.nextInt(names.size()));
    try (InputStream in = GrpcVisitor.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IOException("no seed " + name);
      }
      byte[] bytes = in.readAllBytes();
      for (int i = random.nextInt(4); i > 0; i--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      return bytes;
    }
  }

  /** Frames that were changed at random, then hangs up, sometimes at once. */
  void harm(Caller caller) throws IOException {
    byte[] frames = changed("http2/Http2FuzzInputs/connection/", FRAMES);
    try (Socket socket = caller.protectedSocket("h2")) {
      socket.setSoTimeout(SILENCE_MILLIS);
      socket.getOutputStream().write(RawHttp2.start());
      socket.getOutputStream().write(RawHttp2.frames(frames));
      if (random.nextBoolean()) {
        var _ = socket.getInputStream().readAllBytes();
      }
    } catch (IOException e) {
      // Sent away, or nothing more was said.
    }
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }
}
