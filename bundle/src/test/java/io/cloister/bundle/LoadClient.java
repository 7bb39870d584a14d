package io.cloister.bundle;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Ordinary callers with keep-alive connections, each of which asks again as soon as it is answered.
 * Nothing is tried twice. Ends when standard input does, and prints how often it saw what.
 */
final class LoadClient {
  private LoadClient() {}

  /** Arguments: URL TOKEN CALLERS. */
  public static void main(String[] arguments) throws Exception {
    Map<String, Integer> seen = new TreeMap<>();
    var ended = new AtomicBoolean();
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {new Anyone()}, new SecureRandom());
    try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < Integer.parseInt(arguments[2]); i++) {
        callers.execute(() -> call(context, arguments[0], arguments[1], seen, ended));
      }
      System.in.readAllBytes();
      ended.set(true);
      callers.shutdown();
      callers.awaitTermination(1, TimeUnit.MINUTES);
    }
    seen.forEach((what, count) -> System.out.println(what + " " + count));
  }

  private static void call(
      SSLContext context,
      String url,
      String token,
      Map<String, Integer> seen,
      AtomicBoolean ended) {
    String body =
        """
        {"inputs":[{"name":"text","datatype":"BYTES","shape":[1],"data":["hello"]}]}""";
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url))
            .header("Authorization", "Bearer " + token)
            .timeout(Duration.ofSeconds(30))
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    try (HttpClient client =
        HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).sslContext(context).build()) {
      while (!ended.get()) {
        String what;
        try {
          what = "" + client.send(request, HttpResponse.BodyHandlers.ofString()).statusCode();
        } catch (Exception e) {
          what = e.toString();
        }
        synchronized (seen) {
          seen.merge(what, 1, Integer::sum);
        }
      }
    }
  }

  /** The certificate is the host's own, and who it is does not matter here. */
  private static final class Anyone extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, java.net.Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, java.net.Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
