package dev.postrider.client.accounts;

import java.nio.file.Path;

/** Where the password of an account comes from. The configuration never holds one itself. */
public sealed interface PasswordSource {

  /** The first line a shell command prints. */
  record Command(String shell) implements PasswordSource {}

  /** The desktop's keyring (Secret Service), through {@code secret-tool}. */
  record Keyring() implements PasswordSource {}

  /** The first line of a file that only its owner may read. */
  record File(Path path) implements PasswordSource {}

  /** Typed in each time. */
  record Ask() implements PasswordSource {}
}
