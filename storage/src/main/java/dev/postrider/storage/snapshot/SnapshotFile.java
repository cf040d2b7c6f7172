package dev.postrider.storage.snapshot;

import dev.postrider.storage.StoreException;
import dev.postrider.storage.changes.Batch;
import dev.postrider.storage.changes.Change;
import dev.postrider.storage.changes.ChangeCodec;
import dev.postrider.storage.log.LogPosition;
import dev.postrider.storage.log.Zstd;
import dev.postrider.storage.sql.FrozenTables;
import dev.postrider.storage.sql.StandingRows;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * A snapshot on the disk: the header, then frames, then a frame of length 0 whose checksum is the
 * number of frames before it. Without that one the file is not whole.
 *
 * <p>A frame is its length without these eight octets; the CRC-32C of what follows; how many octets
 * the batch of changes has; and that batch by zstd. In a file of version 1 the batch follows the
 * checksum, as it is.
 *
 * @param position in the log: all before it is in the snapshot, nothing behind it
 * @param at when it was made
 */
public record SnapshotFile(Path path, UUID store, LogPosition position, Instant at) {

  /** Octets of one frame; nobody writes one this large. */
  private static final int FRAME_OCTETS_MAX = 64 * 1024 * 1024;

  /** Takes the changes of a frame. */
  @FunctionalInterface
  public interface Reader {
    void accept(List<Change> changes) throws StoreException;
  }

  /** Writes {@code tables} to a new file and forces it to the disk. */
  static SnapshotFile write(Path path, UUID store, FrozenTables tables, Instant at)
      throws IOException, StoreException {
    LogPosition position = tables.applied();
    try (FileChannel out =
        FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      put(out, new SnapshotHeader(SnapshotHeader.FORMAT, store, position, at).encode());
      int[] frames = {0};
      StandingRows.read(
          tables,
          changes -> {
            put(out, frame(ChangeCodec.encode(new Batch(at, changes))));
            frames[0]++;
          });
      put(out, ByteBuffer.allocate(8).putInt(0).putInt(frames[0]).flip());
      out.force(true);
    }
    return new SnapshotFile(path, store, position, at);
  }

  private static ByteBuffer frame(byte[] batch) {
    byte[] packed = Zstd.pack(batch);
    byte[] payload =
        ByteBuffer.allocate(Integer.BYTES + packed.length).putInt(batch.length).put(packed).array();
    return ByteBuffer.allocate(8 + payload.length)
        .putInt(payload.length)
        .putInt(crc(payload))
        .put(payload)
        .flip();
  }

  /** The opposite. */
  private static byte[] batch(byte[] payload) throws IOException {
    int octets = payload.length < Integer.BYTES ? -1 : ByteBuffer.wrap(payload).getInt();
    if (octets < 0 || octets > FRAME_OCTETS_MAX) {
      throw new IOException("a batch of " + octets + " octets");
    }
    return Zstd.unpack(Arrays.copyOfRange(payload, Integer.BYTES, payload.length), octets);
  }

  private static void put(FileChannel out, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      out.write(bytes);
    }
  }

  /** Reads the header alone. Throws an IOException with the reason when it is no snapshot. */
  public static SnapshotFile open(Path path) throws IOException {
    try (DataInputStream in = stream(path)) {
      SnapshotHeader header = header(in);
      return new SnapshotFile(path, header.store(), header.position(), header.at());
    }
  }

  /** Reads all of it. Throws an IOException with the reason when it is not whole. */
  public void read(Reader reader) throws IOException, StoreException {
    try (DataInputStream in = stream(path)) {
      boolean isPacked = header(in).isPacked();
      int frames = 0;
      int length = in.readInt();
      while (length != 0) {
        if (length < 0 || length > FRAME_OCTETS_MAX) {
          throw new IOException("it is damaged: a frame of " + length + " octets");
        }
        int crc = in.readInt();
        byte[] payload = in.readNBytes(length);
        if (payload.length < length || crc(payload) != crc) {
          throw new IOException("it is damaged: frame " + frames);
        }
        reader.accept(ChangeCodec.decode(isPacked ? batch(payload) : payload).changes());
        frames++;
        length = in.readInt();
      }
      if (in.readInt() != frames) {
        throw new IOException("it is damaged: frames are missing");
      }
    } catch (EOFException e) {
      throw new IOException("it ends too early", e);
    }
  }

  /** The same, only to see whether it is whole. */
  public void check() throws IOException, StoreException {
    read(changes -> {});
  }

  private static SnapshotHeader header(DataInputStream in) throws IOException {
    byte[] bytes = in.readNBytes(SnapshotHeader.OCTETS);
    if (bytes.length < SnapshotHeader.OCTETS) {
      throw new IOException("it ends too early");
    }
    SnapshotHeader header =
        SnapshotHeader.decode(ByteBuffer.wrap(bytes))
            .orElseThrow(() -> new IOException("it has a damaged header"));
    if (header.format() > SnapshotHeader.FORMAT) {
      throw new IOException("it was written by a newer version");
    }
    return header;
  }

  private static DataInputStream stream(Path path) throws IOException {
    return new DataInputStream(new BufferedInputStream(Files.newInputStream(path), 64 * 1024));
  }

  private static int crc(byte[] payload) {
    CRC32C crc = new CRC32C();
    crc.update(payload);
    return (int) crc.getValue();
  }
}
