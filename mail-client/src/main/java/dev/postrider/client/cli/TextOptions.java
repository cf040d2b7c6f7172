package dev.postrider.client.cli;

import dev.postrider.client.ExitCode;
import dev.postrider.client.MailFailure;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where the text of a message comes from: a flag, a file, standard input, an editor. */
final class TextOptions {
  /** A text typed or piped in; more belongs into an attachment. Octets. */
  private static final int TEXT_OCTETS_MAX = 32 << 20;

  @Option(names = "--body", paramLabel = "TEXT", description = "The text.")
  @Nullable String body;

  @Option(names = "--body-file", paramLabel = "FILE", description = "A file with the text.")
  @Nullable Path bodyFile;

  /** What the flags say. */
  Optional<String> given() throws MailFailure {
    if (body != null && bodyFile != null) {
      throw new MailFailure(ExitCode.USAGE, "--body and --body-file exclude each other");
    }
    if (body != null) {
      return Optional.of(body.endsWith("\n") ? body : body + "\n");
    }
    return bodyFile == null ? Optional.empty() : Optional.of(readFile(bodyFile));
  }

  /** Standard input to its end. */
  static String fromStdin(Verb verb) throws MailFailure, IOException {
    if (verb.terminal().inIsTerminal()) {
      verb.note("Type the message; end it with Ctrl-D.");
    }
    return utf8(verb.terminal().in(), "standard input");
  }

  /**
   * Lets a person edit {@code text} in {@code $VISUAL} or {@code $EDITOR}.
   *
   * @return the new text; empty when it was left as it was, which means "do not send"
   */
  static Optional<String> edited(Verb verb, String text) throws MailFailure, IOException {
    var environment = verb.terminal().environment();
    String editor = environment.getOrDefault("VISUAL", environment.getOrDefault("EDITOR", "vi"));
    Path file = Files.createTempFile("postrider", ".txt");
    try {
      Files.writeString(file, text);
      Process process =
          new ProcessBuilder("/bin/sh", "-c", editor + " \"$1\"", "sh", file.toString())
              .inheritIO()
              .start();
      if (process.waitFor() != 0) {
        throw new MailFailure(
            ExitCode.UNAVAILABLE, "the editor failed: " + editor, "set EDITOR, or use --body");
      }
      String edited = readFile(file);
      return edited.equals(text) || edited.isBlank() ? Optional.empty() : Optional.of(edited);
    } catch (InterruptedException e) {
      throw new MailFailure(ExitCode.SOFTWARE, "interrupted").causedBy(e);
    } finally {
      Files.deleteIfExists(file);
    }
  }

  static String readFile(Path file) throws MailFailure {
    try (InputStream in = Files.newInputStream(file)) {
      return utf8(in, file.toString());
    } catch (IOException e) {
      throw unreadable(file.toString(), e);
    }
  }

  static MailFailure unreadable(String name, IOException e) {
    return new MailFailure(ExitCode.IO, "cannot read " + name + ": " + e.getMessage()).causedBy(e);
  }

  private static String utf8(InputStream in, String name) throws MailFailure, IOException {
    byte[] octets = in.readNBytes(TEXT_OCTETS_MAX + 1);
    if (octets.length > TEXT_OCTETS_MAX) {
      throw new MailFailure(
          ExitCode.DATA, name + " is over 32 MB of text", "attach it with --attach");
    }
    return new String(octets, StandardCharsets.UTF_8);
  }
}
