package dev.postrider.storage;

import dev.postrider.storage.StoreException.Kind;
import dev.postrider.storage.log.DiskTrouble;
import dev.postrider.storage.log.FullDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The directory of a store, held by a lock while this process uses it.
 *
 * <p>{@code postrider-store} names the format and the store; it is what makes a directory ours. The
 * server may keep other files beside: only {@code log}, {@code h2}, {@code snapshot}, {@code
 * spool}, {@code check}, {@code damaged} and {@code lock} are the store's, and {@code index}, of
 * which nothing is missed when it is gone.
 */
final class DataDirectory implements AutoCloseable {

  /** Version of the layout that is written. */
  static final int FORMAT = 1;

  private static final String MARKER = "postrider-store";
  private static final String SCRATCH = "check";
  private static final String UNFINISHED = ".unfinished";
  private static final Set<String> BESIDE = Set.of("lock", "tls", "lost+found", MARKER + ".new");
  private static final List<String> OURS = List.of("log", "h2", "spool", "snapshot");

  private final Path root;
  private final UUID store;
  private final FileChannel lockFile;

  private DataDirectory(Path root, UUID store, FileChannel lockFile) {
    this.root = root;
    this.store = store;
    this.lockFile = lockFile;
  }

  /**
   * Locks the directory, or makes one.
   *
   * @throws StoreException UNUSABLE, with what is wrong and what to do; then nothing was changed.
   *     NO_SPACE
   */
  static DataDirectory open(Path root) throws StoreException {
    try {
      createDirectories(root);
      Optional<UUID> present = identify(root);
      if (present.isPresent()) {
        requireLog(root);
        requireAccess(root);
      } else {
        requireEmpty(root);
      }
      FileChannel lockFile = lock(root);
      try {
        boolean made = false;
        for (String name : OURS) {
          made |= createPrivate(root.resolve(name));
        }
        if (made) {
          // What is put into them later is not on the disk before they are.
          force(root, StandardOpenOption.READ);
        }
        UUID store = present.isPresent() ? present.get() : make(root);
        return new DataDirectory(root, store, lockFile);
      } catch (IOException | RuntimeException e) {
        lockFile.close();
        throw e;
      }
    } catch (IOException e) {
      throw unusable(root, e);
    }
  }

  /**
   * Locks a directory for a process that keeps no mail in it, but works there: {@code lock} and
   * {@code spool} are made. Close the channel to give it back.
   *
   * @throws StoreException UNUSABLE, NO_SPACE
   */
  static FileChannel occupy(Path root) throws StoreException {
    try {
      createDirectories(root);
      FileChannel lockFile = lock(root);
      try {
        createPrivate(root.resolve("spool"));
        return lockFile;
      } catch (IOException | RuntimeException e) {
        lockFile.close();
        throw e;
      }
    } catch (IOException e) {
      throw unusable(root, e);
    }
  }

  /** As {@link #occupy}, of a directory in which a store can be made. */
  static FileChannel occupyEmpty(Path root) throws StoreException {
    if (hasStore(root)) {
      throw new StoreException(
          Kind.REFUSED, root + " has a store already: name another directory with 'data'");
    }
    try {
      createDirectories(root);
      requireEmpty(root);
    } catch (IOException e) {
      throw unusable(root, e);
    }
    return occupy(root);
  }

  /** A directory for a store that becomes that of {@code root} by {@link #finish}. */
  static Path makeUnfinished(Path root) throws IOException {
    removeUnfinished(root);
    Path unfinished = root.resolve(UNFINISHED);
    createPrivate(unfinished);
    return unfinished;
  }

  /** The closed store in the directory made before is that of {@code root} from now on. */
  static void finish(Path root) throws IOException, StoreException {
    Path unfinished = root.resolve(UNFINISHED);
    UUID store = identify(unfinished).orElseThrow();
    for (String name : OURS) {
      Files.deleteIfExists(root.resolve(name));
      Files.move(unfinished.resolve(name), root.resolve(name));
    }
    mark(root, store);
    remove(unfinished);
  }

  /** Removes what was not finished. */
  static void removeUnfinished(Path root) throws IOException {
    remove(root.resolve(UNFINISHED));
  }

  private static void remove(Path directory) throws IOException {
    if (!Files.exists(directory)) {
      return;
    }
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : (Iterable<Path>) files.sorted(Comparator.reverseOrder())::iterator) {
        Files.delete(file);
      }
    }
  }

  /** Whether mail is kept in the directory. */
  static boolean hasStore(Path root) {
    return Files.exists(root.resolve(MARKER));
  }

  private static StoreException unusable(Path root, IOException e) {
    return new StoreException(
        new FullDisk(root).isMeantBy(e) ? Kind.NO_SPACE : Kind.UNUSABLE,
        "cannot use the data directory " + root + ": " + DiskTrouble.describe(e),
        e);
  }

  /** Makes what is missing, so that it is there after a power cut too. */
  private static void createDirectories(Path root) throws IOException {
    Path missing = root.toAbsolutePath().normalize();
    List<Path> parents = new ArrayList<>();
    while (missing.getParent() != null && !Files.exists(missing)) {
      missing = missing.getParent();
      parents.add(missing);
    }
    Files.createDirectories(root);
    for (Path parent : parents) {
      force(parent, StandardOpenOption.READ);
    }
  }

  /** Absolute. */
  Path root() {
    return root.toAbsolutePath().normalize();
  }

  UUID store() {
    return store;
  }

  Path log() {
    return root.resolve("log");
  }

  Path h2() {
    return root.resolve("h2");
  }

  Path snapshot() {
    return root.resolve("snapshot");
  }

  /** Need not be there. */
  Path index() {
    return root.resolve("index");
  }

  void makeIndex() throws IOException {
    createPrivate(index());
  }

  /**
   * Removes copies of what the tables were. Forced: they must not come back after a power cut, when
   * the tables have gone another way.
   */
  private void removeIndexes() throws IOException {
    if (Files.isDirectory(index())) {
      try (Stream<Path> files = Files.list(index())) {
        for (Path file : (Iterable<Path>) files::iterator) {
          Files.delete(file);
        }
      }
      force(index(), StandardOpenOption.READ);
    }
  }

  /** Before tables are made that begin with nothing. */
  void forgetIndexes() throws StoreException {
    try {
      removeIndexes();
    } catch (IOException e) {
      throw new StoreException(
          Kind.UNUSABLE, "cannot empty " + index() + ": " + DiskTrouble.describe(e), e);
    }
  }

  Path spool() {
    return root.resolve("spool");
  }

  /** An empty directory for tables that are not kept. */
  Path makeScratch() throws StoreException {
    removeScratch();
    try {
      Path scratch = root.resolve(SCRATCH);
      createPrivate(scratch);
      return scratch;
    } catch (IOException e) {
      throw new StoreException(
          Kind.UNUSABLE, "cannot make a directory for a check: " + e.getMessage(), e);
    }
  }

  void removeScratch() throws StoreException {
    Path scratch = root.resolve(SCRATCH);
    if (!Files.isDirectory(scratch)) {
      return;
    }
    try (Stream<Path> files = Files.list(scratch)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Files.delete(file);
      }
      Files.delete(scratch);
    } catch (IOException e) {
      throw new StoreException(
          Kind.UNUSABLE, "cannot remove " + scratch + ": " + e.getMessage(), e);
    }
  }

  /** A new file for damaged octets of the log. */
  Path damaged(int segment, long offset) throws IOException {
    Path shelf = root.resolve("damaged");
    if (createPrivate(shelf)) {
      force(root, StandardOpenOption.READ);
    }
    Path file;
    int number = 0;
    do {
      String suffix = number == 0 ? "" : "-" + number;
      file = shelf.resolve(String.format(Locale.ROOT, "%08d-%d%s.bin", segment, offset, suffix));
      number++;
    } while (Files.exists(file));
    return file;
  }

  /** Moves the projection away, so that a new one can be made. */
  Path setH2Aside() throws StoreException {
    try {
      int number = 1;
      Path aside = root.resolve("h2.bad-" + number);
      while (Files.exists(aside)) {
        number++;
        aside = root.resolve("h2.bad-" + number);
      }
      removeIndexes();
      Files.move(h2(), aside);
      createPrivate(h2());
      force(root, StandardOpenOption.READ);
      return aside;
    } catch (IOException e) {
      throw new StoreException(
          Kind.UNUSABLE, "cannot set the projection aside: " + DiskTrouble.describe(e), e);
    }
  }

  @Override
  public void close() throws StoreException {
    try (lockFile) {
      lockFile.truncate(0);
    } catch (IOException e) {
      throw new StoreException(Kind.FATAL, "cannot give up the lock: " + e.getMessage(), e);
    }
  }

  /** Mail is nobody else's business. Returns whether it was not there. */
  private static boolean createPrivate(Path directory) throws IOException {
    if (Files.isDirectory(directory)) {
      return false;
    }
    if (directory.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      Files.createDirectory(
          directory,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    } else {
      Files.createDirectory(directory);
    }
    return true;
  }

  /** To begin with an empty log would be to forget everything. */
  private static void requireLog(Path root) throws StoreException {
    if (!Files.isDirectory(root.resolve("log"))) {
      throw new StoreException(
          Kind.UNUSABLE,
          root.resolve("log") + " is missing: restore it, or check that its disk is mounted");
    }
  }

  /** Before anything is changed: H2 writes to its file by itself as soon as it is open. */
  private static void requireAccess(Path root) throws StoreException {
    for (String name : OURS) {
      Path directory = root.resolve(name);
      boolean mine =
          Files.isReadable(directory)
              && Files.isWritable(directory)
              && Files.isExecutable(directory);
      if (Files.exists(directory) && !mine) {
        throw new StoreException(
            Kind.UNUSABLE,
            "no permission to read and write " + directory + ": check owner and mode");
      }
    }
  }

  /** Before anything is changed in a directory that may be somebody else's. */
  private static void requireEmpty(Path root) throws IOException, StoreException {
    try (Stream<Path> content = Files.list(root)) {
      for (Path path : (Iterable<Path>) content::iterator) {
        if (!isHarmless(path)) {
          throw new StoreException(
              Kind.UNUSABLE,
              root
                  + " is not a Postrider store: it has "
                  + path.getFileName()
                  + ", but no file "
                  + MARKER
                  + ": choose an empty directory");
        }
      }
    }
  }

  /** What the server, the operator or the disk puts there before there is a store. */
  private static boolean isHarmless(Path path) throws IOException {
    String name = String.valueOf(path.getFileName());
    if (OURS.contains(name) && Files.isDirectory(path)) {
      try (Stream<Path> content = Files.list(path)) {
        return content.findAny().isEmpty();
      }
    }
    return BESIDE.contains(name) || name.startsWith(".") || name.endsWith(".toml");
  }

  private static FileChannel lock(Path root) throws IOException, StoreException {
    Path path = root.resolve("lock");
    FileChannel channel =
        FileChannel.open(
            path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    FileLock lock = null;
    try {
      lock = tryLock(channel);
      if (lock == null) {
        throw new StoreException(
            Kind.UNUSABLE,
            root + " is in use by another process" + holder(channel) + ": stop it first");
      }
      channel.truncate(0);
      byte[] pid = Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII);
      channel.write(ByteBuffer.wrap(pid), 0);
      return channel;
    } finally {
      if (lock == null) {
        channel.close();
      }
    }
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      // This very process has it open.
      return null;
    }
  }

  private static String holder(FileChannel channel) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(20);
    channel.read(bytes, 0);
    String pid = new String(bytes.array(), 0, bytes.position(), StandardCharsets.US_ASCII);
    return pid.isEmpty() ? "" : " (pid " + pid + ")";
  }

  /** The id of the store; empty when there is none yet. */
  private static Optional<UUID> identify(Path root) throws IOException, StoreException {
    Path marker = root.resolve(MARKER);
    if (!Files.exists(marker)) {
      return Optional.empty();
    }
    List<String> lines = Files.readAllLines(marker);
    try {
      int format = Integer.parseInt(lines.get(0).substring("format ".length()));
      if (format > FORMAT) {
        throw new StoreException(
            Kind.UNUSABLE,
            root
                + " was written by a newer version (format "
                + format
                + ", known "
                + FORMAT
                + "): use that one");
      }
      return Optional.of(UUID.fromString(lines.get(1).substring("store ".length())));
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      throw new StoreException(
          Kind.UNUSABLE,
          marker + " is not what a Postrider store has: restore it from a backup",
          e);
    }
  }

  private static UUID make(Path root) throws IOException {
    UUID store = UUID.randomUUID();
    mark(root, store);
    return store;
  }

  /**
   * Makes {@code root} the directory of {@code store}; the last thing that is done to a new one.
   */
  static void mark(Path root, UUID store) throws IOException {
    Path fresh = root.resolve(MARKER + ".new");
    Files.writeString(fresh, "format " + FORMAT + "\nstore " + store + "\n");
    force(fresh, StandardOpenOption.WRITE);
    force(root, StandardOpenOption.READ);
    Files.move(fresh, root.resolve(MARKER), StandardCopyOption.ATOMIC_MOVE);
    force(root, StandardOpenOption.READ);
  }

  private static void force(Path path, StandardOpenOption mode) throws IOException {
    try (FileChannel channel = FileChannel.open(path, mode)) {
      channel.force(true);
    }
  }
}
