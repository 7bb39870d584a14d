package io.cloister.appliance.oip.grpc;

import io.helidon.http.Status;

/** How a call ended (gRPC, "Status codes"). */
enum GrpcCode {
  OK(0),
  CANCELLED(1),
  INVALID_ARGUMENT(3),
  DEADLINE_EXCEEDED(4),
  NOT_FOUND(5),
  PERMISSION_DENIED(7),
  RESOURCE_EXHAUSTED(8),
  UNIMPLEMENTED(12),
  INTERNAL(13),
  UNAVAILABLE(14),
  UNAUTHENTICATED(16);

  private final int number;

  GrpcCode(int number) {
    this.number = number;
  }

  int number() {
    return number;
  }

  /** What says the same as that answer over REST. */
  static GrpcCode of(Status status) {
    return switch (status.code()) {
      case 400 -> INVALID_ARGUMENT;
      case 401 -> UNAUTHENTICATED;
      case 403 -> PERMISSION_DENIED;
      case 404 -> NOT_FOUND;
      case 408, 504 -> DEADLINE_EXCEEDED;
      case 413, 429 -> RESOURCE_EXHAUSTED;
      case 415, 501 -> UNIMPLEMENTED;
      case 499 -> CANCELLED;
      case 503 -> UNAVAILABLE;
      default -> INTERNAL;
    };
  }
}
