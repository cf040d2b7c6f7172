package dev.postrider.server.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Reads what nobody else should: from a key, or from a file of its own. */
final class Secrets {

  /** Octets of a file with a password, at most: whoever names a mailbox instead hears of it. */
  private static final long SECRET_OCTETS_MAX = 4096;

  private final Source source;
  private final Path directoryOfFile;

  Secrets(Source source, Path directoryOfFile) {
    this.source = source;
    this.directoryOfFile = directoryOfFile;
  }

  /** What is written in one key, or in the file that another names. */
  Optional<String> read(ConfigKey<String> key, ConfigKey<Path> fileKey) {
    Optional<String> written = source.find(key);
    Optional<String> inFile =
        source
            .find(fileKey)
            .flatMap(file -> firstLine(fileKey, source.resolve(fileKey, file, directoryOfFile)));
    if (source.isSet(key)) {
      refuse(fileKey, key);
    }
    return inFile.or(() -> written);
  }

  private Optional<String> firstLine(ConfigKey<Path> key, Path file) {
    String wrong;
    try {
      if (!Files.exists(file)) {
        wrong = "does not exist; write the path of a file with one line";
      } else if (Files.size(file) > SECRET_OCTETS_MAX) {
        wrong = "is too large; write the path of a file with one line";
      } else {
        Optional<String> line = Files.readString(file, StandardCharsets.UTF_8).lines().findFirst();
        if (line.isPresent() && !line.get().isEmpty()) {
          return line;
        }
        wrong = "has nothing in its first line; write it there";
      }
    } catch (IOException unreadable) {
      wrong = "cannot be read; give this user permission to read it";
    }
    source.problem(source.place(key), "key '" + key.path() + "': '" + file + "' " + wrong);
    return Optional.empty();
  }

  private void refuse(ConfigKey<Path> fileKey, ConfigKey<String> key) {
    if (source.isSet(fileKey)) {
      source.problem(
          source.place(fileKey),
          "key '"
              + fileKey.path()
              + "' is set together with '"
              + key.path()
              + "'; remove one of them");
    }
  }
}
