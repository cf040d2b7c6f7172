package dev.postrider.protocol.message;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RFC 5256 section 2, RFC 5957 section 3. */
class SortKeysTest {

  private static MessageDescription describe(String message) throws IOException {
    byte[] octets = message.replace("\n", "\r\n").getBytes(UTF_8);
    return MessageDescription.of(new ByteArrayInputStream(octets));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "minutes | minutes | false",
        "Re: minutes | minutes | true",
        "RE : re:  Fwd: FW: minutes | minutes | true",
        "re[2]: minutes | minutes | true",
        "[list] Re: [list] minutes | minutes | true",
        "[list] minutes | minutes | false",
        "[list] [other] minutes | minutes | false",
        "[list] | [list] | false",
        "minutes (fwd) (FWD)  | minutes | true",
        "[Fwd: Re: minutes] | minutes | true",
        "[fwd: [fwd: minutes (fwd)] ] | minutes | true",
        "Regarding: x | Regarding: x | false",
        "Re minutes | Re minutes | false",
        "[open minutes | [open minutes | false",
        "=?utf-8?Q?Re:_Gr=C3=BC=C3=9Fe?= | Grüße | true",
        "two   words | two words | false",
      })
  void subjectIsTheBaseSubject(String written, String base, boolean reply) {
    assertThat(BaseSubject.of(written.strip())).isEqualTo(new BaseSubject(base, reply));
  }

  @Test
  void subjectOfNothingButAdditionsIsEmpty() {
    for (String written :
        new String[] {"", " ", "Re:", "Re: (fwd)", "[fwd:]", "(fwd)", "Fw: Re: "}) {
      assertThat(BaseSubject.of(written).text()).as(written).isEmpty();
    }
  }

  @Test
  @Timeout(20)
  void hostileSubjectsTakeBoundedTime() {
    for (String piece : new String[] {"[", "[a]", "re:", "[fwd:", "(fwd)", "re[", "=?a?b?", "]"}) {
      assertThat(BaseSubject.of(piece.repeat(100_000)).text().length())
          .isLessThanOrEqualTo(BaseSubject.CHARS_MAX);
    }
  }

  @Test
  void keysAreThoseOfTheFirstAddress() throws IOException {
    SortKeys keys =
        describe(
                """
                From: =?utf-8?Q?Zo=C3=AB?= <zoe@a.test>, bob@b.test
                To: carol@c.test
                Cc: Team: dave@d.test;
                Date: Mon, 23 Nov 2026 01:02:03 +0100

                """)
            .sortKeys();
    assertThat(keys.subject()).isEmpty();
    assertThat(keys.isReply()).isFalse();
    assertThat(keys.sent()).contains(Instant.parse("2026-11-23T00:02:03Z"));
    assertThat(keys.from()).isEqualTo("zoe");
    assertThat(keys.to()).isEqualTo("carol");
    assertThat(keys.cc()).isEqualTo("Team");
    assertThat(keys.displayFrom()).isEqualTo("Zoë");
    assertThat(keys.displayTo()).isEqualTo("carol@c.test");
  }

  @Test
  void whatIsMissingSortsAsEmpty() throws IOException {
    SortKeys keys = describe("Date: some day\nTo: Team: a@b;\n\n").sortKeys();
    assertThat(keys.sent()).isEmpty();
    assertThat(keys.from()).isEmpty();
    assertThat(keys.displayFrom()).isEmpty();
    assertThat(keys.displayTo()).isEqualTo("Team");
  }

  /** RFC 5957 section 3. */
  @Test
  void nameThatSaysNothingIsNotDisplayed() throws IOException {
    SortKeys keys =
        describe("From: =?utf-8?Q??= <a@x.test>\nTo: \" Bob\" <b@x.test>\n\n").sortKeys();
    assertThat(keys.displayFrom()).isEqualTo("a@x.test");
    assertThat(keys.displayTo()).isEqualTo(" Bob");
  }

  @Test
  void threadsByReferencesElseByInReplyTo() throws IOException {
    MessageDescription both =
        describe("References: <a@x> (c) < b@x\n > junk <noat>\nIn-Reply-To: <c@x>\n\n");
    assertThat(both.threadReferences()).containsExactly("<a@x>", "<b@x>");
    MessageDescription one = describe("In-Reply-To: your mail <c@x> <d@x>\nMessage-ID: <e@x>\n\n");
    assertThat(one.threadReferences()).containsExactly("<c@x>");
    assertThat(one.messageId()).contains("<e@x>");
    assertThat(describe("Subject: x\n\n").threadReferences()).isEmpty();
  }
}
