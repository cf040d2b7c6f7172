package dev.postrider.integration.proof;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * A file system of a given size, in memory, on a directory, for processes that enter its name
 * space. Nobody has to be root for that; Linux has to let users have name spaces of their own.
 */
final class SmallDisk implements AutoCloseable {

  private static final byte[] CHUNK = new byte[64 * 1024];

  private final Process holder;
  private final Path directory;

  private SmallDisk(Process holder, Path directory) {
    this.holder = holder;
    this.directory = directory;
  }

  /** Mounts it on {@code directory}, until it is closed. */
  static SmallDisk on(Path directory, long octets) throws IOException {
    Files.createDirectories(directory);
    Process holder =
        new ProcessBuilder(
                "unshare",
                "--map-root-user",
                "--mount",
                "sh",
                "-c",
                "mount -t tmpfs -o size=" + octets + " tmpfs \"$1\" && echo mounted && exec cat",
                "sh",
                directory.toString())
            .redirectErrorStream(true)
            .start();
    BufferedReader said = holder.inputReader(UTF_8);
    String line = said.readLine();
    if (!"mounted".equals(line)) {
      holder.destroyForcibly();
      throw new AssertionError(
          "unshare(1) cannot mount a small disk ("
              + line
              + "): allow user name spaces, by kernel.unprivileged_userns_clone=1,"
              + " kernel.apparmor_restrict_unprivileged_userns=0 or docker run --privileged");
    }
    return new SmallDisk(holder, directory);
  }

  /** What a command is started with to see the disk. */
  List<String> entering() {
    return List.of(
        "nsenter",
        "--target",
        Long.toString(holder.pid()),
        "--user",
        "--mount",
        "--preserve-credentials");
  }

  private Path seen() {
    return Path.of("/proc", Long.toString(holder.pid()), "root")
        .resolve(directory.toString().substring(1));
  }

  /** Puts a file on it, as large as leaves so much room, to the octet as far as it goes. */
  void fillUpTo(long octetsLeft) throws IOException {
    try (OutputStream out =
        Files.newOutputStream(
            seen().resolve("ballast"), StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      long more = Files.getFileStore(seen()).getUsableSpace() - octetsLeft;
      while (more > 0) {
        out.write(CHUNK, 0, (int) Math.min(CHUNK.length, more));
        more = Files.getFileStore(seen()).getUsableSpace() - octetsLeft;
      }
    } catch (IOException e) {
      if (octetsLeft > 0) {
        throw e;
      }
      // The server took the last page before this could: it is full all the same.
    }
  }

  void makeRoom() throws IOException {
    Files.delete(seen().resolve("ballast"));
  }

  @Override
  public void close() {
    holder.destroyForcibly();
  }
}
