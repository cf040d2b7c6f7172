package dev.postrider.storage.sql;

import dev.postrider.storage.log.FullDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import org.h2.store.fs.FileBaseDefault;

/**
 * The open file of H2.
 *
 * <p>H2 2.4.240 writes a chunk in one piece and believes it when header and footer of the chunk fit
 * together. A disk may carry out one write in any order: after a power cut both can be there, and
 * not what is between. Then H2 opens and reads garbage, or does not open. And it writes the two
 * copies of its store header in one piece, so that one cut can tear both; then it does not open.
 *
 * <p>What is true here at all times:
 *
 * <ul>
 *   <li>A footer is written only when everything before it in the file, and everything written
 *       earlier, is on the disk. So a chunk that looks whole is whole.
 *   <li>Of the two blocks of the store header, one is on the disk and right: they are written in
 *       turn, the older first, and the second never before the first is on the disk. Blocks that
 *       differ are what H2 finds after a crash anyway; it takes the newer. When it closes, both are
 *       written, so that the next start is a quick one.
 * </ul>
 *
 * <p>It costs one fdatasync for each chunk. Nobody waits for it but H2's own thread and the
 * checkpointer.
 *
 * <p>A write that finds the disk full waits for room, see {@link DiskRoom}.
 *
 * <p>Threads: H2 writes on one at a time; reads come from any.
 */
@SuppressWarnings("UnsynchronizedOverridesSynchronized") // nobody who reads waits for who writes
final class OrderedChannel extends FileBaseDefault {

  private final FileChannel file;
  private final DiskRoom room;
  private final FullDisk full;
  private final Object order = new Object();

  /** The block of the store header that was written last, and whether it is on the disk. */
  private int newestHeader;

  private boolean headerForced;

  OrderedChannel(FileChannel file, DiskRoom room, FullDisk full) throws IOException {
    this.file = file;
    this.room = room;
    this.full = full;
    this.newestHeader = StoreHeader.newest(file);
    this.headerForced = true;
  }

  @Override
  public int write(ByteBuffer bytes, long position) throws IOException {
    synchronized (order) {
      int count = bytes.remaining();
      if (position == 0 && count == 2 * StoreHeader.BLOCK_OCTETS) {
        writeHeader(bytes);
      } else if (position >= 2 * StoreHeader.BLOCK_OCTETS && count >= StoreHeader.BLOCK_OCTETS) {
        writeChunk(bytes, position);
      } else {
        writeFully(bytes, position);
      }
      return count;
    }
  }

  private void writeChunk(ByteBuffer bytes, long position) throws IOException {
    int end = bytes.limit();
    int footer = end - StoreHeader.FOOTER_OCTETS;
    long footerAt = position + footer - bytes.position();
    writeFully(bytes.limit(footer), position);
    force(false);
    writeFully(bytes.limit(end), footerAt);
  }

  private void writeHeader(ByteBuffer bytes) throws IOException {
    int start = bytes.position();
    boolean last = StoreHeader.saysClean(bytes);
    writeHeaderBlock(bytes, start, 1 - newestHeader);
    if (last) {
      writeHeaderBlock(bytes, start, 1 - newestHeader);
      // Both are the same now; so the first is the next.
      newestHeader = 1;
    }
    bytes.position(start + 2 * StoreHeader.BLOCK_OCTETS);
  }

  private void writeHeaderBlock(ByteBuffer bytes, int start, int block) throws IOException {
    if (!headerForced) {
      force(false);
    }
    int offset = block * StoreHeader.BLOCK_OCTETS;
    headerForced = false;
    writeFully(bytes.slice(start + offset, StoreHeader.BLOCK_OCTETS), offset);
    newestHeader = block;
  }

  private void writeFully(ByteBuffer bytes, long position) throws IOException {
    int start = bytes.position();
    while (bytes.hasRemaining()) {
      try {
        file.write(bytes, position + bytes.position() - start);
        room.found();
      } catch (IOException e) {
        if (!full.isMeantBy(e) || !room.awaitAfter(e)) {
          throw e;
        }
      }
    }
  }

  @Override
  public void force(boolean metaData) throws IOException {
    synchronized (order) {
      file.force(metaData);
      headerForced = true;
    }
  }

  @Override
  protected void implTruncate(long size) throws IOException {
    synchronized (order) {
      file.truncate(size);
    }
  }

  @Override
  public int read(ByteBuffer bytes, long position) throws IOException {
    return file.read(bytes, position);
  }

  @Override
  public long size() throws IOException {
    return file.size();
  }

  @Override
  public FileLock tryLock(long position, long size, boolean shared) throws IOException {
    return file.tryLock(position, size, shared);
  }

  @Override
  protected void implCloseChannel() throws IOException {
    file.close();
  }
}
