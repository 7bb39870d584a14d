package io.cloister.appliance.http;

import io.cloister.appliance.access.Account;
import io.helidon.http.Headers;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A request and how it was answered, for its line in the log.
 *
 * @param id under which the caller was told to look
 * @param headers of the request
 * @param status of the answer; where another protocol has its own, what HTTP would say
 * @param grpcStatus of an answer over gRPC
 * @param peer address of the caller
 * @param nanos from the request to its answer
 */
public record Exchange(
    String id,
    Headers headers,
    String method,
    String path,
    int status,
    OptionalInt grpcStatus,
    String peer,
    Optional<Account> account,
    Optional<ModelCall> call,
    long nanos) {

  /** Where such lines go. */
  public interface Log {
    /** The request's own id, or a new one. */
    String id(Headers headers);

    /** After the answer. */
    void add(Exchange exchange);
  }
}
