package dev.postrider.server.transfer;

import dev.postrider.storage.StoreException;
import dev.postrider.storage.messages.BodyId;
import dev.postrider.storage.messages.Flags;
import dev.postrider.storage.messages.Uid;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ProtocolException;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The server's end of a {@link RemoteMail}. What was added and not committed is forgotten when the
 * client goes away.
 */
final class TransferSession {

  private static final int UNREADABLE = -2;

  /** Messages of one answer. */
  private static final int ENTRIES_MAX = 10_000;

  private final StoredMail mail;
  private final DataInputStream in;
  private final DataOutputStream out;
  private final byte[] block = new byte[Wire.CHUNK_OCTETS_MAX];

  /** Why a message of this batch was not taken: the answer to its commit. */
  private @Nullable StoreException failed;

  private AccountMail.Filed filed = AccountMail.Filed.NOTHING;

  /**
   * @param in buffered
   */
  TransferSession(StoredMail mail, InputStream in, OutputStream out) {
    this.mail = mail;
    this.in = new DataInputStream(in);
    this.out = new DataOutputStream(new BufferedOutputStream(out, 2 * Wire.CHUNK_OCTETS_MAX));
  }

  /** Answers until the client closes; returns what was filed. */
  AccountMail.Filed serve() throws IOException {
    out.writeLong(mail.messageOctetsMax());
    out.flush();
    while (true) {
      byte wanted;
      try {
        wanted = in.readByte();
      } catch (EOFException done) {
        return filed;
      }
      try {
        answer(wanted);
      } catch (StoreException e) {
        Wire.writeFailure(out, e);
      }
      if (wanted != Wire.MESSAGE) {
        out.flush();
      }
    }
  }

  private void answer(byte wanted) throws IOException, StoreException {
    switch (wanted) {
      case Wire.FOLDERS -> folders();
      case Wire.BEGIN -> begin();
      case Wire.MESSAGE -> message();
      case Wire.COMMIT -> commit();
      case Wire.LIST -> list();
      case Wire.OPEN -> open();
      default -> throw new ProtocolException("the request " + wanted + " is not known");
    }
  }

  private void folders() throws IOException, StoreException {
    var folders = mail.folders();
    out.writeByte(Wire.YES);
    for (AccountMail.Folder folder : folders) {
      out.writeBoolean(true);
      out.writeUTF(folder.name());
      out.writeLong(folder.uidValidity());
      out.writeUTF(folder.specialUse().map(Enum::name).orElse(""));
      out.writeBoolean(folder.subscribed());
      out.writeInt(folder.messages());
    }
    out.writeBoolean(false);
  }

  private void begin() throws IOException, StoreException {
    String folder = in.readUTF();
    boolean subscribe = in.readBoolean();
    failed = null;
    mail.begin(folder, subscribe);
    out.writeByte(Wire.YES);
  }

  private void message() throws IOException {
    Flags flags = Wire.readFlags(in);
    Instant date = Instant.ofEpochSecond(in.readLong());
    try (Wire.Chunks text = new Wire.Chunks(in)) {
      if (failed == null) {
        mail.add(flags, date, text);
      }
    } catch (Wire.AbandonedException unreadable) {
      // The client knows; it counts the message as left out.
      return;
    } catch (StoreException e) {
      failed = e;
    }
  }

  private void commit() throws IOException, StoreException {
    StoreException refused = failed;
    failed = null;
    if (refused != null) {
      throw refused;
    }
    AccountMail.Filed now = mail.commit();
    filed = filed.plus(now);
    out.writeByte(Wire.YES);
    out.writeLong(now.filed());
    out.writeLong(now.known());
  }

  private void list() throws IOException, StoreException {
    String name = in.readUTF();
    long uidValidity = in.readLong();
    Uid after = new Uid(in.readLong());
    int most = Math.min(in.readInt(), ENTRIES_MAX);
    var entries =
        mail.list(
            new AccountMail.Folder(name, uidValidity, Optional.empty(), false, 0), after, most);
    out.writeByte(Wire.YES);
    for (AccountMail.Entry entry : entries) {
      out.writeBoolean(true);
      out.writeLong(entry.uid().value());
      out.writeLong(entry.body().value());
      out.writeLong(entry.octets());
      out.writeLong(entry.internalDate().getEpochSecond());
      Wire.writeFlags(out, entry.flags());
    }
    out.writeBoolean(false);
  }

  private void open() throws IOException, StoreException {
    BodyId body = new BodyId(in.readLong());
    try (InputStream text = mail.open(body)) {
      out.writeByte(Wire.YES);
      int count;
      while ((count = read(text)) >= 0) {
        if (count > 0) {
          out.writeInt(count);
          out.write(block, 0, count);
        }
      }
      out.writeInt(count == UNREADABLE ? Wire.ABANDONED : Wire.END);
      if (count == UNREADABLE) {
        out.writeUTF("it cannot be read any more; see the log of the server");
      }
    }
  }

  /** Octets read, -1 at the end, {@link #UNREADABLE} when the disk fails half way. */
  private int read(InputStream text) {
    try {
      return text.read(block);
    } catch (IOException e) {
      return UNREADABLE;
    }
  }
}
