package dev.postrider.server.config;

import java.util.Optional;

/**
 * How a value is written, in the file and in an environment variable.
 *
 * @param type for the reference, such as "duration"
 * @param toml reads what the TOML parser made of it: a String, Long, TomlArray, …
 * @param text reads an environment variable
 */
record Format<T>(String type, Reading<Object, T> toml, Reading<String, T> text) {

  /** Reads one form of a value. */
  @FunctionalInterface
  interface Reading<A, T> {
    T read(A written) throws Unfit;
  }

  /** The value cannot be used. The message says why and what to write, without the key. */
  static final class Unfit extends Exception {
    private static final long serialVersionUID = 1L;

    private final String reason;

    Unfit(String reason) {
      super(reason);
      this.reason = reason;
    }

    String reason() {
      return reason;
    }
  }

  /** A value that the file writes as text in quotes. */
  static <T> Format<T> quoted(String type, Reading<String, T> text) {
    return new Format<>(
        type,
        written -> {
          if (written instanceof String string) {
            return text.read(string);
          }
          throw new Unfit("must be text in quotes (" + type + "), not " + nameOf(written));
        },
        text);
  }

  /** The same, of a value that may be missing. */
  Format<Optional<T>> optional() {
    return new Format<>(
        type,
        written -> Optional.of(toml.read(written)),
        written -> Optional.of(text.read(written)));
  }

  /** What a TOML value is called in a message. */
  static String nameOf(Object written) {
    return switch (written) {
      case String text -> "text";
      case Long number -> "the number " + number;
      case Double number -> "the number " + number;
      case Boolean truth -> truth.toString();
      case org.tomlj.TomlArray array -> "a list";
      case org.tomlj.TomlTable table -> "a section";
      case Object other -> "'" + other + "'";
    };
  }
}
