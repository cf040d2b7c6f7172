package dev.postrider.storage.messages;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Messages being received, in memory and in files of one directory. The files are never forced to
 * disk: nothing in them was acknowledged.
 */
public final class DiskSpool implements Spool {

  private static final Logger log = LoggerFactory.getLogger(DiskSpool.class);

  private static final int INITIAL_OCTETS = 4096;

  private final Path directory;
  private final UnaryOperator<OutputStream> disk;
  private final AtomicLong count = new AtomicLong();

  /**
   * Removes what an earlier run left in {@code directory}.
   *
   * @param disk between the spool and its files, so that tests can make the disk full
   */
  public DiskSpool(Path directory, UnaryOperator<OutputStream> disk) throws IOException {
    this.directory = directory;
    this.disk = disk;
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Files.delete(file);
      }
    }
  }

  @Override
  public Spooled begin() {
    return new SpooledMessage(directory.resolve(count.incrementAndGet() + ".tmp"));
  }

  /** Thread: one at a time writes; afterwards any may read. */
  private final class SpooledMessage implements Spooled {
    private final Path path;
    private byte[] memory = new byte[INITIAL_OCTETS];
    private long octets;
    private @Nullable OutputStream file;
    private boolean closed;

    SpooledMessage(Path path) {
      this.path = path;
    }

    @Override
    public OutputStream out() {
      return new OutputStream() {
        @Override
        public void write(int octet) throws IOException {
          write(new byte[] {(byte) octet}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
          Objects.checkFromIndexSize(offset, length, bytes.length);
          append(bytes, offset, length);
        }
      };
    }

    private void append(byte[] bytes, int offset, int length) throws IOException {
      if (closed) {
        throw new IOException("the spooled message is closed");
      }
      if (file == null && octets + length > MEMORY_OCTETS_MAX) {
        file = disk.apply(Files.newOutputStream(path, StandardOpenOption.CREATE_NEW));
        file.write(memory, 0, (int) octets);
        memory = new byte[0];
      }
      if (file != null) {
        file.write(bytes, offset, length);
      } else {
        int needed = (int) octets + length;
        if (needed > memory.length) {
          memory =
              Arrays.copyOf(
                  memory, Math.min(MEMORY_OCTETS_MAX, Math.max(needed, memory.length * 2)));
        }
        System.arraycopy(bytes, offset, memory, (int) octets, length);
      }
      octets += length;
    }

    @Override
    public long octets() {
      return octets;
    }

    @Override
    public InputStream open() throws IOException {
      if (closed) {
        throw new IOException("the spooled message is closed");
      }
      return file == null
          ? new ByteArrayInputStream(memory, 0, (int) octets)
          : Files.newInputStream(path);
    }

    @Override
    public void close() {
      if (closed) {
        return;
      }
      closed = true;
      memory = new byte[0];
      OutputStream open = file;
      if (open != null) {
        try (open) {
          Files.deleteIfExists(path);
        } catch (IOException e) {
          log.warn("spool.not-removed file={} cause=\"{}\"", path, e.getMessage());
        }
      }
    }
  }
}
