package dev.postrider.protocol.imap;

import java.io.IOException;

/**
 * An unwanted literal is on its way that is too large to be read over: the connection must end. RFC
 * 7888 section 4 allows that.
 */
public final class UndiscardableLiteralException extends IOException {

  private static final long serialVersionUID = 1L;

  UndiscardableLiteralException(long octets) {
    super("unwanted literal of " + octets + " octets");
  }
}
