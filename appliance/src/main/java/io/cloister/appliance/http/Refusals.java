package io.cloister.appliance.http;

import io.cloister.appliance.inference.InferenceRefusal;
import io.cloister.appliance.inference.InferenceRefusal.BadContent;
import io.cloister.appliance.inference.InferenceRefusal.CallerLeft;
import io.cloister.appliance.inference.InferenceRefusal.DeadlineExceeded;
import io.cloister.appliance.inference.InferenceRefusal.DuplicateInput;
import io.cloister.appliance.inference.InferenceRefusal.MissingInput;
import io.cloister.appliance.inference.InferenceRefusal.ModelFault;
import io.cloister.appliance.inference.InferenceRefusal.NoRoom;
import io.cloister.appliance.inference.InferenceRefusal.NotReady;
import io.cloister.appliance.inference.InferenceRefusal.QueueFull;
import io.cloister.appliance.inference.InferenceRefusal.RunTooLong;
import io.cloister.appliance.inference.InferenceRefusal.UnequalDimensions;
import io.cloister.appliance.inference.InferenceRefusal.UnknownInput;
import io.cloister.appliance.inference.InferenceRefusal.UnknownModel;
import io.cloister.appliance.inference.InferenceRefusal.UnknownOutput;
import io.cloister.appliance.inference.InferenceRefusal.WaitTooLong;
import io.cloister.appliance.inference.InferenceRefusal.WorkerCrashed;
import io.cloister.appliance.inference.InferenceRefusal.WrongDatatype;
import io.cloister.appliance.inference.InferenceRefusal.WrongShape;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.HttpException;
import io.helidon.http.Status;
import java.math.BigDecimal;
import java.time.Duration;

/** Words and status for every way a model refuses. */
public final class Refusals {
  /** A worker that is being restarted is back within a few seconds. */
  private static final Duration RESTART = Duration.ofSeconds(2);

  private static final Duration SOON = Duration.ofSeconds(1);

  private static final String LEFT =
      "the caller left before the answer: whoever ends its side of the connection is taken for gone";

  /** Hardly anybody reads it; as proxies write it into their logs. */
  public static final Status CALLER_LEFT = Status.create(499, "Client Closed Request");

  private Refusals() {}

  public static HttpException answer(InferenceRefusal refusal) {
    return switch (refusal) {
      case UnknownModel e -> status(Status.NOT_FOUND_404, words(e));
      case UnknownInput e ->
          badRequest(
              "the model has no input '%s'; its inputs are %s".formatted(e.input(), e.known()));
      case MissingInput e -> badRequest("the input '%s' is missing".formatted(e.input()));
      case DuplicateInput e ->
          badRequest("the input '%s' was sent twice; send it once".formatted(e.input()));
      case WrongDatatype e ->
          badRequest(
              "input '%s': expected datatype %s, got %s"
                  .formatted(e.input(), e.expected(), e.actual()));
      case WrongShape e ->
          badRequest(
              "input '%s': expected shape %s (-1: any size), got %s"
                  .formatted(e.input(), e.expected().toString().replace(" ", ""), e.actual()));
      case UnequalDimensions e -> badRequest(words(e));
      case UnknownOutput e ->
          badRequest(
              "the model has no output '%s'; its outputs are %s".formatted(e.output(), e.known()));
      case BadContent e ->
          badRequest("the model cannot take these values: %s".formatted(e.reason()));
      case NotReady e -> later(Status.SERVICE_UNAVAILABLE_503, words(e), RESTART);
      case QueueFull e -> later(Status.TOO_MANY_REQUESTS_429, words(e), e.retryAfter());
      case WaitTooLong e -> later(Status.TOO_MANY_REQUESTS_429, words(e), e.retryAfter());
      case CallerLeft _ -> status(CALLER_LEFT, LEFT);
      case DeadlineExceeded e -> status(Status.GATEWAY_TIMEOUT_504, words(e));
      case RunTooLong e -> status(Status.GATEWAY_TIMEOUT_504, words(e));
      case NoRoom e ->
          later(Status.SERVICE_UNAVAILABLE_503, e.reason() + "; try again in 1 s", SOON);
      case WorkerCrashed e -> later(Status.SERVICE_UNAVAILABLE_503, words(e), RESTART);
      case ModelFault e ->
          status(Status.INTERNAL_SERVER_ERROR_500, "the model reported an error: " + e.reason());
    };
  }

  private static String words(UnknownModel e) {
    return e.version()
        .map(
            version ->
                "version %s of the model '%s' does not serve here".formatted(version, e.model()))
        .orElseGet(() -> "there is no model '%s' here".formatted(e.model()));
  }

  private static String words(UnequalDimensions e) {
    return "the dimension '%s' must have one size: it is %d in input '%s' and %d in input '%s'"
        .formatted(e.dimension(), e.size(), e.input(), e.otherSize(), e.otherInput());
  }

  private static String words(NotReady e) {
    return "%s does not serve at the moment: %s".formatted(e.model().title(), e.reason());
  }

  private static String words(RunTooLong e) {
    return ("the model worked on this request for its limit of %d s (limits in its model.yaml)"
            + " and was ended; send fewer rows at a time")
        .formatted(e.limit().toSeconds());
  }

  private static String words(QueueFull e) {
    return "%d requests wait for this model already, which is its limit; try again in %d s"
        .formatted(e.waiting(), seconds(e.retryAfter()));
  }

  private static String words(WaitTooLong e) {
    return "the requests that wait for this model take about %d ms, which is more than this one's time"
            .formatted(e.expected().toMillis())
        + "; try again in %d s".formatted(seconds(e.retryAfter()));
  }

  private static String words(DeadlineExceeded e) {
    return "no answer within %s ms; send fewer rows at a time, or allow more (timeout in the request, "
            .formatted(millis(e.limit()))
        + "limits.request_seconds here)";
  }

  /** A caller may allow as little as a microsecond. */
  private static String millis(Duration time) {
    return BigDecimal.valueOf(time.toNanos(), 6).stripTrailingZeros().toPlainString();
  }

  private static String words(WorkerCrashed e) {
    return ("the process that runs the model ended while it had this request (%s) and is being"
            + " restarted; try again, and not a third time: a request can be the cause of it")
        .formatted(e.reason());
  }

  /** What the caller can mend. */
  public static HttpException badRequest(String message) {
    return status(Status.BAD_REQUEST_400, message);
  }

  private static HttpException status(Status status, String message) {
    return new HttpException(message, status, true);
  }

  private static HttpException later(Status status, String message, Duration wait) {
    return status(status, message)
        .header(HeaderValues.create(HeaderNames.RETRY_AFTER, String.valueOf(seconds(wait))));
  }

  /** Whole seconds, rounded up: the header knows no smaller unit (RFC 9110 §10.2.3). */
  private static long seconds(Duration wait) {
    return Math.max(1, wait.plusMillis(999).toSeconds());
  }
}
