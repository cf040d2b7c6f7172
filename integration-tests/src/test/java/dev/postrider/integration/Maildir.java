package dev.postrider.integration;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A Maildir as its owner sees and changes it; messages are told apart by their subjects.
 *
 * @param path of the directory with {@code cur}, {@code new} and {@code tmp}
 */
record Maildir(Path path) {

  private static final Pattern SUBJECT = Pattern.compile("(?m)^Subject: ([^\\r\\n]*)");

  Maildir create() throws IOException {
    for (String sub : List.of("cur", "new", "tmp")) {
      Files.createDirectories(path.resolve(sub));
    }
    return this;
  }

  /** A new message with flags, as {@code FRS}. */
  void add(String subject, String flags) throws IOException {
    String text = new String(Account.letter(subject), UTF_8).replace("\r\n", "\n");
    Files.writeString(
        path.resolve("cur").resolve("1700000000." + subject + ".here:2," + flags), text);
  }

  void flag(String subject, String flags) throws IOException {
    Path file = file(subject);
    String name = String.valueOf(file.getFileName()).replaceFirst(":2,.*", "");
    Files.move(file, path.resolve("cur").resolve(name + ":2," + flags));
  }

  void remove(String subject) throws IOException {
    Files.delete(file(subject));
  }

  /** Flags by subject. */
  Map<String, String> flags() throws IOException {
    Map<String, String> flags = new TreeMap<>();
    for (Path file : files()) {
      String name = String.valueOf(file.getFileName());
      int at = name.indexOf(":2,");
      String before = flags.put(subject(file), at < 0 ? "" : name.substring(at + 3));
      if (before != null) {
        throw new AssertionError(subject(file) + " is twice in " + path);
      }
    }
    return flags;
  }

  /** The whole message. */
  String text(String subject) throws IOException {
    return Files.readString(file(subject));
  }

  private Path file(String subject) throws IOException {
    for (Path file : files()) {
      if (subject(file).equals(subject)) {
        return file;
      }
    }
    throw new AssertionError(subject + " is not in " + path);
  }

  private static String subject(Path file) throws IOException {
    Matcher subject = SUBJECT.matcher(Files.readString(file));
    if (!subject.find()) {
      throw new AssertionError(file + " has no subject");
    }
    return subject.group(1);
  }

  /** Those in new first. */
  private List<Path> files() throws IOException {
    List<Path> all = new ArrayList<>();
    for (String sub : List.of("new", "cur")) {
      try (Stream<Path> files = Files.list(path.resolve(sub))) {
        files.sorted().forEach(all::add);
      }
    }
    return all;
  }
}
