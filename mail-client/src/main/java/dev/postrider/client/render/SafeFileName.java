package dev.postrider.client.render;

import dev.postrider.client.session.MessagePart;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * File names for attachments. What the sender wrote is only a suggestion: directories, control
 * characters, leading dots and reserved characters are taken out, and no file is ever replaced.
 */
public final class SafeFileName {
  /** Octets most file systems allow are 255; this leaves room for a number. Characters. */
  private static final int LENGTH_MAX = 100;

  private static final Map<String, String> SUFFIXES =
      Map.of(
          "text/plain", ".txt",
          "text/html", ".html",
          "message/rfc822", ".eml",
          "image/png", ".png",
          "image/jpeg", ".jpg",
          "image/gif", ".gif",
          "application/pdf", ".pdf",
          "text/calendar", ".ics");

  private SafeFileName() {}

  /** A name without any directory that is good on every usual file system. */
  public static String of(MessagePart part) {
    String name = part.fileName();
    name = name.substring(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1);
    name = SafeText.line(name).replaceAll("[\uFFFD<>:\"|?*]", "_").strip();
    name = name.replaceFirst("^[.\\s-]+", "").replaceFirst("[.\\s]+$", "");
    if (name.isEmpty()) {
      return "part-" + part.id() + SUFFIXES.getOrDefault(part.mediaType(), ".bin");
    }
    return name.length() > LENGTH_MAX ? shortened(name) : name;
  }

  private static String shortened(String name) {
    int dot = name.lastIndexOf('.');
    String suffix = dot > 0 && name.length() - dot <= 10 ? name.substring(dot) : "";
    int end = LENGTH_MAX - suffix.length();
    if (Character.isHighSurrogate(name.charAt(end - 1))) {
      end--;
    }
    return name.substring(0, end) + suffix;
  }

  /** A path in {@code directory} that nothing has yet: {@code a.txt}, then {@code a-1.txt}… */
  public static Path free(Path directory, String name) {
    Path path = directory.resolve(name);
    int dot = name.lastIndexOf('.');
    String stem = dot > 0 ? name.substring(0, dot) : name;
    String suffix = dot > 0 ? name.substring(dot) : "";
    for (int n = 1; Files.exists(path, java.nio.file.LinkOption.NOFOLLOW_LINKS); n++) {
      path = directory.resolve(stem + "-" + n + suffix);
    }
    return path;
  }
}
