package dev.postrider.integration.peers;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.postrider.testkit.files.FileTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A Dovecot of its own, which is a child of this process. */
public final class Dovecot implements AutoCloseable {

  private static final String PROGRAM = "/usr/sbin/dovecot";

  /** What the configuration is written for; 2.4 has another language. */
  private static final String VERSION = "2.3.";

  private final Daemon daemon;
  private final Path sockets;
  private final int imapsPort;
  private final int lmtpPort;

  private Dovecot(Daemon daemon, Path sockets, int imapsPort, int lmtpPort) {
    this.daemon = daemon;
    this.sockets = sockets;
    this.imapsPort = imapsPort;
    this.lmtpPort = lmtpPort;
  }

  public static void requireKnownVersion() throws IOException {
    Process process = new ProcessBuilder(PROGRAM, "--version").redirectErrorStream(true).start();
    String version = new String(process.getInputStream().readAllBytes(), UTF_8).strip();
    if (!version.startsWith(VERSION)) {
      throw new IllegalStateException(
          "Dovecot "
              + version
              + " is installed; this is written for "
              + VERSION
              + "x of Debian 12");
    }
  }

  /**
   * The empty Maildir of {@code account} below the {@code directory} of one that is not started.
   */
  public static Path maildir(Path directory, String account) throws IOException {
    Path home = Files.createDirectories(directory.resolve("mail").resolve(account));
    Path maildir = home.resolve("Maildir");
    for (Path made : List.of(home, maildir)) {
      PeerFiles.give(Files.createDirectories(made), "mail");
    }
    for (String name : List.of("cur", "new", "tmp")) {
      PeerFiles.give(Files.createDirectory(maildir.resolve(name)), "mail");
    }
    return maildir;
  }

  /**
   * @param directory with the Maildirs of those accounts that have mail already
   * @param certificate PEM, as {@code key}
   */
  public static Dovecot start(Path directory, String password, Path certificate, Path key)
      throws IOException {
    Path mail = Files.createDirectories(directory.resolve("mail"));
    PeerFiles.give(mail, "mail");
    // Paths of Unix sockets are short, those of directories for benchmarks may be long.
    Path sockets = Files.createTempDirectory("dovecot-");
    PeerFiles.letAllPass(sockets);
    List<Integer> ports = Daemon.freePorts(2);
    Path config = directory.resolve("dovecot.conf");
    PeerFiles.write(
        "dovecot.conf",
        config,
        Map.of(
            "run", sockets.toString(),
            "directory", directory.toString(),
            "certificate", certificate.toString(),
            "key", key.toString(),
            "password", password,
            "imaps", ports.getFirst().toString(),
            "lmtp", ports.getLast().toString()));
    Path said = directory.resolve("said");
    Process process =
        new ProcessBuilder(PROGRAM, "-F", "-c", config.toString())
            .redirectErrorStream(true)
            .redirectOutput(said.toFile())
            .start();
    Daemon daemon = new Daemon("dovecot", process.toHandle());
    daemon.awaitListening(ports, List.of(said, directory.resolve("log")));
    return new Dovecot(daemon, sockets, ports.getFirst(), ports.getLast());
  }

  /** IMAP over TLS from the first octet. */
  public int imapsPort() {
    return imapsPort;
  }

  /** LMTP, without TLS. */
  public int lmtpPort() {
    return lmtpPort;
  }

  /** The first of its processes. */
  public ProcessHandle process() {
    return daemon.process();
  }

  @Override
  public void close() throws IOException {
    daemon.stop();
    FileTree.delete(sockets);
  }
}
