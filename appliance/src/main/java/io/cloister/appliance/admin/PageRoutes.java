package io.cloister.appliance.admin;

import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.webserver.http.Filter;
import io.helidon.webserver.http.FilterChain;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;

/**
 * The console's page: three files, open to all, because they hold nothing but the form to log in.
 */
public final class PageRoutes implements HttpService {
  private static final Map<String, String> FILES =
      Map.of(
          "index.html", "text/html; charset=utf-8",
          "console.css", "text/css; charset=utf-8",
          "console.js", "text/javascript; charset=utf-8",
          "chart.js", "text/javascript; charset=utf-8",
          "dom.js", "text/javascript; charset=utf-8",
          "try.js", "text/javascript; charset=utf-8",
          "icon.svg", "image/svg+xml");

  @Override
  public void routing(HttpRules rules) {
    FILES.forEach((name, type) -> serve(rules, "/" + name, name, type));
    serve(rules, "/", "index.html", "text/html; charset=utf-8");
  }

  private static void serve(HttpRules rules, String path, String name, String type) {
    byte[] content = read(name);
    Header header = HeaderValues.createCached(HeaderNames.CONTENT_TYPE, type);
    rules.get(path, (request, response) -> response.header(header).send(content));
  }

  private static byte[] read(String name) {
    try (InputStream in = PageRoutes.class.getResourceAsStream("page/" + name)) {
      if (in == null) {
        throw new IllegalStateException("the page lacks its file " + name);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException("the page cannot be read", e);
    }
  }

  /** What every answer of the console tells the browser not to do. */
  public static final class BrowserRules implements Filter {
    private static final List<Header> HEADERS =
        List.of(
            HeaderValues.createCached(
                HeaderNames.create("Content-Security-Policy"),
                "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
                    + " connect-src 'self'; form-action 'self'; base-uri 'none';"
                    + " frame-ancestors 'none'"),
            HeaderValues.createCached(HeaderNames.create("X-Content-Type-Options"), "nosniff"),
            HeaderValues.createCached(HeaderNames.create("X-Frame-Options"), "DENY"),
            HeaderValues.createCached(HeaderNames.create("Referrer-Policy"), "no-referrer"),
            HeaderValues.createCached(
                HeaderNames.create("Cross-Origin-Opener-Policy"), "same-origin"),
            HeaderValues.createCached(
                HeaderNames.create("Cross-Origin-Resource-Policy"), "same-origin"),
            HeaderValues.createCached(HeaderNames.CACHE_CONTROL, "no-store"));

    @Override
    public void filter(FilterChain chain, RoutingRequest request, RoutingResponse response) {
      HEADERS.forEach(response::header);
      chain.proceed();
    }
  }
}
