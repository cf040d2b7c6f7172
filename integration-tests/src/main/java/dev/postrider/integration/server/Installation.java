package dev.postrider.integration.server;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where {@code mvn package} laid out the two programs.
 *
 * @param server the launcher {@code postriderd}
 * @param client the launcher {@code postrider}
 */
public record Installation(Path server, Path client) {

  /**
   * Finds them below {@code root}, the top of the source tree; says what to run if one is missing.
   */
  public static Installation below(Path root) {
    return new Installation(
        launcher(root.resolve("mail-server/target/postriderd/bin/postriderd")),
        launcher(root.resolve("mail-client/target/postrider/bin/postrider")));
  }

  private static Path launcher(Path file) {
    if (!Files.isExecutable(file)) {
      throw new IllegalStateException(file + " is missing: run mvn -DskipTests package first");
    }
    return file.toAbsolutePath();
  }
}
