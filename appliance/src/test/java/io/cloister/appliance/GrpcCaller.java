package io.cloister.appliance;

import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.TextFormat;
import io.grpc.CallOptions;
import io.grpc.ChannelCredentials;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.TlsChannelCredentials;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/** grpc-java, with messages by their description, written in protobuf's text form. */
final class GrpcCaller implements AutoCloseable {
  static final String SERVICE = "inference.GRPCInferenceService";

  /** Made of docs/reference/inference.proto: {@code protoc --descriptor_set_out}. */
  private static final String DESCRIPTION = "/grpc/inference.desc";

  private static final ServiceDescriptor METHODS = methods();

  private final ManagedChannel channel;
  private final Optional<String> token;

  GrpcCaller(RunningAppliance appliance, Optional<String> token) throws IOException {
    this.token = token;
    URI there = appliance.inference("/");
    this.channel =
        Grpc.newChannelBuilderForAddress("localhost", there.getPort(), trust(appliance, there))
            .build();
  }

  private static ChannelCredentials trust(RunningAppliance appliance, URI there)
      throws IOException {
    return there.getScheme().equals("http")
        ? InsecureChannelCredentials.create()
        : TlsChannelCredentials.newBuilder().trustManager(appliance.certificate().toFile()).build();
  }

  private static ServiceDescriptor methods() {
    try (InputStream bytes = GrpcCaller.class.getResourceAsStream(DESCRIPTION)) {
      return FileDescriptor.buildFrom(
              FileDescriptorSet.parseFrom(bytes).getFile(0), new FileDescriptor[0])
          .findServiceByName("GRPCInferenceService");
    } catch (Exception e) {
      throw new IllegalStateException(DESCRIPTION, e);
    }
  }

  /** The message of that type, e.g. {@code name: "digits"}. */
  static DynamicMessage message(Descriptor type, String text) {
    try {
      DynamicMessage.Builder builder = DynamicMessage.newBuilder(type);
      TextFormat.merge(text, builder);
      return builder.build();
    } catch (TextFormat.ParseException e) {
      throw new IllegalArgumentException(text, e);
    }
  }

  /** The names of all methods with one answer. */
  static List<String> unaryMethods() {
    return METHODS.getMethods().stream()
        .filter(method -> !method.isServerStreaming())
        .map(method -> method.getName())
        .toList();
  }

  static Descriptor request(String method) {
    return METHODS.findMethodByName(method).getInputType();
  }

  private record Form(Descriptor type) implements Marshaller<DynamicMessage> {
    @Override
    public InputStream stream(DynamicMessage value) {
      return new ByteArrayInputStream(value.toByteArray());
    }

    @Override
    public DynamicMessage parse(InputStream stream) {
      try {
        return DynamicMessage.parseFrom(type, stream);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static MethodDescriptor<DynamicMessage, DynamicMessage> method(
      String name, MethodType kind) {
    var described = METHODS.findMethodByName(name);
    return MethodDescriptor.<DynamicMessage, DynamicMessage>newBuilder()
        .setFullMethodName(SERVICE + "/" + name)
        .setType(kind)
        .setRequestMarshaller(new Form(described.getInputType()))
        .setResponseMarshaller(new Form(described.getOutputType()))
        .build();
  }

  private io.grpc.Channel channel() {
    Metadata metadata = new Metadata();
    token.ifPresent(
        own ->
            metadata.put(
                Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER),
                "Bearer " + own));
    return io.grpc.ClientInterceptors.intercept(
        channel, MetadataUtils.newAttachHeadersInterceptor(metadata));
  }

  DynamicMessage call(String name, String request, CallOptions options) {
    return ClientCalls.blockingUnaryCall(
        channel(), method(name, MethodType.UNARY), options, message(request(name), request));
  }

  DynamicMessage call(String name, String request) {
    return call(name, request, CallOptions.DEFAULT);
  }

  /** The answer in text form. */
  String ask(String name, String request) {
    return TextFormat.printer().printToString(call(name, request));
  }

  /** A stream of requests, whose answers go there. */
  StreamObserver<DynamicMessage> stream(StreamObserver<DynamicMessage> answers) {
    return ClientCalls.asyncBidiStreamingCall(
        channel()
            .newCall(method("ModelStreamInfer", MethodType.BIDI_STREAMING), CallOptions.DEFAULT),
        answers);
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }
}
