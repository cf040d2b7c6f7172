package dev.postrider.server.transfer;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Dovecot's file of subscribed folders: a name a line, or, behind a line {@code V 2}, the levels of
 * a name with tabs between.
 */
final class Subscriptions {

  static final String FILE_NAME = "subscriptions";

  private static final String HEAD = "V\t2";
  private static final long OCTETS_MAX = 4 * 1024 * 1024;

  private final Set<String> names;

  private Subscriptions(Set<String> names) {
    this.names = names;
  }

  /** Empty when the directory has no such file. */
  static Optional<Subscriptions> read(Path directory) throws IOException {
    Path file = directory.resolve(FILE_NAME);
    if (!Files.isRegularFile(file) || Files.size(file) > OCTETS_MAX) {
      return Optional.empty();
    }
    List<String> lines = lines(file);
    boolean levels = !lines.isEmpty() && lines.getFirst().equals(HEAD);
    Set<String> names = new HashSet<>();
    for (String line : lines) {
      if (levels) {
        names.add(name(line, "\t"));
      } else {
        // An older file does not tell what separates levels.
        names.add(name(line, "/"));
        names.add(name(line, "\\."));
        names.add(name(line.replaceFirst("^INBOX\\.", ""), "\\."));
      }
    }
    return Optional.of(new Subscriptions(names));
  }

  private static List<String> lines(Path file) throws IOException {
    try {
      return Files.readAllLines(file, StandardCharsets.UTF_8);
    } catch (MalformedInputException notUtf8) {
      return Files.readAllLines(file, StandardCharsets.ISO_8859_1);
    }
  }

  private static String name(String line, String separator) {
    return Arrays.stream(line.split(separator))
        .map(FolderNames::level)
        .collect(Collectors.joining("/"));
  }

  /** Whether a folder is subscribed; INBOX always is. */
  boolean contains(String folder) {
    return folder.equals("INBOX") || names.contains(folder);
  }

  /** The file for folders of these names. */
  static String text(List<String> names) {
    StringBuilder text = new StringBuilder(HEAD).append("\n\n");
    for (String name : names) {
      text.append(
              Arrays.stream(name.split("/"))
                  .map(FolderNames::maildirLevel)
                  .collect(Collectors.joining("\t")))
          .append('\n');
    }
    return text.toString();
  }
}
