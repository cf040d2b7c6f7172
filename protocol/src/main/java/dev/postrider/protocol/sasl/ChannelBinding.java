package dev.postrider.protocol.sasl;

import java.util.Arrays;
import java.util.Optional;

/**
 * What names a TLS connection so that both ends know that they speak with each other. RFC 5056. Not
 * tls-unique: TLS 1.3 has none.
 */
public enum ChannelBinding {
  /** RFC 9266. */
  TLS_EXPORTER("tls-exporter"),
  /** A hash of the server's certificate. RFC 5929 section 4. */
  TLS_SERVER_END_POINT("tls-server-end-point");

  private final String type;

  ChannelBinding(String type) {
    this.type = type;
  }

  /** As clients name it, letter by letter. */
  public String type() {
    return type;
  }

  static Optional<ChannelBinding> called(String type) {
    return Arrays.stream(values()).filter(one -> one.type.equals(type)).findFirst();
  }

  /** What the names are of one connection. */
  @FunctionalInterface
  public interface Source {
    /** Empty where the connection has no such name. */
    Optional<byte[]> of(ChannelBinding binding);
  }
}
