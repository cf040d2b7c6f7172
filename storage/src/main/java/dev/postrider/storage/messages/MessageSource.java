package dev.postrider.storage.messages;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;

/** Bytes of a message, readable as often as needed. Lines end in CRLF. */
public interface MessageSource {

  long octets();

  InputStream open() throws IOException;

  static MessageSource of(byte[] bytes) {
    byte[] copy = bytes.clone();
    return new MessageSource() {
      @Override
      public long octets() {
        return copy.length;
      }

      @Override
      public InputStream open() {
        return new ByteArrayInputStream(copy);
      }
    };
  }

  /** {@code octets} of this from {@code offset} on; all of them must be there. */
  default MessageSource range(long offset, long octets) {
    return new SourceRange(this, offset, octets);
  }

  /** This, with {@code head} (such as trace headers) before it. */
  default MessageSource prefixed(byte[] head) {
    MessageSource tail = this;
    byte[] copy = head.clone();
    return new MessageSource() {
      @Override
      public long octets() {
        return copy.length + tail.octets();
      }

      @Override
      public InputStream open() throws IOException {
        return new SequenceInputStream(new ByteArrayInputStream(copy), tail.open());
      }
    };
  }
}
