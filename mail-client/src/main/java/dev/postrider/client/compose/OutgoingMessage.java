package dev.postrider.client.compose;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.postrider.client.ExitCode;
import dev.postrider.client.MailFailure;
import dev.postrider.client.session.Envelope;
import dev.postrider.client.session.Headers;
import dev.postrider.client.session.MessageBytes;
import jakarta.mail.MessagingException;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A message whose octets are final, kept in a file.
 *
 * <p>There are two views of the same message. {@link #wire()} is what the server gets: without Bcc,
 * so that nobody learns of the hidden recipients. {@link #copy()} is what the sender keeps, with
 * it. Both have CRLF line ends. The file is gone after {@link #close()}.
 */
public final class OutgoingMessage implements AutoCloseable {
  /** A header longer than this is an attack or a mistake. Octets. */
  private static final int HEADER_OCTETS_MAX = 1 << 20;

  /** What writes the octets of a message. */
  @FunctionalInterface
  interface Source {
    void writeTo(OutputStream out) throws IOException, MessagingException;
  }

  private final Path file;
  private final Envelope envelope;
  private final byte[] header;
  private final byte[] wireHeader;
  private final long bodyStart;
  private final long bodySize;
  private final boolean eightBit;

  private OutgoingMessage(
      Path file, Envelope envelope, byte[] stored, byte[] added, CrlfOutput written) {
    this.file = file;
    this.envelope = envelope;
    this.header = concat(added, stored);
    this.wireHeader = concat(added, withoutBcc(stored));
    this.bodyStart = stored.length;
    this.bodySize = written.size() - stored.length;
    this.eightBit = written.eightBit();
  }

  /**
   * Writes a message to a file.
   *
   * @param added header lines that go before the message's own, without CRLF
   */
  static OutgoingMessage spool(Path directory, Envelope envelope, List<String> added, Source source)
      throws IOException, MessagingException, MailFailure {
    Path file = Files.createTempFile(directory, "postrider", ".eml");
    try {
      CrlfOutput out =
          new CrlfOutput(new BufferedOutputStream(Files.newOutputStream(file), 65_536));
      try (out) {
        source.writeTo(out);
      }
      return finish(file, envelope, added, out);
    } catch (IOException | MessagingException | MailFailure | RuntimeException e) {
      Files.deleteIfExists(file);
      throw e;
    }
  }

  private static OutgoingMessage finish(
      Path file, Envelope envelope, List<String> added, CrlfOutput out)
      throws IOException, MailFailure {
    StringBuilder lines = new StringBuilder();
    added.forEach(line -> lines.append(line).append("\r\n"));
    return new OutgoingMessage(
        file, envelope, readHeader(file), lines.toString().getBytes(UTF_8), out);
  }

  /** The header with its last CRLF, without the empty line after it. */
  private static byte[] readHeader(Path file) throws IOException, MailFailure {
    byte[] start;
    try (InputStream in = Files.newInputStream(file)) {
      start = in.readNBytes(HEADER_OCTETS_MAX);
    }
    String text = new String(start, ISO_8859_1);
    int end = text.startsWith("\r\n") ? 0 : text.indexOf("\r\n\r\n") + 2;
    if (end == 1) {
      if (start.length == HEADER_OCTETS_MAX) {
        throw new MailFailure(ExitCode.DATA, "the message has a header of over 1 MB");
      }
      end = start.length;
    }
    return text.substring(0, end).getBytes(ISO_8859_1);
  }

  private static byte[] withoutBcc(byte[] header) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(header.length);
    boolean skipping = false;
    for (String line : new String(header, ISO_8859_1).split("(?<=\r\n)", -1)) {
      boolean folded = line.startsWith(" ") || line.startsWith("\t");
      if (!folded) {
        skipping = isBcc(line);
      }
      if (!skipping) {
        out.writeBytes(line.getBytes(ISO_8859_1));
      }
    }
    return out.toByteArray();
  }

  private static boolean isBcc(String line) {
    int colon = line.indexOf(':');
    String name = colon < 0 ? "" : line.substring(0, colon).strip();
    return name.equalsIgnoreCase("Bcc") || name.equalsIgnoreCase("Resent-Bcc");
  }

  private static byte[] concat(byte[] first, byte[] second) {
    byte[] both = new byte[first.length + second.length];
    System.arraycopy(first, 0, both, 0, first.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }

  public Envelope envelope() {
    return envelope;
  }

  /** Whether it has octets above 127. */
  public boolean eightBit() {
    return eightBit;
  }

  /** The header as the sender keeps it. */
  public Headers headers() {
    return Headers.parse(header);
  }

  /** What the server gets. */
  public MessageBytes wire() {
    return new View(wireHeader);
  }

  /** What the sender keeps. */
  public MessageBytes copy() {
    return new View(header);
  }

  @Override
  public void close() throws IOException {
    Files.deleteIfExists(file);
  }

  private final class View implements MessageBytes {
    private final byte[] head;

    View(byte[] head) {
      this.head = head;
    }

    @Override
    public long size() {
      return head.length + bodySize;
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
      out.write(head);
      try (InputStream in = Files.newInputStream(file)) {
        in.skipNBytes(bodyStart);
        in.transferTo(out);
      }
    }
  }
}
