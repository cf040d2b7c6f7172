package dev.postrider.client.accounts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigFileTest {
  private static final String GOOD =
      """
      # mine
      default = "b"
      [account.a]
      address = "a@x.test"
      [account.a.imap]
      host = "h"
      [account.a.smtp]
      host = "h"
      tls = "starttls"
      [account.b]
      address = "b@x.test"
      password-command = "pass b"
      save-sent = false
      [account.b.imap]
      host = "h"
      port = 2143
      tls = "none"
      [account.b.smtp]
      host = "h"
      [account.b.folders]
      sent = "Gesendet"
      """;

  @TempDir Path directory;

  private ConfigFile file(String text) throws Exception {
    return new ConfigFile(Files.writeString(directory.resolve("config.toml"), text));
  }

  @Test
  void readsAccounts() throws Exception {
    ClientConfig config = file(GOOD).read();
    assertThat(config.account(null).name()).isEqualTo("b");
    Account a = config.account("a@x.test");
    assertThat(a.imap()).isEqualTo(new Endpoint("h", 993, TlsMode.TLS));
    assertThat(a.smtp()).isEqualTo(new Endpoint("h", 587, TlsMode.STARTTLS));
    assertThat(a.password()).isInstanceOf(PasswordSource.Ask.class);
    Account b = config.account("b");
    assertThat(b.folders()).containsEntry("sent", "Gesendet");
    assertThat(b.saveSent()).isFalse();
  }

  @Test
  void refusesWithTheLine() throws Exception {
    assertThatThrownBy(() -> file(GOOD.replace("save-sent = false", "pasword = \"x\"")).read())
        .hasMessageContaining("config.toml:13")
        .hasMessageContaining("unknown key \"pasword\"");
    assertThatThrownBy(() -> file(GOOD.replace("\"none\"", "\"maybe\"")).read())
        .hasMessageContaining("tls is tls, starttls or none");
    assertThatThrownBy(() -> file(GOOD.replace("2143", "99999")).read())
        .hasMessageContaining("65535");
    assertThatThrownBy(() -> file(GOOD + "[[[").read()).hasMessageContaining("config.toml:");
    assertThatThrownBy(() -> file("[account.a]\naddress = 5\n").read())
        .hasMessageContaining("config.toml:2");
  }

  @Test
  void addingKeepsWhatAPersonWrote() throws Exception {
    ConfigFile file = file(GOOD);
    Account b = file.read().account("b");
    Account fresh =
        new Account(
            "new one",
            "ü@x.test",
            "Ü \"q\" \\",
            "u",
            b.imap(),
            b.smtp(),
            Fingerprints.parse("AB:".repeat(31) + "AB").orElseThrow(),
            new PasswordSource.File(Path.of("/p")),
            true,
            true,
            Map.of("trash", "Müll"));
    file.put(fresh);
    assertThat(Files.readString(file.path())).startsWith(GOOD);
    assertThat(file.read().account("new one")).isEqualTo(fresh);
    assertThat(file.read().account(null).name()).isEqualTo("b");
    assertThat(Files.getPosixFilePermissions(file.path()))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
  }

  @Test
  void replacingKeepsTheOthers() throws Exception {
    ConfigFile file = file(GOOD);
    ClientConfig before = file.read();
    Account a = before.account("a");
    file.put(
        new Account(
            "a",
            a.address(),
            "New",
            a.user(),
            a.imap(),
            a.smtp(),
            a.trust(),
            a.password(),
            false,
            true,
            Map.of()));
    ClientConfig after = file.read();
    assertThat(after.account("b")).isEqualTo(before.account("b"));
    assertThat(after.account("a").displayName()).isEqualTo("New");
    assertThat(after.account(null).name()).isEqualTo("b");
  }

  @Test
  void isFoundByFlagThenEnvironmentThenXdg() {
    Map<String, String> environment = Map.of("XDG_CONFIG_HOME", "/x", "HOME", "/h");
    assertThat(ConfigFile.locate(Optional.of(Path.of("/f")), environment).path())
        .isEqualTo(Path.of("/f"));
    assertThat(ConfigFile.locate(Optional.empty(), environment).path())
        .isEqualTo(Path.of("/x/postrider/config.toml"));
    assertThat(ConfigFile.locate(Optional.empty(), Map.of("HOME", "/h")).path())
        .isEqualTo(Path.of("/h/.config/postrider/config.toml"));
  }

  @Test
  void passwordsAreKeptForTheirOwnerAlone() throws Exception {
    ConfigFile file = new ConfigFile(directory.resolve("deep/er/config.toml"));
    Path stored = file.storePassword("a", "geheim ü");
    assertThat(Files.getPosixFilePermissions(stored))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    assertThat(stored).hasFileName("config.a.password").hasContent("geheim ü\n");
  }
}
