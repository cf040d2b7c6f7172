package dev.postrider.storage.messages;

import java.io.IOException;
import java.io.InputStream;

/** Bytes of a stored message. Stays readable as long as the message is in a mailbox or queue. */
public interface MessageBody extends MessageSource {

  /**
   * A part of it. Beyond the end there is nothing.
   *
   * @param offset octets, from 0
   * @param length octets at most
   */
  InputStream open(long offset, long length) throws IOException;

  @Override
  default InputStream open() throws IOException {
    return open(0, octets());
  }
}
