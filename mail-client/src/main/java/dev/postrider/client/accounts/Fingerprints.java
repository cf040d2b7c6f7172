package dev.postrider.client.accounts;

import java.util.Locale;
import java.util.Optional;

/** SHA-256 fingerprints of certificates as people copy them. */
public final class Fingerprints {
  private Fingerprints() {}

  /** 64 hexadecimal digits, with or without colons, in either case. */
  public static Optional<Trust> parse(String text) {
    String digits = text.replace(":", "").replace(" ", "").toLowerCase(Locale.ROOT);
    return digits.matches("[0-9a-f]{64}")
        ? Optional.of(new Trust.Fingerprint(digits))
        : Optional.empty();
  }
}
