package dev.postrider.storage.power;

import dev.postrider.storage.log.LogFile;
import dev.postrider.storage.log.LogFiles;
import dev.postrider.storage.log.NoSpaceException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
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
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A disk in memory, under a store, or under its log and H2 alone. It does what it is told, and
 * keeps a trace of it, from which {@link PowerCut} makes what a power cut would have left at any
 * moment. It can be full.
 *
 * <p>Files have names below its root, such as "log/00000001.seg". Under H2 it is found by the root
 * that paths begin with, see {@link SimFilePath}; everything else is given {@link #path}.
 */
final class SimDisk {

  private static final ConcurrentMap<Path, SimDisk> DISKS = new ConcurrentHashMap<>();

  private final Path root;
  private final List<Step> trace = new ArrayList<>();
  private final Directory top = new Directory(0);
  private int inodes;

  /** Names that nobody waits for the disk with, although it was asked for. */
  private Predicate<String> unforced = name -> false;

  /** Writes until the disk is full. */
  private long room = Long.MAX_VALUE;

  private long writes;

  sealed interface Node permits Directory, SimFile {}

  record Directory(int inode, SortedMap<String, Node> nodes) implements Node {
    Directory(int inode) {
      this(inode, new TreeMap<>());
    }
  }

  /** A disk of a data directory {@code root}, with places for log and tables. */
  SimDisk(Path root) throws IOException {
    this(root, Map.of("log/", new byte[0], "h2/", new byte[0]));
  }

  /** A disk that has {@code content}, all of it forced; directories end in a slash. */
  SimDisk(Path root, Map<String, byte[]> content) throws IOException {
    this.root = root;
    SimFilePath.register();
    DISKS.put(root, this);
    for (Map.Entry<String, byte[]> entry : new TreeMap<>(content).entrySet()) {
      if (entry.getKey().endsWith("/")) {
        makeDirectory(entry.getKey().substring(0, entry.getKey().length() - 1));
        continue;
      }
      SimFile file = create(entry.getKey());
      file.write(ByteBuffer.wrap(entry.getValue()), 0);
      file.force();
    }
    forceAll(top);
    writes = 0;
  }

  private void forceAll(Directory directory) {
    trace.add(new Step.ForceDirectory(directory.inode()));
    for (Node node : directory.nodes().values()) {
      if (node instanceof Directory child) {
        forceAll(child);
      }
    }
  }

  /** From now on a force of these does nothing. */
  synchronized void forget(Predicate<String> names) {
    unforced = names;
  }

  /** The file system that has this disk, for everything that uses paths. */
  Path path() {
    return new SimFileSystem(this).path(root);
  }

  Path root() {
    return root;
  }

  String nameOf(Path path) {
    return root.relativize(path).toString();
  }

  void remove() {
    DISKS.remove(root);
  }

  /** The disk that {@code path} is on. */
  static @Nullable SimDisk of(Path path) {
    for (Path above = path; above != null; above = above.getParent()) {
      SimDisk disk = DISKS.get(above);
      if (disk != null) {
        return disk;
      }
    }
    return null;
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

  private @Nullable Node find(String name) {
    Node node = top;
    for (String part : name.isEmpty() ? new String[0] : name.split("/", -1)) {
      node = node instanceof Directory directory ? directory.nodes().get(part) : null;
      if (node == null) {
        return null;
      }
    }
    return node;
  }

  private Directory directory(String name) throws IOException {
    if (find(name) instanceof Directory directory) {
      return directory;
    }
    throw new NoSuchFileException(name);
  }

  private Directory parent(String name) throws IOException {
    return directory(name.contains("/") ? name.substring(0, name.lastIndexOf('/')) : "");
  }

  private static String last(String name) {
    return name.substring(name.lastIndexOf('/') + 1);
  }

  synchronized boolean exists(String name) {
    return find(name) != null;
  }

  synchronized boolean isDirectory(String name) {
    return find(name) instanceof Directory;
  }

  synchronized SimFile open(String name) throws IOException {
    if (find(name) instanceof SimFile file) {
      return file;
    }
    throw new NoSuchFileException(name);
  }

  synchronized SimFile create(String name) throws IOException {
    takeRoom();
    SimFile file = new SimFile(++inodes);
    link(name, file, file.inode);
    return file;
  }

  /** On the real disk too, where H2 looks for it. */
  synchronized void makeDirectory(String name) throws IOException {
    takeRoom();
    Directory directory = new Directory(++inodes);
    link(name, directory, directory.inode());
    Files.createDirectories(root.resolve(name));
  }

  private void link(String name, Node node, int inode) throws IOException {
    Directory parent = parent(name);
    if (parent.nodes().putIfAbsent(last(name), node) != null) {
      throw new FileAlreadyExistsException(name);
    }
    trace.add(new Step.Link(parent.inode(), last(name), inode, node instanceof Directory));
  }

  /** A file that is in no directory. */
  synchronized SimFile unnamed() {
    return new SimFile(0);
  }

  synchronized void delete(String name) throws IOException {
    Directory parent = parent(name);
    if (parent.nodes().remove(last(name)) == null) {
      throw new NoSuchFileException(name);
    }
    trace.add(new Step.Unlink(parent.inode(), last(name)));
  }

  /** Whether a file was removed whose name ends so. */
  synchronized boolean hasUnlinked(String suffix) {
    return trace.stream()
        .anyMatch(step -> step instanceof Step.Unlink unlink && unlink.name().endsWith(suffix));
  }

  synchronized void rename(String from, String to) throws IOException {
    Directory parent = parent(from);
    Node node = parent.nodes().remove(last(from));
    if (node == null || parent(to).inode() != parent.inode()) {
      throw new NoSuchFileException(from, to, "only within a directory");
    }
    parent.nodes().put(last(to), node);
    trace.add(new Step.Rename(parent.inode(), last(from), last(to)));
    if (node instanceof Directory) {
      Files.createDirectories(root.resolve(to));
    }
  }

  synchronized void forceDirectory(String name) throws IOException {
    Directory directory = directory(name);
    if (!unforced.test(name + "/")) {
      trace.add(new Step.ForceDirectory(directory.inode()));
    }
  }

  synchronized void force(String name, SimFile file) {
    if (!unforced.test(name)) {
      file.force();
    }
  }

  synchronized SortedSet<String> names(String directory) throws IOException {
    return new TreeSet<>(directory(directory).nodes().keySet());
  }

  LogFiles log() {
    return new Log();
  }

  /** A file; it may have several names one after the other, or none any more. */
  final class SimFile implements LogFile, Node {
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
    public SortedSet<Integer> list() throws IOException {
      SortedSet<Integer> segments = new TreeSet<>();
      for (String name : names("log")) {
        segments.add(Integer.valueOf(name.substring(0, name.length() - ".seg".length())));
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
    public void forceDirectory() throws IOException {
      SimDisk.this.forceDirectory("log");
    }

    @Override
    public long usableOctets() {
      return Long.MAX_VALUE;
    }
  }
}
