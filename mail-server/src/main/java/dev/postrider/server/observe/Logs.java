package dev.postrider.server.observe;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import ch.qos.logback.core.spi.ContextAwareBase;
import dev.postrider.server.config.LogConfig;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.slf4j.LoggerFactory;

/**
 * Sets up logging, in code: reading a file of settings for it would take a tenth of the start.
 *
 * <p>Logback finds this class by its service file. Until a server starts, warnings alone are told,
 * on standard error, so that the output of a subcommand stays its own.
 */
public final class Logs extends ContextAwareBase implements Configurator {

  /** For logback. */
  public Logs() {}

  @Override
  public ExecutionStatus configure(LoggerContext context) {
    install(context, System.err, new LogConfig(LogConfig.Format.TEXT, LogConfig.Level.WARN));
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }

  /** From now on, lines go to {@code out} as configured. */
  public static void start(PrintStream out, LogConfig config) {
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      install(context, out, config);
    }
  }

  private static void install(LoggerContext context, PrintStream out, LogConfig config) {
    Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    root.detachAndStopAllAppenders();
    Lines lines = new Lines(out, config.format());
    lines.setContext(context);
    lines.start();
    root.addAppender(lines);
    root.setLevel(level(config.level()));
    if (config.level() == LogConfig.Level.DEBUG) {
      root.setLevel(Level.INFO);
      context.getLogger("dev.postrider").setLevel(Level.DEBUG);
    }
    // What it warns of, the store says in its own lines, as far as it matters.
    context.getLogger("com.zaxxer.hikari").setLevel(Level.ERROR);
  }

  private static Level level(LogConfig.Level level) {
    return switch (level) {
      case DEBUG -> Level.DEBUG;
      case INFO -> Level.INFO;
      case WARN -> Level.WARN;
      case ERROR -> Level.ERROR;
    };
  }

  /** Writes each line in one piece, so that lines of different threads do not mix. */
  private static final class Lines extends AppenderBase<ILoggingEvent> {
    private final PrintStream out;
    private final LogConfig.Format format;

    Lines(PrintStream out, LogConfig.Format format) {
      this.out = out;
      this.format = format;
    }

    @Override
    protected void append(ILoggingEvent event) {
      LogLine line = LogLine.of(event);
      String text =
          switch (format) {
            case TEXT -> line.asText();
            case JSON -> line.asJson();
          };
      byte[] octets = text.getBytes(StandardCharsets.UTF_8);
      out.write(octets, 0, octets.length);
      out.flush();
    }
  }
}
