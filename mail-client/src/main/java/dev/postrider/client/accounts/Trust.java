package dev.postrider.client.accounts;

import java.nio.file.Path;

/** Which server certificates are believed. */
public sealed interface Trust {

  /** Those the Java runtime's own list of authorities leads to. */
  record Platform() implements Trust {}

  /** Only those signed by the authorities in this PEM file; the host name is checked too. */
  record Authority(Path file) implements Trust {}

  /**
   * Exactly one certificate, whatever name it carries.
   *
   * @param sha256 the SHA-256 of its DER form: 64 lower-case hexadecimal digits
   */
  record Fingerprint(String sha256) implements Trust {}
}
