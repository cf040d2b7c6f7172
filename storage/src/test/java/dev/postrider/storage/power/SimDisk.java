package dev.postrider.storage.power;

import dev.postrider.storage.log.LogFile;
import dev.postrider.storage.log.LogFiles;
import dev.postrider.storage.log.NoSpaceException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * A disk in memory, under the log and under H2. It does what it is told, and keeps a trace of it,
 * from which {@link PowerCut} makes what a power cut would have left at any moment. It can be full.
 *
 * <p>Files have names as in a data directory: "log/00000001.seg", "h2/projection.mv.db". Under H2,
 * it is found by the data directory that its paths begin with, see {@link SimFilePath}.
 */
final class SimDisk {

  private static final ConcurrentMap<Path, SimDisk> DISKS = new ConcurrentHashMap<>();

  private final Path root;
  private final List<Step> trace = new ArrayList<>();
  private final SortedMap<String, SimFile> files = new TreeMap<>();
  private int inodes;

  /** Writes until the disk is full. */
  private long room = Long.MAX_VALUE;

  private long writes;

  SimDisk(Path root) {
    this.root = root;
    SimFilePath.register();
    DISKS.put(root, this);
  }

  /** A disk that has {@code content}, all of it forced. */
  SimDisk(Path root, Map<String, byte[]> content) throws IOException {
    this(root);
    for (Map.Entry<String, byte[]> entry : content.entrySet()) {
      SimFile file = create(entry.getKey());
      file.write(ByteBuffer.wrap(entry.getValue()), 0);
      file.force();
    }
    forceDirectory("log");
    forceDirectory("h2");
    writes = 0;
  }

  void remove() {
    DISKS.remove(root);
  }

  /** The disk that {@code path} is on, and its name there. */
  static @Nullable SimDisk of(Path path) {
    Path directory = path.getParent();
    return directory == null || directory.getParent() == null
        ? null
        : DISKS.get(directory.getParent());
  }

  synchronized void note(Step step) {
    trace.add(step);
  }

  synchronized List<Step> trace() {
    return List.copyOf(trace);
  }

  synchronized int length() {
    return trace.size();
  }

  /** After {@code more} writes each one fails for lack of room. */
  synchronized void fillAfter(long more) {
    room = more;
  }

  synchronized long writes() {
    return writes;
  }

  private void takeRoom() throws NoSpaceException {
    if (room == 0) {
      throw new NoSpaceException("full", new IOException("No space left on device"));
    }
    room--;
    writes++;
  }

  synchronized boolean exists(String name) {
    return files.containsKey(name);
  }

  synchronized SimFile open(String name) throws IOException {
    SimFile file = files.get(name);
    if (file == null) {
      throw new FileNotFoundException(name);
    }
    return file;
  }

  synchronized SimFile create(String name) throws IOException {
    takeRoom();
    if (files.containsKey(name)) {
      throw new IOException(name + " exists");
    }
    SimFile file = new SimFile(++inodes);
    files.put(name, file);
    trace.add(new Step.Create(file.inode, name));
    return file;
  }

  /** A file that is in no directory. */
  synchronized SimFile unnamed() {
    return new SimFile(0);
  }

  synchronized void delete(String name) throws IOException {
    SimFile file = open(name);
    files.remove(name);
    trace.add(new Step.Delete(file.inode, name));
  }

  synchronized void forceDirectory(String directory) {
    trace.add(new Step.ForceDirectory(directory));
  }

  synchronized SortedSet<String> names() {
    return new TreeSet<>(files.keySet());
  }

  LogFiles log() {
    return new Log();
  }

  /** A file; it may have several names one after the other, or none any more. */
  final class SimFile implements LogFile {
    private final int inode;
    private byte[] bytes = new byte[0];
    private int size;

    private SimFile(int inode) {
      this.inode = inode;
    }

    @Override
    public void write(ByteBuffer source, long position) throws IOException {
      synchronized (SimDisk.this) {
        byte[] written = new byte[source.remaining()];
        source.get(source.position(), written);
        try {
          takeRoom();
        } catch (NoSpaceException e) {
          // Half of it still fits.
          put(Arrays.copyOf(written, written.length / 2), position);
          throw e;
        }
        source.position(source.limit());
        put(written, position);
      }
    }

    private void put(byte[] written, long position) {
      int end = (int) position + written.length;
      if (end > bytes.length) {
        bytes = Arrays.copyOf(bytes, Math.max(end, bytes.length * 2));
      }
      System.arraycopy(written, 0, bytes, (int) position, written.length);
      size = Math.max(size, end);
      trace.add(new Step.Write(inode, position, written));
    }

    @Override
    public int read(ByteBuffer target, long position) {
      synchronized (SimDisk.this) {
        if (position >= size) {
          return target.hasRemaining() ? -1 : 0;
        }
        int count = (int) Math.min(target.remaining(), size - position);
        target.put(bytes, (int) position, count);
        return count;
      }
    }

    @Override
    public void force() {
      note(new Step.Force(inode));
    }

    @Override
    public void truncate(long length) {
      synchronized (SimDisk.this) {
        if (length < size) {
          Arrays.fill(bytes, (int) length, size, (byte) 0);
          size = (int) length;
          trace.add(new Step.Truncate(inode, length));
        }
      }
    }

    @Override
    public long size() {
      synchronized (SimDisk.this) {
        return size;
      }
    }

    @Override
    public void close() {
      // There is nothing to give back.
    }
  }

  private final class Log implements LogFiles {

    private static String name(int segment) {
      return String.format(Locale.ROOT, "log/%08d.seg", segment);
    }

    @Override
    public SortedSet<Integer> list() {
      SortedSet<Integer> segments = new TreeSet<>();
      for (String name : names()) {
        if (name.endsWith(".seg")) {
          segments.add(Integer.valueOf(name.substring("log/".length(), name.length() - 4)));
        }
      }
      return segments;
    }

    @Override
    public LogFile create(int segment) throws IOException {
      return SimDisk.this.create(name(segment));
    }

    @Override
    public LogFile openForReading(int segment) throws IOException {
      return open(name(segment));
    }

    @Override
    public LogFile openForRepair(int segment) throws IOException {
      return open(name(segment));
    }

    @Override
    public void delete(int segment) throws IOException {
      SimDisk.this.delete(name(segment));
    }

    @Override
    public void forceDirectory() {
      SimDisk.this.forceDirectory("log");
    }

    @Override
    public long usableOctets() {
      return Long.MAX_VALUE;
    }
  }
}
