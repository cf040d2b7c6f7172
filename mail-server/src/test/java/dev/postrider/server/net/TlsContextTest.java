package dev.postrider.server.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postrider.server.config.TlsConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsContextTest {

  private static final InstantSource CLOCK =
      InstantSource.fixed(Instant.parse("2026-11-23T00:00:00Z"));
  private static final TlsConfig NONE = new TlsConfig(Optional.empty(), Optional.empty());

  @TempDir private Path directory;

  @Test
  void makesACertificateForItsNameAndForLoopback() throws Exception {
    TlsContext context = TlsContext.load(NONE, directory, "mx.a.test", CLOCK);
    assertThat(context.certificate().getSubjectAlternativeNames())
        .extracting(name -> (Object) name.get(1))
        .containsExactly("mx.a.test", "localhost", "127.0.0.1", "0:0:0:0:0:0:0:1");
    assertThat(context.certificate().getPublicKey().getAlgorithm()).isEqualTo("EC");
  }

  @Test
  void keepsTheCertificateItMade() throws Exception {
    TlsContext first = TlsContext.load(NONE, directory, "mx.a.test", CLOCK);
    TlsContext second = TlsContext.load(NONE, directory, "mx.a.test", CLOCK);
    assertThat(second.certificate()).isEqualTo(first.certificate());
  }

  @Test
  void nobodyElseMayReadTheKeyItMade() throws Exception {
    TlsContext.load(NONE, directory, "mx.a.test", CLOCK);
    assertThat(Files.getPosixFilePermissions(made(SelfSigned.KEY_FILE)))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    try (var files = Files.list(directory.resolve("tls"))) {
      assertThat(files).hasSize(2);
    }
  }

  @Test
  void readsThePairItIsTold() throws Exception {
    TlsContext own = TlsContext.load(NONE, directory, "mx.a.test", CLOCK);
    TlsContext told =
        load(made(SelfSigned.CERTIFICATE_FILE), made(SelfSigned.KEY_FILE), CLOCK.instant());
    assertThat(told.certificate()).isEqualTo(own.certificate());
  }

  @Test
  void namesTheFileThatIsMissing() {
    assertThatThrownBy(() -> load(directory.resolve("none.crt"), directory.resolve("none.key")))
        .isInstanceOf(TlsConfigException.class)
        .hasMessageEndingWith("none.crt: there is no such file");
  }

  @Test
  void refusesAFileWithoutACertificate() throws Exception {
    Path nothing = file("nothing.crt", "hello");
    assertThatThrownBy(() -> load(nothing, nothing))
        .isInstanceOf(TlsConfigException.class)
        .hasMessageContaining("nothing.crt: holds no certificate");
  }

  @Test
  void refusesAFileWithoutAKey() throws Exception {
    TlsContext.load(NONE, directory, "mx.a.test", CLOCK);
    Path certificate = made(SelfSigned.CERTIFICATE_FILE);
    for (String text :
        List.of(
            "hello",
            "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
            "-----BEGIN PRIVATE KEY-----\n!!!!\n")) {
      Path key = file("bad.key", text);
      assertThatThrownBy(() -> load(certificate, key))
          .isInstanceOf(TlsConfigException.class)
          .hasMessageContaining("bad.key: ")
          .hasMessageNotContaining("\n");
    }
  }

  @Test
  void refusesAKeyThatIsNotTheCertificates() throws Exception {
    TlsContext.load(NONE, directory.resolve("a"), "mx.a.test", CLOCK);
    TlsContext.load(NONE, directory.resolve("b"), "mx.b.test", CLOCK);
    assertThatThrownBy(
            () ->
                load(
                    directory.resolve("a/tls").resolve(SelfSigned.CERTIFICATE_FILE),
                    directory.resolve("b/tls").resolve(SelfSigned.KEY_FILE)))
        .isInstanceOf(TlsConfigException.class)
        .hasMessageContaining("is not the key of the first certificate in");
  }

  @Test
  void refusesAnExpiredCertificateAndSaysSince() throws Exception {
    TlsContext.load(NONE, directory, "mx.a.test", CLOCK);
    assertThatThrownBy(
            () ->
                load(
                    made(SelfSigned.CERTIFICATE_FILE),
                    made(SelfSigned.KEY_FILE),
                    Instant.parse("2040-01-01T00:00:00Z")))
        .isInstanceOf(TlsConfigException.class)
        .hasMessageContaining("expired on 2036-11-20");
  }

  @Test
  void refusesHalfAConfiguration() throws Exception {
    TlsConfig half = new TlsConfig(Optional.of(directory), Optional.empty());
    assertThatThrownBy(() -> TlsContext.load(half, directory, "mx.a.test", CLOCK))
        .isInstanceOf(TlsConfigException.class)
        .hasMessageContaining("both certificate and key");
  }

  private static TlsContext load(Path certificate, Path key) throws TlsConfigException {
    return load(certificate, key, CLOCK.instant());
  }

  private static TlsContext load(Path certificate, Path key, Instant now)
      throws TlsConfigException {
    return TlsContext.load(
        new TlsConfig(Optional.of(certificate), Optional.of(key)),
        certificate,
        "mx.a.test",
        InstantSource.fixed(now));
  }

  private Path made(String file) {
    return directory.resolve("tls").resolve(file);
  }

  private Path file(String name, String text) throws IOException {
    return Files.writeString(directory.resolve(name), text);
  }

  @Test
  void asksClientsForCertificatesOnlyWherePeopleLogIn() throws Exception {
    Path file = TestAuthority.root("People").write(directory.resolve("ca.pem"));
    TlsConfig config =
        new TlsConfig(
            Optional.empty(), Optional.empty(), Optional.of(file), TlsConfig.CertifiedName.EMAIL);
    TlsContext context = TlsContext.load(config, directory, "mx.a.test", CLOCK);
    assertThat(context.serverEngine(true).getWantClientAuth()).isTrue();
    assertThat(context.serverEngine(false).getWantClientAuth()).isFalse();
    TlsContext without = TlsContext.load(NONE, directory, "mx.a.test", CLOCK);
    assertThat(without.serverEngine(true).getWantClientAuth()).isFalse();
  }
}
