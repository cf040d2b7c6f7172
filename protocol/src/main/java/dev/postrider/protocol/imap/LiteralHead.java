package dev.postrider.protocol.imap;

/**
 * What announces a literal: <code>{310}</code> or, without waiting for a go-ahead, <code>{310+}
 * </code>. RFC 3501 section 4.3, RFC 7888 section 4.
 *
 * @param octets up to 9223372036854775807
 * @param binary <code>~{310}</code>: NUL may be among them. RFC 3516 section 4.4
 * @param enclosed a closing parenthesis is behind the octets. RFC 6855 section 4
 */
public record LiteralHead(long octets, boolean nonSynchronizing, boolean binary, boolean enclosed) {

  public LiteralHead(long octets, boolean nonSynchronizing) {
    this(octets, nonSynchronizing, false, false);
  }

  @Override
  public String toString() {
    return (binary ? "~{" : "{") + octets + (nonSynchronizing ? "+}" : "}");
  }
}
