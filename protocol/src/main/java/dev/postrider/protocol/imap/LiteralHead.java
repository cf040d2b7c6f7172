package dev.postrider.protocol.imap;

/**
 * What announces a literal: <code>{310}</code> or, without waiting for a go-ahead, <code>{310+}
 * </code>. RFC 3501 section 4.3, RFC 7888 section 4.
 *
 * @param octets 0 to 4294967295
 */
public record LiteralHead(long octets, boolean nonSynchronizing) {

  @Override
  public String toString() {
    return "{" + octets + (nonSynchronizing ? "+}" : "}");
  }
}
