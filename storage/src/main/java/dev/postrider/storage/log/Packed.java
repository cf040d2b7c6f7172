package dev.postrider.storage.log;

import dev.postrider.storage.messages.MessageSource;
import java.io.IOException;
import java.io.InputStream;

/** A message that is to be appended as it is packed: see {@link Packing}. */
public interface Packed extends MessageSource {

  /** Octets of the payload. */
  long room();

  /** The payload. */
  InputStream openPacked() throws IOException;

  /** CRC-32C of the message. */
  int crc();
}
