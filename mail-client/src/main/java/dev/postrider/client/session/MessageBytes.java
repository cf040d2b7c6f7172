package dev.postrider.client.session;

import java.io.IOException;
import java.io.OutputStream;

/** A message ready for the wire, with CRLF line ends. It can be written any number of times. */
public interface MessageBytes {

  /** Octets that {@link #writeTo} writes. */
  long size();

  void writeTo(OutputStream out) throws IOException;
}
