package dev.postrider.protocol.imap;

import dev.postrider.protocol.text.LineReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads commands off octets, and notes the go-aheads that were given. */
final class Commands {

  static final long DISCARD_OCTETS_MAX = 1_000_000;

  private static final AppendParts NO_MORE = new AppendParts(List.of(), Optional.empty(), false);

  final CommandReader reader;
  int goAheads;
  int messagesRefused;

  Commands(byte[] octets) {
    reader =
        new CommandReader(
            new LineReader(new ByteArrayInputStream(octets)), () -> goAheads++, DISCARD_OCTETS_MAX);
  }

  Commands(String octets) {
    this(octets.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** The command of {@code line}, which gets its CRLF here. */
  static ImapCommand parse(String line) {
    return switch (new Commands("a " + line + "\r\n").next()) {
      case CommandReader.Received.Command received -> received.command();
      case CommandReader.Received.Unacceptable u -> throw new AssertionError(u.reply().toString());
      case CommandReader.Received.End e -> throw new AssertionError("end");
    };
  }

  /** How {@code line} is refused. */
  static String refusal(String line) {
    return switch (new Commands("a " + line + "\r\n").next()) {
      case CommandReader.Received.Command received -> throw new AssertionError(received.toString());
      case CommandReader.Received.Unacceptable u -> u.reply().toString();
      case CommandReader.Received.End e -> throw new AssertionError("end");
    };
  }

  CommandReader.Received next() {
    try {
      return reader.next();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Everything up to the end, streamed literals read over. */
  List<CommandReader.Received> all() throws IOException {
    return all(false);
  }

  /** Everything up to the end, messages read one after the other. */
  List<CommandReader.Received> allRead() throws IOException {
    return all(true);
  }

  private List<CommandReader.Received> all(boolean read) throws IOException {
    List<CommandReader.Received> all = new ArrayList<>();
    while (true) {
      CommandReader.Received received = reader.next();
      if (received instanceof CommandReader.Received.End) {
        return all;
      }
      all.add(received);
      if (read
          && received instanceof CommandReader.Received.Command command
          && command.command() instanceof ImapCommand.Uploading uploading) {
        readMessages(uploading.message());
      }
      reader.finish();
    }
  }

  private void readMessages(AppendMessage first) throws IOException {
    try {
      Optional<AppendMessage> next = Optional.of(first);
      while (next.isPresent()) {
        AppendParts parts = next.get().parts();
        while (parts.octets().isPresent()) {
          reader.openLiteral().transferTo(OutputStream.nullOutputStream());
          parts = parts.more() ? reader.nextParts() : NO_MORE;
        }
        next = reader.nextMessage();
      }
    } catch (UnacceptableCommandException e) {
      messagesRefused++;
    }
  }
}
