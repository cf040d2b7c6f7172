package dev.postrider.storage.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The log in a directory of a real disk. */
public final class DiskLogFiles implements LogFiles {

  private static final Pattern NAME = Pattern.compile("(\\d{8})\\.seg");

  private final Path directory;
  private final FullDisk full;

  public DiskLogFiles(Path directory) {
    this.directory = directory;
    this.full = new FullDisk(directory);
  }

  @Override
  public SortedSet<Integer> list() throws IOException {
    TreeSet<Integer> numbers = new TreeSet<>();
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Matcher name = NAME.matcher(file.getFileName().toString());
        if (name.matches()) {
          numbers.add(Integer.valueOf(name.group(1)));
        }
      }
    }
    return numbers;
  }

  @Override
  public LogFile create(int segment) throws IOException {
    return open(
        segment, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);
  }

  @Override
  public LogFile openForReading(int segment) throws IOException {
    return open(segment, StandardOpenOption.READ);
  }

  @Override
  public LogFile openForRepair(int segment) throws IOException {
    return open(segment, StandardOpenOption.READ, StandardOpenOption.WRITE);
  }

  @Override
  public void delete(int segment) throws IOException {
    Files.delete(file(segment));
  }

  @Override
  public void forceDirectory() throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  @Override
  public long usableOctets() throws IOException {
    // The FileStore of a path would read the table of mounts each time; File alone asks the disk.
    long usable = directory.toFile().getUsableSpace();
    return usable > 0 ? usable : Files.getFileStore(directory).getUsableSpace();
  }

  private Path file(int segment) {
    return directory.resolve(String.format(Locale.ROOT, "%08d.seg", segment));
  }

  private LogFile open(int segment, OpenOption... options) throws IOException {
    try {
      return new DiskLogFile(FileChannel.open(file(segment), options));
    } catch (IOException e) {
      throw translate(e);
    }
  }

  private IOException translate(IOException e) {
    return full.isMeantBy(e) ? new NoSpaceException(directory + ": " + e.getMessage(), e) : e;
  }

  private final class DiskLogFile implements LogFile {
    private final FileChannel channel;

    DiskLogFile(FileChannel channel) {
      this.channel = channel;
    }

    @Override
    public void write(ByteBuffer bytes, long position) throws IOException {
      long at = position;
      try {
        while (bytes.hasRemaining()) {
          at += channel.write(bytes, at);
        }
      } catch (IOException e) {
        throw translate(e);
      }
    }

    @Override
    public int read(ByteBuffer bytes, long position) throws IOException {
      return channel.read(bytes, position);
    }

    @Override
    public void force() throws IOException {
      // fdatasync: it writes the size too where the file grew, and that is all recovery needs.
      channel.force(false);
    }

    @Override
    public void truncate(long size) throws IOException {
      channel.truncate(size);
    }

    @Override
    public long size() throws IOException {
      return channel.size();
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }
}
