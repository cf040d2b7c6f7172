package dev.postrider.server.config;

/** How and how much is told on standard output. */
public record LogConfig(Format format, Level level) {

  public static final LogConfig DEFAULTS = new LogConfig(Format.TEXT, Level.INFO);

  /** How a line looks. */
  public enum Format {
    /** {@code time level event key=value …}, for people and grep. */
    TEXT,
    /** One JSON object per line, for collectors. */
    JSON
  }

  /** The least that is told. */
  public enum Level {
    DEBUG,
    INFO,
    WARN,
    ERROR
  }
}
