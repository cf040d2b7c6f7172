package dev.postrider.client.accounts;

import java.util.Locale;
import java.util.Optional;

/** How a connection is protected. */
public enum TlsMode {
  /** TLS from the first octet. RFC 8314 section 3. */
  TLS,
  /** Plain, then STARTTLS, which must succeed. RFC 3207 section 4; RFC 9051 section 6.2.1. */
  STARTTLS,
  /** No protection; only for loopback, unless the account allows plain text. */
  NONE;

  /** The word used in flags and in the configuration file. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static Optional<TlsMode> ofWord(String word) {
    for (TlsMode mode : values()) {
      if (mode.word().equals(word)) {
        return Optional.of(mode);
      }
    }
    return Optional.empty();
  }
}
