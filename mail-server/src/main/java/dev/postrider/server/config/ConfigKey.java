package dev.postrider.server.config;

import java.util.Locale;
import java.util.Optional;

/**
 * One thing that an operator can set.
 *
 * @param section as in {@code [section]}; empty at the top of the file
 * @param value when it is left out
 * @param fallback the same for the reference: TOML, or words when it has no fixed value
 * @param sample TOML for the commented sample
 * @param purpose one or more sentences
 */
record ConfigKey<T>(
    String section,
    String name,
    Format<T> format,
    Optional<T> value,
    String fallback,
    String sample,
    String purpose) {

  /** Starts the name of every environment variable that sets something. */
  static final String VARIABLE_PREFIX = "POSTRIDER_";

  /** A key with a value of its own, which the reference shows as TOML. */
  static <T> ConfigKey<T> of(
      String section, String name, Format<T> format, T value, String toml, String purpose) {
    return new ConfigKey<>(section, name, format, Optional.of(value), toml, toml, purpose);
  }

  /** A key without a fixed value; {@code fallback} says what happens without it. */
  static <T> ConfigKey<T> unset(
      String section,
      String name,
      Format<T> format,
      String fallback,
      String sample,
      String purpose) {
    return new ConfigKey<>(section, name, format, Optional.empty(), fallback, sample, purpose);
  }

  /** {@code listen.smtp}. */
  String path() {
    return section.isEmpty() ? name : section + "." + name;
  }

  /** {@code POSTRIDER_LISTEN_SMTP}: the path in capitals, with '_' for '.'. */
  String variable() {
    return VARIABLE_PREFIX + path().replace('.', '_').toUpperCase(Locale.ROOT);
  }
}
