package dev.postrider.protocol.address;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MailAddressTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a@b",
        "first.last+tag@example.test",
        "\"a b\"@example.test",
        "\"a@b\\\"\\\\\"@example.test",
        "a@[127.0.0.1]",
        "a@[ipv6:::1]",
        "jürgen@exämple.test",
        "用户@例え.テスト",
        "x@my_host.test"
      })
  void readsAndWritesTheSame(String text) {
    assertThat(MailAddress.parse(text)).map(MailAddress::toString).contains(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a",
        "@b",
        "a@",
        "a b@c",
        "a@b c",
        "a@-b",
        "a@b-",
        "a@b..c",
        "a@.b",
        "a@b.",
        "a@[1.2.3]",
        "a@[1.2.3.400]",
        "a@[IPv6:xyz]",
        "a@[b",
        "\"@b",
        "\"a\"b\"@c",
        "\"a\\\"@c",
        "\"\"@c",
        "a@b@c",
        "a\r\n@b",
        "a@b\r\nDATA",
        "\"a\nb\"@c",
        "\"a\0\"@c",
        "a@b\u0085",
        "\ud800@b",
        "a@\u2028b",
        "a,b@c",
        "<a>@b",
        "a(b)@c"
      })
  void refusesWhatIsNone(String text) {
    assertThat(MailAddress.parse(text)).isEmpty();
  }

  @Test
  void holdsTheLimits() {
    String local = "x".repeat(MailAddress.LOCAL_PART_OCTETS_MAX);
    assertThat(MailAddress.parse(local + "@b")).isPresent();
    assertThat(MailAddress.parse(local + "x@b")).isEmpty();
    assertThat(MailAddress.parse("a@" + "x".repeat(Domain.LABEL_OCTETS_MAX))).isPresent();
    assertThat(MailAddress.parse("a@" + "x".repeat(Domain.LABEL_OCTETS_MAX + 1))).isEmpty();
    assertThat(MailAddress.parse("a@" + "x.".repeat(127) + "x")).isPresent();
    assertThat(MailAddress.parse("a@" + "x.".repeat(128) + "x")).isEmpty();
  }

  @Test
  void unquotesAndKeepsCaseOfTheLocalPartOnly() {
    assertThat(MailAddress.parse("\"Joe\"@EXAMPLE.test"))
        .contains(new MailAddress("Joe", "example.test"));
  }

  @Test
  void quotesLooseDots() {
    assertThat(MailAddress.parse("a..b.@docomo.test"))
        .map(MailAddress::toString)
        .contains("\"a..b.\"@docomo.test");
  }

  @Test
  void knowsWhatNeedsSmtpUtf8() {
    assertThat(new MailAddress("a", "b").isAscii()).isTrue();
    assertThat(new MailAddress("ä", "b").isAscii()).isFalse();
    assertThat(new MailAddress("a", "ä").isAscii()).isFalse();
  }

  @Test
  void cannotBeMadeWithALineEnding() {
    assertThatThrownBy(() -> new MailAddress("a\r\nRCPT TO:<x@y>", "b"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new MailAddress("a", "b>\r\nDATA"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void domainsHaveALabels() {
    assertThat(Domain.toAscii("BÜCHER.test")).contains("xn--bcher-kva.test");
    assertThat(Domain.toAscii("Example.test")).contains("example.test");
    assertThat(Domain.toAscii("[127.0.0.1]")).isEmpty();
  }

  @Test
  void readsBackWhatItWritesOnRandomText() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    String alphabet = "ab.@\"\\ []:<>\r\n\0-1\u00e4\ud800\udc00";
    for (int i = 0; i < 20_000; i++) {
      StringBuilder text = new StringBuilder();
      int length = random.nextInt(14);
      for (int j = 0; j < length; j++) {
        text.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      Optional<MailAddress> address = MailAddress.parse(text.toString());
      address.ifPresent(
          found -> {
            assertThat(found.toString()).as("seed %s", seed).doesNotContainPattern("\\p{Cntrl}");
            assertThat(MailAddress.parse(found.toString())).as("seed %s", seed).contains(found);
          });
      assertThat(Domain.toAscii(text.toString())).as("seed %s", seed).isNotNull();
    }
  }
}
