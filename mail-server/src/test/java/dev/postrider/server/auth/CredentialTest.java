package dev.postrider.server.auth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postrider.protocol.sasl.ScramHash;
import dev.postrider.protocol.sasl.ScramKeys;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CredentialTest {

  private static final byte[] DEMO = "demo".getBytes(UTF_8);
  private static final Set<ScramHash> ALL = Set.of(ScramHash.values());

  @Test
  void hasTheHashAndTheKeysThatAreWanted() {
    Credential credential = Credential.parse(Credential.create(DEMO, Set.of(ScramHash.SHA_256)));
    assertThat(credential.hash().orElseThrow().matches(DEMO)).isTrue();
    ScramKeys keys = credential.keys(ScramHash.SHA_256).orElseThrow();
    assertThat(
            ScramKeys.of(ScramHash.SHA_256, "demo", keys.salt().toByteArray(), keys.iterations()))
        .isEqualTo(keys);
    assertThat(keys.iterations()).isEqualTo(Credential.ITERATIONS);
    assertThat(credential.keys(ScramHash.SHA_1)).isEmpty();
    assertThat(credential.toString())
        .startsWith("$argon2id$")
        .contains(" " + Credential.markOf(ScramHash.SHA_256) + "i=60000$")
        .doesNotContain(Credential.markOf(ScramHash.SHA_1));
  }

  @Test
  void takesAnOlderOneThatIsAHashAlone() {
    String old = PasswordHash.create(DEMO);
    Credential credential = Credential.parse(old);
    assertThat(credential.hash().orElseThrow().matches(DEMO)).isTrue();
    assertThat(credential.keys(ScramHash.SHA_256)).isEmpty();
    Credential more = credential.with(ALL, DEMO);
    assertThat(more.toString()).startsWith(old + " $scram-sha-256$i=");
    assertThat(more.keys(ScramHash.SHA_256)).isPresent();
    assertThat(more.keys(ScramHash.SHA_1)).isPresent();
    assertThat(more.with(ALL, DEMO)).isSameAs(more);
    assertThat(credential.with(Set.of(), DEMO)).isSameAs(credential);
  }

  @Test
  void everyPasswordHasItsOwnSalt() {
    assertThat(Credential.parse(Credential.create(DEMO, ALL)).keys(ScramHash.SHA_1))
        .isNotEqualTo(Credential.parse(Credential.create(DEMO, ALL)).keys(ScramHash.SHA_1));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "x",
        "$scram-sha-1$i=4096$AAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAA=$AAAAAAAAAAAAAAAAAAAAAAAAAAA=",
        "x $scram-sha-1$i=4095$AAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAA=$AAAAAAAAAAAAAAAAAAAAAAAAAAA=",
        "x $scram-sha-1$i=99999999$AAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAA=$AAAAAAAAAAAAAAAAAAAAAAAAAAA=",
        "x $scram-sha-256$i=4096$AAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAA=$AAAAAAAAAAAAAAAAAAAAAAAAAAA=",
        "x $scram-sha-1$i=4096$====$AAAAAAAAAAAAAAAAAAAAAAAAAAA=$AAAAAAAAAAAAAAAAAAAAAAAAAAA=",
        "x $scram-sha-512$i=4096$AAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAA=$AAAAAAAAAAAAAAAAAAAAAAAAAAA="
      })
  void letsNobodyInByWhatItDoesNotUnderstand(String stored) {
    Credential credential = Credential.parse(stored);
    assertThat(credential.hash()).isEmpty();
    assertThat(credential.keys(ScramHash.SHA_1)).isEmpty();
    assertThat(credential.keys(ScramHash.SHA_256)).isEmpty();
    assertThat(credential.toString()).isEqualTo(stored);
  }
}
