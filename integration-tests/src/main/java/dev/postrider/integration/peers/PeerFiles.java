package dev.postrider.integration.peers;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Files of peers. */
final class PeerFiles {

  private static final int LINES_TOLD_MAX = 10;

  private PeerFiles() {}

  /**
   * Writes the resource {@code name} to {@code file}, with {@code values} for what is in braces.
   */
  static void write(String name, Path file, Map<String, String> values) throws IOException {
    String text;
    try (InputStream in = PeerFiles.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IOException("no resource " + name);
      }
      text = new String(in.readAllBytes(), UTF_8);
    }
    for (Map.Entry<String, String> value : values.entrySet()) {
      text = text.replace("{{" + value.getKey() + "}}", value.getValue());
    }
    if (text.contains("{{")) {
      throw new IOException(name + " wants a value that nobody gives: " + text);
    }
    Files.writeString(file, text);
  }

  static void give(Path file, String user) throws IOException {
    Files.setOwner(
        file, file.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(user));
  }

  /** A temporary directory is its owner's alone, at first. */
  static void letAllPass(Path directory) throws IOException {
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /** The last lines of those files that are there. */
  static String tail(List<Path> files) throws IOException {
    List<String> lines = new ArrayList<>();
    for (Path file : files) {
      if (Files.exists(file)) {
        List<String> all = Files.readAllLines(file);
        lines.addAll(all.subList(Math.max(0, all.size() - LINES_TOLD_MAX), all.size()));
      }
    }
    return String.join("\n", lines);
  }
}
