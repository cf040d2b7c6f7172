package dev.postrider.storage.power;

import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.StandardOpenOption;
import java.nio.file.WatchService;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.nio.file.spi.FileSystemProvider;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A {@link SimDisk} for everything that goes by {@link Path}, so that nothing goes around it. */
final class SimFileSystem extends FileSystem {

  private final SimDisk disk;
  private final Provider provider = new Provider();

  SimFileSystem(SimDisk disk) {
    this.disk = disk;
  }

  /** As a path of the real disk reads, but on this one. */
  Path path(Path real) {
    return new SimPath(this, real);
  }

  @Override
  public FileSystemProvider provider() {
    return provider;
  }

  @Override
  public void close() {
    // It is there as long as somebody has a path of it.
  }

  @Override
  public boolean isOpen() {
    return true;
  }

  @Override
  public boolean isReadOnly() {
    return false;
  }

  @Override
  public String getSeparator() {
    return "/";
  }

  @Override
  public Iterable<Path> getRootDirectories() {
    return List.of(path(Path.of("/")));
  }

  @Override
  public Iterable<FileStore> getFileStores() {
    return List.of();
  }

  @Override
  public Set<String> supportedFileAttributeViews() {
    return Set.of("basic");
  }

  @Override
  public Path getPath(String first, String... more) {
    return path(Path.of(first, more));
  }

  @Override
  public PathMatcher getPathMatcher(String syntaxAndPattern) {
    throw new UnsupportedOperationException();
  }

  @Override
  public UserPrincipalLookupService getUserPrincipalLookupService() {
    throw new UnsupportedOperationException();
  }

  @Override
  public WatchService newWatchService() {
    throw new UnsupportedOperationException();
  }

  private String name(Path path) {
    return disk.nameOf(((SimPath) path).real());
  }

  private final class Provider extends FileSystemProvider {

    @Override
    public String getScheme() {
      return "simulated";
    }

    @Override
    public FileSystem newFileSystem(URI uri, Map<String, ?> env) {
      throw new UnsupportedOperationException();
    }

    @Override
    public FileSystem getFileSystem(URI uri) {
      return SimFileSystem.this;
    }

    @Override
    public Path getPath(URI uri) {
      throw new UnsupportedOperationException();
    }

    @Override
    public SeekableByteChannel newByteChannel(
        Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
        throws IOException {
      return newFileChannel(path, options, attributes);
    }

    @Override
    public FileChannel newFileChannel(
        Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
        throws IOException {
      String name = name(path);
      if (disk.isDirectory(name)) {
        return SimChannel.ofDirectory(disk, name);
      }
      boolean fresh = options.contains(StandardOpenOption.CREATE_NEW);
      if (fresh || (options.contains(StandardOpenOption.CREATE) && !disk.exists(name))) {
        return new SimChannel(disk, name, disk.create(name));
      }
      SimChannel channel = new SimChannel(disk, name, disk.open(name));
      if (options.contains(StandardOpenOption.TRUNCATE_EXISTING)) {
        channel.implTruncate(0);
      }
      return channel;
    }

    @Override
    public DirectoryStream<Path> newDirectoryStream(
        Path directory, DirectoryStream.Filter<? super Path> filter) throws IOException {
      List<Path> found = new ArrayList<>();
      for (String name : disk.names(name(directory))) {
        found.add(directory.resolve(name));
      }
      return new DirectoryStream<>() {
        @Override
        public Iterator<Path> iterator() {
          return found.iterator();
        }

        @Override
        public void close() {
          // Nothing is held open.
        }
      };
    }

    @Override
    public void createDirectory(Path directory, FileAttribute<?>... attributes) throws IOException {
      disk.makeDirectory(name(directory));
    }

    @Override
    public void delete(Path path) throws IOException {
      disk.delete(name(path));
    }

    @Override
    public void copy(Path source, Path target, CopyOption... options) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void move(Path source, Path target, CopyOption... options) throws IOException {
      disk.rename(name(source), name(target));
    }

    @Override
    public boolean isSameFile(Path path, Path other) {
      return path.equals(other);
    }

    @Override
    public boolean isHidden(Path path) {
      return false;
    }

    @Override
    public FileStore getFileStore(Path path) throws IOException {
      throw new IOException("nobody knows how large this disk is");
    }

    @Override
    public void checkAccess(Path path, AccessMode... modes) throws IOException {
      if (!disk.exists(name(path))) {
        throw new NoSuchFileException(path.toString());
      }
    }

    @Override
    public <V extends FileAttributeView> V getFileAttributeView(
        Path path, Class<V> type, LinkOption... options) {
      throw new UnsupportedOperationException(BasicFileAttributeView.class.getName());
    }

    @Override
    public <A extends BasicFileAttributes> A readAttributes(
        Path path, Class<A> type, LinkOption... options) throws IOException {
      String name = name(path);
      if (disk.isDirectory(name)) {
        return type.cast(new Attributes(true, 0));
      }
      return type.cast(new Attributes(false, disk.open(name).size()));
    }

    @Override
    public Map<String, Object> readAttributes(Path path, String attributes, LinkOption... options) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void setAttribute(Path path, String attribute, Object value, LinkOption... options) {
      throw new UnsupportedOperationException();
    }
  }

  private record Attributes(boolean isDirectory, long size) implements BasicFileAttributes {

    private static final FileTime TIME = FileTime.fromMillis(0);

    @Override
    public FileTime lastModifiedTime() {
      return TIME;
    }

    @Override
    public FileTime lastAccessTime() {
      return TIME;
    }

    @Override
    public FileTime creationTime() {
      return TIME;
    }

    @Override
    public boolean isRegularFile() {
      return !isDirectory;
    }

    @Override
    public boolean isSymbolicLink() {
      return false;
    }

    @Override
    public boolean isOther() {
      return false;
    }

    @Override
    public Object fileKey() {
      return this;
    }
  }
}
