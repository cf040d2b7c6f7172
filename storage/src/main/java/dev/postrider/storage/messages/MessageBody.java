package dev.postrider.storage.messages;

import dev.postrider.protocol.message.MessageDescription;
import dev.postrider.storage.StoreException;
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

  /**
   * What is told of the message without reading it. It is read where that was not found out yet.
   * Throws CORRUPT, NOT_FOUND.
   */
  MessageDescription describe() throws IOException, StoreException;

  /**
   * Reads from the start at least to the end of the header, and where it can no further: the header
   * of a large message has a checksum of its own.
   */
  InputStream openHeader() throws IOException;

  @Override
  default InputStream open() throws IOException {
    return open(0, octets());
  }
}
