package dev.postrider.protocol.message;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Makes a message that has NUL in its binary parts one that any client can be sent: these parts are
 * in base64 afterwards, and say so, and everything else is as it was. RFC 3516 section 6, RFC 3501
 * section 4.3.1. Streams; a header is held.
 */
public final class BinaryParts {

  /** A part with a longer header is left as it is. */
  private static final int HEADER_OCTETS_MAX = 256 * 1024;

  private static final int BLOCK_OCTETS = 16 * 1024;

  /** The field with its further lines; a line ends in a line feed and in nothing else. */
  private static final Pattern ENCODING =
      Pattern.compile(
          "(?dim)^content-transfer-encoding[ \\t]*+:[^\\n]*+(?:\\n[ \\t][^\\n]*+)*+(?:\\n|\\z)");

  private static final String BASE64 = "Content-Transfer-Encoding: base64\r\n";

  private BinaryParts() {}

  /** Opens the message, which is read up to three times. */
  @FunctionalInterface
  public interface Opening {
    InputStream open() throws IOException;
  }

  /** Copies the message to {@code out}, which stays open. */
  public static void encode(Opening message, OutputStream out) throws IOException {
    Part root;
    try (InputStream in = message.open()) {
      root = MessageDescription.of(in).structure();
    }
    List<Part> binary = new ArrayList<>();
    collect(root, binary);
    try (InputStream in = message.open()) {
      binary = withNul(binary, in);
    }
    try (InputStream in = message.open()) {
      long at = 0;
      for (Part part : binary) {
        copy(in, part.headerOffset() - at, out);
        encode(part, in, out);
        if (part.endOffset() == root.endOffset()) {
          out.write("\r\n".getBytes(StandardCharsets.US_ASCII));
        }
        at = part.endOffset();
      }
      in.transferTo(out);
    }
  }

  /** In the order in which they lie. */
  private static void collect(Part part, List<Part> binary) {
    part.children().forEach(child -> collect(child, binary));
    if (part.children().isEmpty()
        && TransferEncoding.of(part.encoding()).equals(Optional.of(TransferEncoding.BINARY))
        && part.bodyOffset() - part.headerOffset() <= HEADER_OCTETS_MAX) {
      binary.add(part);
    }
  }

  private static List<Part> withNul(List<Part> parts, InputStream in) throws IOException {
    List<Part> found = new ArrayList<>();
    long at = 0;
    for (Part part : parts) {
      in.skipNBytes(part.bodyOffset() - at);
      NulNoticed noticed = new NulNoticed();
      copy(in, part.bodyOctets(), noticed);
      if (noticed.nul) {
        found.add(part);
      }
      at = part.endOffset();
    }
    return found;
  }

  private static void encode(Part part, InputStream in, OutputStream out) throws IOException {
    byte[] header = in.readNBytes((int) (part.bodyOffset() - part.headerOffset()));
    String text = new String(header, StandardCharsets.ISO_8859_1);
    String changed = ENCODING.matcher(text).replaceAll(BASE64);
    out.write(changed.getBytes(StandardCharsets.ISO_8859_1));
    try (OutputStream encoder = Base64.getMimeEncoder().wrap(new Unclosed(out))) {
      copy(in, part.bodyOctets(), encoder);
    }
  }

  private static void copy(InputStream in, long octets, OutputStream out) throws IOException {
    byte[] block = new byte[(int) Math.min(octets, BLOCK_OCTETS)];
    long left = octets;
    while (left > 0) {
      int count = in.read(block, 0, (int) Math.min(left, block.length));
      if (count < 0) {
        throw new IOException("the message is shorter now");
      }
      out.write(block, 0, count);
      left -= count;
    }
  }

  /** Whether NUL came by. */
  private static final class NulNoticed extends OutputStream {
    private boolean nul;

    @Override
    public void write(int octet) {
      nul |= octet == 0;
    }

    @Override
    public void write(byte[] octets, int offset, int length) {
      for (int i = offset; i < offset + length && !nul; i++) {
        nul = octets[i] == 0;
      }
    }
  }

  /** The end of a part is not the end of the message. */
  private static final class Unclosed extends FilterOutputStream {
    Unclosed(OutputStream out) {
      super(out);
    }

    @Override
    public void write(byte[] octets, int offset, int length) throws IOException {
      out.write(octets, offset, length);
    }

    @Override
    public void close() {}
  }
}
