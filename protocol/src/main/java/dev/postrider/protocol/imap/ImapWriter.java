package dev.postrider.protocol.imap;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Octets of responses. It only writes: nothing is flushed, and the caller cares for spaces, which
 * {@link #atom} leaves out. Octets above 127 go into literals alone, or as UTF-8 to clients that
 * have asked for that, NUL nowhere but into the octets of a message. RFC 3501 section 4.3, RFC 6855
 * section 3, RFC 9051 section 5.1.
 */
public final class ImapWriter {

  /** Longer strings go into a literal, for clients that read quoted strings into small buffers. */
  private static final int QUOTED_OCTETS_MAX = 1000;

  private static final byte[] CRLF = {'\r', '\n'};
  private static final String ATOM_SPECIALS = "(){ %*\"\\]";

  private OutputStream out;
  private boolean utf8;

  public ImapWriter(OutputStream out) {
    this.out = out;
  }

  /** Where octets go from now on. */
  public void writeTo(OutputStream other) {
    out = other;
  }

  /** Whether quoted strings are UTF-8 from now on, and mailbox names not modified UTF-7. */
  public void utf8(boolean utf8) {
    this.utf8 = utf8;
  }

  /** {@code text} as it is: US-ASCII that is known to fit the grammar. */
  public ImapWriter atom(String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.US_ASCII));
    return this;
  }

  public ImapWriter number(long number) throws IOException {
    return atom(Long.toString(number));
  }

  public ImapWriter space() throws IOException {
    out.write(' ');
    return this;
  }

  public ImapWriter crlf() throws IOException {
    out.write(CRLF);
    return this;
  }

  /** A quoted string where that is safe, else a literal. NULs are left out. */
  public ImapWriter string(byte[] octets) throws IOException {
    byte[] clean = withoutNul(octets);
    return isQuotable(clean) ? quoted(clean) : literal(clean);
  }

  private ImapWriter quoted(byte[] octets) throws IOException {
    out.write('"');
    for (byte octet : octets) {
      if (octet == '"' || octet == '\\') {
        out.write('\\');
      }
      out.write(octet);
    }
    out.write('"');
    return this;
  }

  public ImapWriter string(String text) throws IOException {
    return string(text.getBytes(StandardCharsets.UTF_8));
  }

  public ImapWriter literal(byte[] octets) throws IOException {
    literalHead(octets.length);
    out.write(octets);
    return this;
  }

  /** Announces exactly {@code octets} octets, which the caller writes next. */
  public ImapWriter literalHead(long octets) throws IOException {
    return atom("{" + octets + "}").crlf();
  }

  /** The same of octets among which NUL is. RFC 3516 section 7, literal8. */
  public ImapWriter literal8Head(long octets) throws IOException {
    return atom("~{" + octets + "}").crlf();
  }

  /**
   * Writes exactly {@code octets} octets off {@code in}. Throws when there are fewer: the response
   * cannot be mended then, and the connection must end.
   */
  public ImapWriter octets(InputStream in, long octets) throws IOException {
    byte[] block = new byte[(int) Math.min(octets, 16 * 1024)];
    long left = octets;
    while (left > 0) {
      int count = in.read(block, 0, (int) Math.min(left, block.length));
      if (count < 0) {
        throw new IOException("message ended " + left + " octets before its announced end");
      }
      out.write(block, 0, count);
      left -= count;
    }
    return this;
  }

  public ImapWriter octets(byte[] octets) throws IOException {
    out.write(octets);
    return this;
  }

  /** A mailbox name in Unicode. */
  public ImapWriter mailbox(String name) throws IOException {
    return string(utf8 ? name : MailboxName.encode(name));
  }

  /** {@code tag OK [CODE] text}. */
  public ImapWriter completion(String tag, ImapReply reply) throws IOException {
    return atom(tag).space().atom(reply.toString()).crlf();
  }

  /** {@code * OK [CODE] text}. */
  public ImapWriter untagged(ImapReply reply) throws IOException {
    return completion("*", reply);
  }

  /** {@code * } and {@code text}, which fits the grammar. */
  public ImapWriter untagged(String text) throws IOException {
    return atom("* ").atom(text).crlf();
  }

  /** As an atom where {@code text} is one, else quoted. {@code text} is printable US-ASCII. */
  static String astring(String text) {
    boolean atom =
        !text.isEmpty() && text.chars().allMatch(c -> c > 0x20 && c < 0x7f && !isSpecial(c));
    return atom ? text : '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  private static boolean isSpecial(int c) {
    return ATOM_SPECIALS.indexOf(c) >= 0;
  }

  private boolean isQuotable(byte[] octets) {
    if (octets.length > QUOTED_OCTETS_MAX) {
      return false;
    }
    boolean ascii = true;
    for (byte octet : octets) {
      boolean control = (octet >= 0 && octet < 0x20) || octet == 0x7f;
      if (control || (octet < 0 && !utf8)) {
        return false;
      }
      ascii &= octet >= 0;
    }
    return ascii || isUtf8(octets);
  }

  private static boolean isUtf8(byte[] octets) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(octets));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }

  private static byte[] withoutNul(byte[] octets) {
    int kept = 0;
    for (byte octet : octets) {
      kept += octet == 0 ? 0 : 1;
    }
    if (kept == octets.length) {
      return octets;
    }
    byte[] clean = new byte[kept];
    int at = 0;
    for (byte octet : octets) {
      if (octet != 0) {
        clean[at++] = octet;
      }
    }
    return Arrays.copyOf(clean, at);
  }
}
