package dev.postrider.integration.peers;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A Postfix of its own. It leaves this process when it starts, so that its master has a process
 * group of its own: at its end the master signals all of that group.
 */
final class Postfix implements AutoCloseable {

  private final Daemon daemon;
  private final int smtpPort;

  private Postfix(Daemon daemon, int smtpPort) {
    this.daemon = daemon;
    this.smtpPort = smtpPort;
  }

  /**
   * @param lmtpPort where mail for accounts of {@code domain} goes, on 127.0.0.1
   */
  static Postfix start(Path directory, String domain, int lmtpPort) throws IOException {
    Path etc = Files.createDirectories(directory.resolve("etc"));
    Files.createDirectories(directory.resolve("spool"));
    PeerFiles.give(Files.createDirectories(directory.resolve("lib")), "postfix");
    int smtpPort = Daemon.freePorts(1).getFirst();
    Map<String, String> values =
        Map.of(
            "directory", directory.toString(),
            "domain", domain,
            "smtp", Integer.toString(smtpPort),
            "lmtp", Integer.toString(lmtpPort));
    PeerFiles.write("main.cf", etc.resolve("main.cf"), values);
    PeerFiles.write("master.cf", etc.resolve("master.cf"), values);
    Path said = directory.resolve("said");
    Process process =
        new ProcessBuilder("/usr/sbin/postfix", "-c", etc.toString(), "start")
            .redirectErrorStream(true)
            .redirectOutput(said.toFile())
            .start();
    List<Path> logs = List.of(said, directory.resolve("log"));
    if (process.onExit().join().exitValue() != 0) {
      throw new IOException("postfix did not start: " + PeerFiles.tail(logs));
    }
    Daemon daemon = new Daemon("postfix", master(directory));
    daemon.awaitListening(List.of(smtpPort), logs);
    return new Postfix(daemon, smtpPort);
  }

  private static ProcessHandle master(Path directory) throws IOException {
    String id = Files.readString(directory.resolve("spool/pid/master.pid"), UTF_8).strip();
    return ProcessHandle.of(Long.parseLong(id))
        .orElseThrow(() -> new IOException("the master of Postfix, process " + id + ", ended"));
  }

  int smtpPort() {
    return smtpPort;
  }

  @Override
  public void close() throws IOException {
    daemon.stop();
  }
}
