package dev.postrider.server.auth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PasswordHashTest {

  @Test
  void writesAPhcStringThatItsPasswordMatches() {
    String phc = PasswordHash.create("pässword".getBytes(UTF_8));
    assertThat(phc).matches("\\$argon2id\\$v=19\\$m=19456,t=2,p=1\\$[^$]{22}\\$[^$]{43}");
    PasswordHash read = PasswordHash.parse(phc).orElseThrow();
    assertThat(read.toString()).isEqualTo(phc);
    assertThat(read.matches("pässword".getBytes(UTF_8))).isTrue();
    assertThat(read.matches("password".getBytes(UTF_8))).isFalse();
    assertThat(read.matches(new byte[0])).isFalse();
  }

  @Test
  void twoHashesOfOnePasswordDiffer() {
    byte[] password = "demo".getBytes(UTF_8);
    assertThat(PasswordHash.create(password)).isNotEqualTo(PasswordHash.create(password));
  }

  /** Made by Debian's argon2 program: {@code echo -n demo | argon2 somesalt -id -t 1 -k 64}. */
  @Test
  void readsWhatTheReferenceProgramWrote() {
    String phc =
        "$argon2id$v=19$m=64,t=1,p=1$c29tZXNhbHQ$Z7ueqoYVo23hocwAluy6/3bPFZcm7ssfK6/C/MpQKe4";
    PasswordHash read = PasswordHash.parse(phc).orElseThrow();
    assertThat(read.matches("demo".getBytes(UTF_8))).isTrue();
    assertThat(read.matches("Demo".getBytes(UTF_8))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "demo",
        "$2a$10$abcdefghijklmnopqrstuv",
        "$argon2i$v=19$m=64,t=1,p=1$c29tZXNhbHQ$AAAAAAAAAAAAAAAAAAAAAA",
        "$argon2id$v=16$m=64,t=1,p=1$c29tZXNhbHQ$AAAAAAAAAAAAAAAAAAAAAA",
        "$argon2id$v=19$m=999999999,t=1,p=1$c29tZXNhbHQ$AAAAAAAAAAAAAAAAAAAAAA",
        "$argon2id$v=19$m=64,t=9999,p=1$c29tZXNhbHQ$AAAAAAAAAAAAAAAAAAAAAA",
        "$argon2id$v=19$m=64,t=0,p=1$c29tZXNhbHQ$AAAAAAAAAAAAAAAAAAAAAA",
        "$argon2id$v=19$m=64,t=1,p=0$c29tZXNhbHQ$AAAAAAAAAAAAAAAAAAAAAA",
        "$argon2id$v=19$m=64,t=1,p=1$c29tZXNhbHQ$A"
      })
  void refusesWhatItCannotOrShouldNotCompute(String credential) {
    assertThat(PasswordHash.parse(credential)).isEmpty();
  }
}
