package dev.postrider.client.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.icegreen.greenmail.configuration.GreenMailConfiguration;
import com.icegreen.greenmail.junit5.GreenMailExtension;
import com.icegreen.greenmail.util.ServerSetup;
import com.icegreen.greenmail.util.ServerSetupTest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.cert.Certificate;
import java.util.Base64;
import java.util.HexFormat;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Which certificates are believed. The server's is self-signed, for the name localhost. */
class TlsTrustTest {
  private static final Path KEYS = makeKeys();

  @RegisterExtension
  static final GreenMailExtension SERVER =
      new GreenMailExtension(
              new ServerSetup[] {
                ServerSetupTest.SMTPS.dynamicPort(), ServerSetupTest.IMAPS.dynamicPort()
              })
          .withConfiguration(
              GreenMailConfiguration.aConfig()
                  .withUser("alice@example.test", "alice@example.test", "secret"));

  @TempDir Path directory;
  private Certificate certificate;

  /** GreenMail reads this when its first TLS server is made. */
  private static Path makeKeys() {
    try {
      Path file = Files.createTempDirectory("postrider-test").resolve("keys.p12");
      Process keytool =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                  "-genkeypair",
                  "-alias",
                  "server",
                  "-keyalg",
                  "EC",
                  "-dname",
                  "CN=localhost",
                  "-ext",
                  "SAN=dns:localhost",
                  "-storetype",
                  "PKCS12",
                  "-storepass",
                  "changeit",
                  "-keystore",
                  file.toString())
              .inheritIO()
              .start();
      assertThat(keytool.waitFor()).isZero();
      System.setProperty("greenmail.tls.keystore.file", file.toString());
      return file;
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @BeforeEach
  void certificate() throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(KEYS)) {
      store.load(in, "changeit".toCharArray());
    }
    certificate = store.getCertificate("server");
  }

  private Client.Run check(String host, String trust) throws Exception {
    return new Client(directory)
        .account(host, SERVER.getImaps().getPort(), SERVER.getSmtps().getPort(), "tls", trust)
        .run("account", "check", "--json");
  }

  @Test
  void anUnknownAuthorityIsRefusedWithTheWayOut() throws Exception {
    Client.Run run = check("localhost", "");
    assertThat(run.code()).isEqualTo(77);
    assertThat(run.err()).contains("no known authority signed it").contains("--trust-fingerprint");
  }

  @Test
  void thePinnedCertificateIsBelievedUnderAnyName() throws Exception {
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded());
    String pin = "trust-fingerprint = \"" + HexFormat.of().formatHex(digest) + "\"";
    Client.Run run = check("127.0.0.1", pin);
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out()).contains("\"imapOk\":true,\"smtpOk\":true");
  }

  @Test
  void anotherCertificateThanThePinnedOneIsRefused() throws Exception {
    Client.Run run = check("localhost", "trust-fingerprint = \"" + "ab".repeat(32) + "\"");
    assertThat(run.code()).isEqualTo(77);
    assertThat(run.err()).contains("not the pinned one");
  }

  @Test
  void anAuthorityFileIsBelievedForTheRightNameOnly() throws Exception {
    String pem =
        "-----BEGIN CERTIFICATE-----\n"
            + Base64.getMimeEncoder().encodeToString(certificate.getEncoded())
            + "\n-----END CERTIFICATE-----\n";
    Path file = Files.writeString(directory.resolve("ca.pem"), pem);
    Client.Run right = check("localhost", "ca = \"" + file + "\"");
    assertThat(right.code()).as(right.err()).isZero();
    Client.Run wrong = check("127.0.0.1", "ca = \"" + file + "\"");
    assertThat(wrong.code()).as(wrong.out()).isEqualTo(77);
  }

  @Test
  void aBadAuthorityFileIsAConfigurationError() throws Exception {
    Path file = Files.writeString(directory.resolve("ca.pem"), "nonsense");
    assertThat(check("localhost", "ca = \"" + file + "\"").code()).isEqualTo(78);
    assertThat(check("localhost", "ca = \"/no/such/file\"").code()).isEqualTo(78);
  }

  @Test
  void probeShowsACertificateItDoesNotBelieve() {
    Client client = new Client(directory);
    Client.Run run =
        client.run(
            "probe",
            "localhost",
            "--imaps",
            Integer.toString(SERVER.getImaps().getPort()),
            "--submissions",
            Integer.toString(SERVER.getSmtps().getPort()),
            "--json");
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out())
        .contains("\"trusted\":false")
        .contains(
            "\"service\":\"imap\"", "\"service\":\"smtp\"", "\"capabilities\":[\"IMAP4rev1\"");
  }
}
