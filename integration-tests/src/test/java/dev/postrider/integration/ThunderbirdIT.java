package dev.postrider.integration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postrider.integration.server.RunningServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Thunderbird, on a display of its own, worked from within as its user would. What it does is
 * looked up on the server. Pictures and logs stay in {@code target/thunderbird}.
 *
 * <p>It trusts no certificate that a server signed itself, so there is a CA here.
 */
@Tag("thunderbird")
class ThunderbirdIT {

  private static final String REMEDY =
      ".ci/install thunderbird xvfb imagemagick libnss3-tools, which gets it from Debian";
  private static final Path KEPT =
      Path.of(System.getProperty("postrider.root")).resolve("integration-tests/target/thunderbird");

  @TempDir Path directory;

  private Path ca;
  private RunningServer server;

  @BeforeEach
  void start() throws Exception {
    for (String program : List.of("thunderbird", "Xvfb", "import", "certutil")) {
      assertThat(Program.installed(program)).as(program + " is missing: run " + REMEDY).isTrue();
    }
    ca = directory.resolve("ca.pem");
    Path certificate = directory.resolve("server.pem");
    Path key = directory.resolve("server.key");
    certify(certificate, key);
    String tls = "[tls]\ncertificate = \"" + certificate + "\"\nkey = \"" + key + "\"";
    server = Servers.start(directory.resolve("a"), "example.test", tls);
  }

  @AfterEach
  void stop() {
    if (server != null) {
      server.close();
    }
  }

  @Test
  @Seen(
      client = "Thunderbird",
      debianPackage = "thunderbird",
      doing =
          "reads, marks, tags, copies, moves, deletes, searches; makes and renames folders; is told"
              + " of new mail; writes and sends, with a copy in Sent and a draft")
  void everyday() throws Exception {
    session("everyday");
  }

  @Test
  @Seen(
      client = "Thunderbird",
      debianPackage = "thunderbird",
      doing = "is refused with a wrong password, asks again, and takes the right one")
  void wrong() throws Exception {
    session("wrong");
    assertThat(server.output()).anyMatch(line -> line.contains("imap.login-denied"));
  }

  @Test
  @Seen(
      client = "Thunderbird",
      debianPackage = "thunderbird",
      doing = "two at once on one account: each shows by itself what the other did")
  void two() throws Exception {
    session("two");
  }

  @Test
  @Seen(
      client = "Thunderbird",
      debianPackage = "thunderbird",
      doing = "opens a mailbox of 10 000 messages, reads the last, marks the first, comes back")
  void large() throws Exception {
    session("large");
  }

  @Test
  @Seen(
      client = "Thunderbird",
      debianPackage = "thunderbird",
      doing =
          "goes offline with its mail, reads, marks, moves, deletes and writes, and comes back:"
              + " each side then has what the other did")
  void offline() throws Exception {
    session("offline");
  }

  private void session(String name) throws Exception {
    Path output = KEPT.resolve(name);
    removeAll(output);
    Files.createDirectories(output);
    Program.Ran ran =
        Program.python(
                "thunderbird/session.py",
                name,
                "--imap=" + server.port("imaps"),
                "--smtp=" + server.port("submission"),
                "--ca=" + ca,
                "--user=alice@example.test",
                "--second=bob@example.test",
                "--password=" + Servers.PASSWORD,
                "--output=" + output)
            .limit(Duration.ofMinutes(5))
            .with("PYTHONDONTWRITEBYTECODE", "1")
            .run();
    Files.write(output.resolve("steps.txt"), ran.octets());
    Files.write(output.resolve("server.log"), server.output());
    assertThat(ran.ok().text()).contains("ok ");
  }

  /** A CA for this test, and a certificate of it for localhost. */
  private void certify(Path certificate, Path key) throws Exception {
    Path caKey = directory.resolve("ca.key");
    Path request = directory.resolve("server.csr");
    Path extensions = directory.resolve("extensions");
    Files.writeString(
        extensions,
        """
        subjectAltName=DNS:localhost,IP:127.0.0.1
        extendedKeyUsage=serverAuth
        basicConstraints=CA:FALSE
        """);
    newKey(caKey, "-x509", "-out", ca.toString(), "-days", "2", "-subj", "/CN=Test CA")
        .args("-addext", "basicConstraints=critical,CA:TRUE")
        .args("-addext", "keyUsage=critical,keyCertSign,cRLSign")
        .run()
        .ok();
    newKey(key, "-out", request.toString(), "-subj", "/CN=localhost").run().ok();
    Program.of("openssl", "x509", "-req", "-in", request.toString(), "-days", "2")
        .args("-CA", ca.toString(), "-CAkey", caKey.toString(), "-CAcreateserial")
        .args("-extfile", extensions.toString(), "-out", certificate.toString())
        .run()
        .ok();
  }

  private static Program newKey(Path key, String... more) {
    return Program.of("openssl", "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256")
        .args("-nodes", "-keyout", key.toString())
        .args(more);
  }

  private static void removeAll(Path tree) throws IOException {
    if (Files.exists(tree)) {
      try (var files = Files.walk(tree)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }
}
