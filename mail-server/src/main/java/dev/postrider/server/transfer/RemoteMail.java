package dev.postrider.server.transfer;

import dev.postrider.storage.StoreException;
import dev.postrider.storage.mailboxes.SpecialUse;
import dev.postrider.storage.messages.BodyId;
import dev.postrider.storage.messages.Flags;
import dev.postrider.storage.messages.Uid;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** An account of the server that runs, at the other end of a connection. */
public final class RemoteMail implements AccountMail {

  private final DataInputStream in;
  private final DataOutputStream out;
  private final Closeable connection;
  private final byte[] block = new byte[Wire.CHUNK_OCTETS_MAX];
  private final long messageOctetsMax;

  /**
   * @param in buffered
   * @param connection closed at the end
   */
  public RemoteMail(InputStream in, OutputStream out, Closeable connection) throws StoreException {
    this.in = new DataInputStream(in);
    this.out = new DataOutputStream(new BufferedOutputStream(out, 2 * Wire.CHUNK_OCTETS_MAX));
    this.connection = connection;
    try {
      this.messageOctetsMax = this.in.readLong();
    } catch (IOException e) {
      throw gone(e);
    }
  }

  @Override
  public long messageOctetsMax() {
    return messageOctetsMax;
  }

  @Override
  public List<Folder> folders() throws StoreException {
    try {
      out.writeByte(Wire.FOLDERS);
      answer();
      List<Folder> folders = new ArrayList<>();
      while (in.readBoolean()) {
        String name = in.readUTF();
        long uidValidity = in.readLong();
        Optional<SpecialUse> use = use(in.readUTF());
        boolean subscribed = in.readBoolean();
        folders.add(new Folder(name, uidValidity, use, subscribed, in.readInt()));
      }
      return folders;
    } catch (IOException e) {
      throw gone(e);
    }
  }

  private static Optional<SpecialUse> use(String name) {
    for (SpecialUse use : SpecialUse.values()) {
      if (use.name().equals(name)) {
        return Optional.of(use);
      }
    }
    return Optional.empty();
  }

  @Override
  public void begin(String folder, boolean subscribe) throws StoreException {
    try {
      out.writeByte(Wire.BEGIN);
      out.writeUTF(folder);
      out.writeBoolean(subscribe);
      answer();
    } catch (IOException e) {
      throw gone(e);
    }
  }

  @Override
  public void add(Flags flags, Instant internalDate, InputStream text)
      throws IOException, StoreException {
    int count = text.read(block);
    try {
      out.writeByte(Wire.MESSAGE);
      Wire.writeFlags(out, flags);
      out.writeLong(internalDate.getEpochSecond());
    } catch (IOException e) {
      throw gone(e);
    }
    while (count >= 0) {
      send(count);
      try {
        count = text.read(block);
      } catch (IOException e) {
        abandon(Wire.reason(e));
        throw e;
      }
    }
    try {
      out.writeInt(Wire.END);
    } catch (IOException e) {
      throw gone(e);
    }
  }

  private void send(int count) throws StoreException {
    try {
      if (count > 0) {
        out.writeInt(count);
        out.write(block, 0, count);
      }
    } catch (IOException e) {
      throw gone(e);
    }
  }

  private void abandon(String reason) throws StoreException {
    try {
      out.writeInt(Wire.ABANDONED);
      out.writeUTF(reason);
    } catch (IOException e) {
      throw gone(e);
    }
  }

  @Override
  public Filed commit() throws StoreException {
    try {
      out.writeByte(Wire.COMMIT);
      answer();
      return new Filed(in.readLong(), in.readLong());
    } catch (IOException e) {
      throw gone(e);
    }
  }

  @Override
  public List<Entry> list(Folder folder, Uid after, int most) throws StoreException {
    try {
      out.writeByte(Wire.LIST);
      out.writeUTF(folder.name());
      out.writeLong(folder.uidValidity());
      out.writeLong(after.value());
      out.writeInt(most);
      answer();
      List<Entry> entries = new ArrayList<>();
      while (in.readBoolean()) {
        Uid uid = new Uid(in.readLong());
        BodyId body = new BodyId(in.readLong());
        long octets = in.readLong();
        Instant date = Instant.ofEpochSecond(in.readLong());
        entries.add(new Entry(uid, body, octets, date, Wire.readFlags(in)));
      }
      return entries;
    } catch (IOException e) {
      throw gone(e);
    }
  }

  @Override
  public InputStream open(BodyId body) throws StoreException {
    try {
      out.writeByte(Wire.OPEN);
      out.writeLong(body.value());
      answer();
      return new Wire.Chunks(in);
    } catch (IOException e) {
      throw gone(e);
    }
  }

  private void answer() throws IOException, StoreException {
    out.flush();
    Wire.readAnswer(in);
  }

  private static StoreException gone(IOException e) {
    return new StoreException(
        StoreException.Kind.CLOSED,
        "the running server ended the transfer ("
            + e.getMessage()
            + "); see its log, and run the same command again to go on",
        e);
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (IOException e) {
      throw new IllegalStateException("a socket that cannot be closed", e);
    }
  }
}
