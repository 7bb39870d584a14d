package io.cloister.appliance;

import io.cloister.appliance.StartFault.FolderUnusable;
import io.cloister.appliance.access.Account.Role;
import io.cloister.appliance.access.Gate;
import io.cloister.appliance.access.Sessions;
import io.cloister.appliance.admin.ConsoleRoutes;
import io.cloister.appliance.admin.Operations;
import io.cloister.appliance.admin.OperatorCommands;
import io.cloister.appliance.admin.OperatorSocket;
import io.cloister.appliance.admin.PageRoutes;
import io.cloister.appliance.admin.SessionRoutes;
import io.cloister.appliance.admin.StatusReport;
import io.cloister.appliance.admin.StatusReport.Bound;
import io.cloister.appliance.admin.StatusReport.Identity;
import io.cloister.appliance.admin.Succession;
import io.cloister.appliance.admin.TokenCommands;
import io.cloister.appliance.compat.OpenAiRoutes;
import io.cloister.appliance.compat.TensorFlowRoutes;
import io.cloister.appliance.config.Settings.Listener;
import io.cloister.appliance.http.Answers;
import io.cloister.appliance.http.Closing;
import io.cloister.appliance.http.Framing;
import io.cloister.appliance.http.OpenApi;
import io.cloister.appliance.http.RequestBodies;
import io.cloister.appliance.http2.Http2Connections;
import io.cloister.appliance.inference.ApplyOutcome;
import io.cloister.appliance.inference.ModelServer;
import io.cloister.appliance.inference.Records;
import io.cloister.appliance.inference.Tuner;
import io.cloister.appliance.inference.Workers;
import io.cloister.appliance.model.AcceptanceRecords;
import io.cloister.appliance.model.Routing;
import io.cloister.appliance.model.Tunings;
import io.cloister.appliance.observe.AccessLog;
import io.cloister.appliance.observe.JsonLog;
import io.cloister.appliance.observe.Metrics;
import io.cloister.appliance.observe.PrometheusText;
import io.cloister.appliance.observe.RequestLog;
import io.cloister.appliance.observe.ResponseCounts;
import io.cloister.appliance.oip.Health;
import io.cloister.appliance.oip.OipRoutes;
import io.cloister.appliance.oip.grpc.GrpcService;
import io.cloister.appliance.scrub.RepairCall;
import io.cloister.appliance.scrub.Scrub;
import io.cloister.repo.content.DurableFiles;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/** The running service: all its parts, built in order, and stopped in the opposite one. */
final class Appliance implements AutoCloseable {
  /** With connections on which nothing is asked, when the service ends. */
  private static final Duration IDLE_PATIENCE = Duration.ofSeconds(2);

  /** Before it listens all the same, on sockets that were passed. */
  private static final Duration LOAD_PATIENCE = Duration.ofSeconds(30);

  private final Foundation foundation;
  private final JsonLog log;
  private final Workers workers;
  private final ModelServer models;
  private final Tuner tuner;
  private final Operations operations;
  private final Scrub scrub;
  private final StatusReport status;
  private final Sessions sessions;
  private final ResponseCounts responses = new ResponseCounts();
  private final AccessLog access;
  private final RequestBodies bodies;
  private final OipRoutes oip;
  private final Http2Connections http2;
  private final WebServer server;
  private final ReentrantLock listenLock = new ReentrantLock();
  private volatile boolean ending;

  /**
   * Builds everything and touches no socket.
   *
   * @param repair made when installed files were changed
   * @param heapBytes of this process
   */
  Appliance(
      Foundation foundation,
      Workers workers,
      JsonLog log,
      InstantSource clock,
      Optional<RepairCall> repair,
      long heapBytes) {
    var limits = foundation.settings().limits();
    this.foundation = foundation;
    this.log = log;
    var acceptances = new AcceptanceRecords(foundation.database());
    this.workers = workers;
    var records = new Records(acceptances, new Tunings(foundation.database()), ThisHost.describe());
    models = new ModelServer(workers, new Routing(foundation.database()), records, limits);
    tuner = new Tuner(models, workers, records, clock);
    operations = new Operations(models, foundation.folders().deployment());
    String fingerprint = foundation.certificate().fingerprint();
    var identity = new Identity(clock.instant(), foundation.folders().release(), fingerprint);
    scrub =
        new Scrub(
            foundation.folders().store(),
            foundation.folders().findPrograms(),
            () -> operations.state().deployment(),
            foundation.settings().scrub(),
            clock,
            repair);
    status = new StatusReport(models, operations, acceptances, scrub, identity, this::bound);
    access =
        AccessLog.openIfPossible(
            foundation.folders().accessLog(), foundation.settings().accessLog().mebibytes());
    sessions = new Sessions(clock, new SecureRandom());
    bodies = new RequestBodies(limits.requestBytes(), heapBytes, limits.requestTime());
    oip = new OipRoutes(models, foundation.folders().release(), bodies);
    http2 = http2();
    HelidonServices.register();
    server = Listeners.build(foundation, inferenceRoutes(), http2, consoleRoutes());
  }

  /** What comes before every route of a listener, the filters outermost first. */
  private void prepare(HttpRouting.Builder routes, Gate gate, String listener) {
    routes.addFilter(new Closing(() -> ending));
    routes.addFilter(new RequestLog(log, access, responses, listener));
    gate.prepare(routes);
    routes.any(new Framing());
  }

  /** gRPC, on the port of the inference routes. */
  private Http2Connections http2() {
    GrpcService grpc =
        new GrpcService(
            models,
            foundation.folders().release(),
            this::ready,
            bodies,
            foundation.tokens(),
            new RequestLog(log, access, responses, Listeners.INFERENCE));
    return new Http2Connections(grpc, bodies, bodies.time());
  }

  private boolean ready() {
    return !ending && operations.ready();
  }

  private HttpRouting.Builder inferenceRoutes() {
    HttpRouting.Builder routes = HttpRouting.builder();
    Gate gate = Gate.forTokens(foundation.tokens());
    prepare(routes, gate, Listeners.INFERENCE);
    Answers.onErrors(routes, OpenAiRoutes::writeError);
    routes.register("/v2/health", new Health(this::ready));
    Answers.read(routes, "/openapi.json", new OpenApi());
    gate.require(routes, Role.USER);
    routes.register("/v2", oip);
    routes.register("/v1", new OpenAiRoutes(models, bodies), new TensorFlowRoutes(models, bodies));
    return routes.any(Answers.notFound());
  }

  private HttpRouting.Builder consoleRoutes() {
    HttpRouting.Builder routes = HttpRouting.builder();
    Gate gate = Gate.forTokensAndSessions(foundation.tokens(), sessions);
    routes.addFilter(new PageRoutes.BrowserRules());
    prepare(routes, gate, Listeners.CONSOLE);
    Answers.onErrors(routes, Answers.ErrorForm.PLAIN);
    routes.any(Gate.sameOrigin());
    routes.register("/", new PageRoutes());
    routes.register("/api/session", new SessionRoutes(foundation.tokens(), sessions, bodies));
    gate.require(routes, Role.USER);
    routes.get("/metrics", new PrometheusText(models, responses, scrub));
    routes.any(Gate.only(Role.ADMIN));
    routes.register("/api/v2", oip);
    routes.register("/api", new ConsoleRoutes(models, operations, status));
    return routes.any(Answers.notFound());
  }

  /**
   * Listens, then makes the deployment serve in the background: live at once, ready when it does.
   * On sockets that were passed callers wait already, and are better answered than told to wait:
   * what loads soon is loaded first. A candidate leaves them to the release that serves, until it
   * is told to take over.
   */
  OperatorSocket start() throws StartRefused, InterruptedException {
    Thread firstApply = Thread.ofPlatform().name("first apply").unstarted(this::firstApply);
    boolean candidate = operations.isCandidate();
    if (!candidate && !foundation.sockets().byName().isEmpty()) {
      firstApply.start();
      firstApply.join(LOAD_PATIENCE);
    }
    if (!candidate) {
      listen();
    }
    OperatorSocket socket = operatorSocket();
    scrub.start();
    log.event("started", status::write);
    if (firstApply.getState() == Thread.State.NEW) {
      firstApply.start();
    }
    return socket;
  }

  private void listen() throws StartRefused {
    listenLock.lock();
    try {
      if (!server.isRunning()) {
        server.start();
      }
    } finally {
      listenLock.unlock();
    }
    if (!server.isRunning()) {
      Listener wanted = foundation.settings().listeners().inference();
      throw new StartRefused(
          new StartFault.AddressUnfit("inference or console", wanted, "the log has the reason"));
    }
  }

  private void takeOver() throws IOException {
    try {
      listen();
      log.event("took_over", status::write);
    } catch (StartRefused e) {
      throw new IOException("the listeners cannot be opened: the log has the reason", e);
    }
  }

  private void firstApply() {
    ApplyOutcome outcome = operations.apply();
    workers.endUnasked();
    log.event("first_apply", json -> OperatorCommands.write(json, outcome));
  }

  private OperatorSocket operatorSocket() throws StartRefused {
    Path file = foundation.folders().operatorSocket();
    Metrics metrics = new Metrics(models, responses, scrub);
    Succession succession =
        new Succession(foundation.database(), foundation.folders().databases(), this::takeOver);
    try {
      DurableFiles.createFolders(Objects.requireNonNull(file.getParent()));
      var accounts = new TokenCommands(foundation.tokens(), sessions);
      return OperatorSocket.open(
          file,
          new OperatorCommands(operations, succession, status, metrics::write, tuner, accounts));
    } catch (IOException | IllegalArgumentException e) {
      throw new StartRefused(new FolderUnusable(file, e.toString()), e);
    }
  }

  /** Whether it accepts connections, or will, and its database answers; hangs when that does. */
  boolean alive() {
    return (server.isRunning() || operations.isCandidate()) && foundation.database().answers();
  }

  /** Whether the first attempt to make the deployment serve has ended. */
  boolean settled() {
    return operations.state().outcome().isPresent();
  }

  /** Where it listens now. */
  Bound bound() {
    var listeners = foundation.settings().listeners();
    return new Bound(
        bound(listeners.inference(), server.port()),
        bound(listeners.console(), server.port(Listeners.CONSOLE)));
  }

  /** A candidate's listeners will be where the settings say. */
  private static String bound(Listener listener, int port) {
    return (port > 0 ? new Listener(listener.address(), port) : listener).toString();
  }

  /** Stops accepting, answers what is in flight, ends the workers. */
  @Override
  public void close() {
    ending = true;
    http2.drain();
    try {
      foundation.sockets().drain(IDLE_PATIENCE);
    } catch (IOException e) {
      log.event("drain", json -> json.writeStringField("fault", e.toString()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    server.stop();
    scrub.close();
    tuner.close();
    models.close();
    bodies.close();
    access.close();
    foundation.database().close();
    log.event("stopped", json -> {});
  }
}
