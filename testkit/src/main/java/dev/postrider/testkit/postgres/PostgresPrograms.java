package dev.postrider.testkit.postgres;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The programs of the newest PostgreSQL on this machine, and the user that runs them. PostgreSQL
 * refuses to be run by root; for root it is the user that Debian's package makes.
 */
record PostgresPrograms(Path bin) {

  static final int OLDEST_VERSION = 15;

  /** Where Debian puts them: one directory for each major version, with {@code bin} in it. */
  private static final Path DEBIAN = Path.of("/usr/lib/postgresql");

  private static final String USER = "postgres";
  private static final Pattern NUMBER = Pattern.compile("\\d{1,4}");

  static PostgresPrograms installed() throws IOException {
    return installedIn(DEBIAN)
        .orElseThrow(
            () ->
                new IOException(
                    "no PostgreSQL "
                        + OLDEST_VERSION
                        + " or newer in "
                        + DEBIAN
                        + ": install the Debian package postgresql, or run .ci/install"));
  }

  /** The newest one in there, if any is new enough. */
  static Optional<PostgresPrograms> installedIn(Path versions) throws IOException {
    if (!Files.isDirectory(versions)) {
      return Optional.empty();
    }
    try (Stream<Path> directories = Files.list(versions)) {
      return directories
          .filter(directory -> version(directory) >= OLDEST_VERSION)
          .filter(directory -> Files.isExecutable(directory.resolve("bin/postgres")))
          .max(Comparator.comparingInt(PostgresPrograms::version))
          .map(directory -> new PostgresPrograms(directory.resolve("bin")));
    }
  }

  private static int version(Path directory) {
    String name = String.valueOf(directory.getFileName());
    return NUMBER.matcher(name).matches() ? Integer.parseInt(name) : 0;
  }

  /** Makes a directory that the server may call its own. */
  Path newDirectory() throws IOException {
    Path directory = Files.createTempDirectory("postgres-");
    if (isRoot()) {
      Files.setOwner(
          directory,
          directory.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(USER));
    }
    return directory;
  }

  /** The words of a command, put so that it runs as a user whom PostgreSQL accepts. */
  List<String> command(String... words) {
    List<String> command = new ArrayList<>();
    if (isRoot()) {
      command.addAll(List.of("setpriv", "--reuid=" + USER, "--regid=" + USER, "--init-groups"));
    }
    command.addAll(List.of(words));
    return command;
  }

  String path(String program) {
    return bin.resolve(program).toString();
  }

  /**
   * Runs a command to its end.
   *
   * @param directory where it works
   * @return what it wrote
   * @throws IOException with what it wrote, when it fails
   */
  String run(Path directory, String... words) throws IOException {
    Process process =
        new ProcessBuilder(command(words))
            .directory(directory.toFile())
            .redirectInput(new File("/dev/null"))
            .redirectErrorStream(true)
            .start();
    try (var output = process.getInputStream()) {
      String said = new String(output.readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new IOException(String.join(" ", words) + ": " + said.strip());
      }
      return said;
    } catch (InterruptedException e) {
      process.destroy();
      throw new IOException("interrupted: " + words[0], e);
    }
  }

  private static boolean isRoot() {
    return "root".equals(System.getProperty("user.name"));
  }
}
