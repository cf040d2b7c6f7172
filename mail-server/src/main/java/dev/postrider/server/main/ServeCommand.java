package dev.postrider.server.main;

import dev.postrider.server.config.LogConfig;
import dev.postrider.server.config.ServerConfig;
import dev.postrider.server.observe.Logs;
import dev.postrider.storage.StoreException;
import java.time.Clock;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Runs the server until it is told to stop. */
@Command(
    name = "serve",
    header = "Run the server until SIGTERM or Ctrl-C.",
    description =
        "Logs to standard output. Once mail is accepted, a line 'postriderd ready: ...' says"
            + " where.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Examples:",
      "  postriderd serve",
      "  postriderd serve --config ./postrider.toml --data ./data --log json"
    })
final class ServeCommand implements Callable<Integer> {

  private static final Logger log = LoggerFactory.getLogger(ServeCommand.class);

  private final Shell shell;

  @Mixin private final Where where = new Where();

  @Option(
      names = "--log",
      paramLabel = "FORMAT",
      description = "Log lines as 'text' or 'json'; goes before the configuration.")
  private LogConfig.@Nullable Format format;

  ServeCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() throws Exception {
    ServerConfig config = where.read(shell.environment());
    LogConfig.Format chosen = format;
    LogConfig logging = chosen == null ? config.log() : new LogConfig(chosen, config.log().level());
    Logs.start(shell.out(), logging);
    Server server = Server.start(config, Clock.systemUTC(), ServeCommand::end);
    stopOnSignal(server);
    if (logging.format() == LogConfig.Format.TEXT) {
      shell.out().println("postriderd ready: " + server.listening());
    }
    log.info(
        "server.ready listening={} pid={} start-ms={}",
        server.listening(),
        ProcessHandle.current().pid(),
        sinceProcessStart().toMillis());
    new CountDownLatch(1).await();
    return ExitCode.OK;
  }

  /**
   * The Java way to hear SIGTERM and SIGINT. The process would then end with a status that tells of
   * the signal; a supervisor is to see that everything was finished instead.
   */
  static void stopOnSignal(Server server) {
    Runtime.getRuntime()
        .addShutdownHook(
            Thread.ofPlatform()
                .name("stop")
                .unstarted(
                    () -> {
                      log.info("server.stopping");
                      server.close();
                      log.info("server.stopped");
                      Runtime.getRuntime().halt(ExitCode.OK);
                    }));
  }

  /**
   * Nothing may be acknowledged any more, and what was is on the disk: end without another word.
   */
  static void end(StoreException failure) {
    log.error(
        "server.store-failed kind={}", failure.kind().name().toLowerCase(Locale.ROOT), failure);
    Runtime.getRuntime().halt(ExitCode.IO);
  }

  private static Duration sinceProcessStart() {
    return ProcessHandle.current()
        .info()
        .startInstant()
        .map(start -> Duration.between(start, Clock.systemUTC().instant()))
        .orElse(Duration.ZERO);
  }
}
