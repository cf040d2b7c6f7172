package dev.postrider.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.postrider.protocol.sasl.SaslMechanism;
import dev.postrider.protocol.sasl.ScramHash;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class AuthReaderTest {

  @TempDir Path directory;

  private final Map<String, String> environment = new HashMap<>();

  @Test
  void choosesByItselfWhatIsOffered() throws Exception {
    AuthConfig auth = read("").auth();
    assertThat(auth).isEqualTo(AuthConfig.DEFAULTS);
    assertThat(auth.scram()).containsOnly(ScramHash.values());
  }

  @Test
  void readsWhatTheOperatorChose() throws Exception {
    AuthConfig auth =
        read("[auth]\nmechanisms = [\"scram-sha-256\", \"PLAIN\", \"SCRAM-SHA-256\"]").auth();
    assertThat(auth.mechanisms().orElseThrow())
        .containsExactly(SaslMechanism.SCRAM_SHA_256, SaslMechanism.PLAIN);
    assertThat(auth.scram()).containsOnly(ScramHash.SHA_256);
    environment.put("POSTRIDER_AUTH_MECHANISMS", "PLAIN,LOGIN");
    assertThat(read("").auth().scram()).isEmpty();
  }

  @Test
  void readsWhoSignsForClients() throws Exception {
    Files.writeString(directory.resolve("ca.pem"), "");
    TlsConfig tls =
        read("[tls]\nclient_ca = \"ca.pem\"\n[auth]\nmechanisms = [\"EXTERNAL\"]").tls();
    assertThat(tls.clientAuthority()).contains(directory.resolve("ca.pem"));
    assertThat(tls.certifiedName()).isEqualTo(TlsConfig.CertifiedName.EMAIL);
    assertThat(read("[tls]\nclient_ca = \"ca.pem\"\nclient_name = \"common_name\"").tls())
        .isEqualTo(
            new TlsConfig(
                Optional.empty(),
                Optional.empty(),
                tls.clientAuthority(),
                TlsConfig.CertifiedName.COMMON_NAME));
    assertThat(
            catchThrowableOfType(
                ConfigException.class, () -> read("[tls]\nclient_name = \"email\"")))
        .hasMessageContaining("key 'tls.client_name' is set without 'tls.client_ca'");
    assertThat(
            catchThrowableOfType(
                ConfigException.class, () -> read("[tls]\nclient_ca = \"none.pem\"")))
        .hasMessageContaining("does not exist; write the path of a PEM file");
  }

  @Test
  void readsTheNameOfASecret() throws Exception {
    Files.write(directory.resolve("secret"), new byte[32]);
    assertThat(read("[auth]\nsecret_file = \"secret\"").auth().secretFile())
        .contains(directory.resolve("secret"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          mechanisms = []           | key 'auth.mechanisms' is empty, so nobody could log in; name one, or leave it out
          mechanisms = ["CRAM-MD5"] | key 'auth.mechanisms': 'CRAM-MD5' is not known; write one of EXTERNAL, SCRAM-SHA-256-PLUS,
          mechanisms = ["EXTERNAL"] | key 'auth.mechanisms' has EXTERNAL without 'tls.client_ca'; set that, or leave it out
          secret_file = "none"      | 'DIR/none' does not exist; make it, such as with 'head -c 32 /dev/random'
          secret_file = "short"     | 'DIR/short' has 5 octets; write 16 to 4096 that nobody can guess
          """)
  void refusesWhatCannotBe(String line, String problem) throws Exception {
    Files.writeString(directory.resolve("short"), "12345");
    ConfigException refused =
        catchThrowableOfType(ConfigException.class, () -> read("[auth]\n" + line));
    assertThat(refused).hasMessageContaining(problem.replace("DIR", directory.toString()));
    assertThat(refused).hasMessageContaining(":2: key 'auth.");
  }

  private ServerConfig read(String toml) throws ConfigException, IOException {
    Path file = directory.resolve("postrider.toml");
    Files.writeString(file, toml);
    return new ConfigReader(environment, () -> "mx.a.test").read(Optional.of(file));
  }
}
