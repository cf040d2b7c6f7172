package dev.postrider.server.imap;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** RFC 5051 section 2. */
class UnicodeCasemapTest {

  private static String prepared(String text) {
    String prepared = UnicodeCasemap.prepared(text);
    assertThat(UnicodeCasemap.octets(text, 1000))
        .isEqualTo(prepared.getBytes(StandardCharsets.UTF_8));
    return prepared;
  }

  @Test
  void writesTitlecase() {
    assertThat(prepared("Straße, 3 zł~")).isEqualTo("STRAßE, 3 ZŁ~");
    assertThat(prepared("привет")).isEqualTo("ПРИВЕТ");
    assertThat(prepared("")).isEmpty();
  }

  @Test
  void takesApartWhatIsComposed() {
    assertThat(prepared("é")).isEqualTo("E\u0301").isEqualTo(prepared("E\u0301"));
    assertThat(prepared("ﬁ№ ①")).isEqualTo("fiNo 1");
    assertThat(prepared("\u00a0")).isEqualTo(" ");
    assertThat(prepared("한")).isEqualTo("\u1112\u1161\u11ab");
  }

  /** The titlecase of the letter DŽ has a small z, and its parts are not looked at again. */
  @Test
  void takesApartTheTitlecase() {
    for (String letter : new String[] {"\u01c4", "\u01c5", "\u01c6"}) {
      assertThat(prepared(letter)).isEqualTo("Dz\u030c");
    }
  }

  @Test
  void leavesTheOrderOfMarksBetweenCodePoints() {
    assertThat(prepared("a\u0301\u0323")).isEqualTo("A\u0301\u0323");
    assertThat(prepared("a\u0323\u0301")).isEqualTo("A\u0323\u0301");
  }

  @Test
  void readsWholeCodePoints() {
    // Deseret has capitals, beyond the first 65536 code points.
    assertThat(prepared("\ud801\udc28")).isEqualTo("\ud801\udc00");
  }

  @Test
  void keepsTheFirstOctetsOfMore() {
    assertThat(UnicodeCasemap.octets("x".repeat(50), 10)).hasSize(10);
    assertThat(UnicodeCasemap.octets("ü".repeat(50), 10)).hasSize(10).startsWith('U');
    assertThat(UnicodeCasemap.octets("한".repeat(50), 10)).hasSize(10);
  }
}
