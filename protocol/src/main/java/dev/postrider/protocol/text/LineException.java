package dev.postrider.protocol.text;

import java.io.IOException;

/** A line that cannot be used. The reader stays usable and goes on with the line after it. */
public abstract sealed class LineException extends IOException
    permits LineTooLongException, BareLineEndingException {

  LineException(String message) {
    super(message);
  }
}
