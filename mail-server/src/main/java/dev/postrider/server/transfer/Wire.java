package dev.postrider.server.transfer;

import dev.postrider.storage.StoreException;
import dev.postrider.storage.messages.Flags;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProtocolException;
import java.util.TreeSet;

/**
 * What {@link RemoteMail} and {@link TransferSession} say to each other. The client asks, the
 * session answers; only {@link #MESSAGE} has no answer of its own, so that many go in one batch:
 * what went wrong with them is the answer to {@link #COMMIT}.
 *
 * <p>A text goes in chunks: a number of octets and the octets, then 0; or {@link #ABANDONED} and a
 * reason in between. Nobody announces how long it will be.
 */
final class Wire {

  static final byte FOLDERS = 'F';
  static final byte BEGIN = 'B';
  static final byte MESSAGE = 'M';
  static final byte COMMIT = 'C';
  static final byte LIST = 'L';
  static final byte OPEN = 'O';

  static final byte YES = 'Y';
  static final byte NO = 'N';

  static final int END = 0;
  static final int ABANDONED = -1;

  static final int CHUNK_OCTETS_MAX = 16 * 1024;

  private static final int REASON_CHARS_MAX = 1000;

  private Wire() {}

  /** The other side gave a text up half way. */
  static final class AbandonedException extends IOException {
    private static final long serialVersionUID = 1L;

    AbandonedException(String reason) {
      super(reason);
    }
  }

  static void writeFlags(DataOutputStream out, Flags flags) throws IOException {
    out.writeInt(flags.system());
    out.writeShort(flags.keywords().size());
    for (String keyword : flags.keywords()) {
      out.writeUTF(keyword);
    }
  }

  static Flags readFlags(DataInputStream in) throws IOException {
    int system = in.readInt();
    int count = in.readUnsignedShort();
    if (count > Flags.KEYWORDS_MAX) {
      throw new ProtocolException("more keywords than a message may have");
    }
    TreeSet<String> keywords = new TreeSet<>();
    for (int i = 0; i < count; i++) {
      keywords.add(in.readUTF());
    }
    return new Flags(system, keywords);
  }

  static void writeFailure(DataOutputStream out, StoreException failed) throws IOException {
    out.writeByte(NO);
    out.writeUTF(failed.kind().name());
    out.writeUTF(reason(failed));
    out.flush();
  }

  /** Reads the answer of the session; throws what went wrong there. */
  static void readAnswer(DataInputStream in) throws IOException, StoreException {
    byte answer = in.readByte();
    if (answer == NO) {
      String kind = in.readUTF();
      String text = in.readUTF();
      for (StoreException.Kind known : StoreException.Kind.values()) {
        if (known.name().equals(kind)) {
          throw new StoreException(known, text);
        }
      }
      throw new StoreException(StoreException.Kind.FATAL, text);
    }
    if (answer != YES) {
      throw new ProtocolException("an answer that is none");
    }
  }

  static String reason(Exception failed) {
    String text = String.valueOf(failed.getMessage());
    return text.substring(0, Math.min(text.length(), REASON_CHARS_MAX));
  }

  /** A text that comes in chunks. Closing reads it to its end. */
  static final class Chunks extends InputStream {
    private final DataInputStream in;
    private int left;
    private boolean ended;

    Chunks(DataInputStream in) {
      this.in = in;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      if (length == 0) {
        return 0;
      }
      if (left == 0 && !next()) {
        return -1;
      }
      int count = in.read(into, offset, Math.min(length, left));
      if (count < 0) {
        throw new ProtocolException("the other side went away in the middle of a message");
      }
      left -= count;
      return count;
    }

    private boolean next() throws IOException {
      if (ended) {
        return false;
      }
      left = in.readInt();
      if (left == END) {
        ended = true;
        return false;
      }
      if (left == ABANDONED) {
        left = 0;
        ended = true;
        throw new AbandonedException(in.readUTF());
      }
      if (left < 0 || left > CHUNK_OCTETS_MAX) {
        throw new ProtocolException("a chunk of " + left + " octets");
      }
      return true;
    }

    @Override
    public void close() throws IOException {
      byte[] rest = new byte[CHUNK_OCTETS_MAX];
      try {
        while (read(rest, 0, rest.length) >= 0) {
          // What nobody wants is read, so that what follows is found.
        }
      } catch (AbandonedException alreadyUnwanted) {
        ended = true;
      }
    }
  }
}
