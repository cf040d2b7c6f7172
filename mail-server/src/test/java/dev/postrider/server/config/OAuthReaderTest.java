package dev.postrider.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class OAuthReaderTest {

  @TempDir Path directory;

  @Test
  void readsWhoseKeysAreGood() throws Exception {
    assertThat(
            read(
                """
                issuer = "https://login.a.test"
                audience = ["mail", "imap"]
                jwks_url = "https://login.a.test:8443/keys?x=1"
                scope = "mail"
                account_claim = "upn"
                """))
        .contains(
            new OAuthConfig(
                Optional.of("https://login.a.test"),
                List.of("mail", "imap"),
                Optional.of(URI.create("https://login.a.test:8443/keys?x=1")),
                Optional.empty(),
                Optional.empty(),
                "upn",
                Optional.of("mail")));
  }

  @Test
  void readsWhomToAsk() throws Exception {
    Files.writeString(directory.resolve("secret"), "of the file\n");
    OAuthConfig config =
        read("""
        introspection_url = "http://127.0.0.1:8080/introspect"
        client_id = "mail"
        client_secret_file = "secret"
        """)
            .orElseThrow();
    assertThat(config.introspection())
        .contains(
            new OAuthConfig.Introspection(
                URI.create("http://127.0.0.1:8080/introspect"), "mail", "of the file"));
    assertThat(config.introspection().toString()).doesNotContain("of the file");
    assertThat(config.accountClaim()).isEqualTo("email");
    assertThat(config.hasKeys()).isFalse();
  }

  @Test
  void takesNoTokensWithoutASection() throws Exception {
    assertThat(read("")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          jwks_url = "https://a.test/"                              | 'auth.oauth.jwks_url' is set without 'auth.oauth.issuer'; set that
          issuer = "x"\\njwks_url = "https://a.test/"                | 'auth.oauth.jwks_url' is set without 'auth.oauth.audience'; set that
          issuer = "x"\\naudience = []\\njwks_url = "https://a.test/" | 'auth.oauth.jwks_url' is set without 'auth.oauth.audience'; set that
          jwks_url = "http://a.test/"                               | is no address that can be asked; write https://…, or http:// to this machine
          jwks_file = "none"                                        | cannot be read; write the path of a file with the keys of the issuer
          introspection_url = "https://a.test/"                     | is set without 'auth.oauth.client_id' and 'auth.oauth.client_secret_file'
          issuer = "x"                                              | 'auth.oauth.issuer' is set without keys and without 'auth.oauth.introspection_url'
          scope = "a b"                                             | 'a b' is no scope; write one word
          issuer = ""                                               | '' is empty, too long, or has a quote in it
          """)
  void refusesWhatCannotBe(String lines, String problem) {
    ConfigException refused =
        catchThrowableOfType(ConfigException.class, () -> read(lines.replace("\\n", "\n")));
    assertThat(refused).hasMessageContaining(problem);
  }

  @Test
  void refusesMechanismsOfTokensWithoutAnIssuer() {
    ConfigException refused =
        catchThrowableOfType(
            ConfigException.class, () -> readAll("[auth]\nmechanisms = [\"XOAUTH2\"]\n"));
    assertThat(refused)
        .hasMessageContaining("has one for tokens without a section [auth.oauth]; say there whose");
  }

  private Optional<OAuthConfig> read(String lines) throws ConfigException, IOException {
    return readAll("[auth.oauth]\n" + lines);
  }

  private Optional<OAuthConfig> readAll(String toml) throws ConfigException, IOException {
    Path file = directory.resolve("postrider.toml");
    Files.writeString(file, toml);
    return new ConfigReader(Map.of(), () -> "mx.a.test").read(Optional.of(file)).auth().oauth();
  }
}
