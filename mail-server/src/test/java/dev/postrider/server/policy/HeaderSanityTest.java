package dev.postrider.server.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postrider.protocol.message.HeaderField;
import dev.postrider.protocol.message.Headers;
import java.net.InetAddress;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HeaderSanityTest {

  private static final HeaderField HOP = HeaderField.of("Received", "from a by b");
  private static final HeaderField FROM = HeaderField.of("From", "a@b.test");

  @Test
  void takesAMessageThatPassedAsManyServersAsTheStandardAllows() {
    assertThat(judge(Collections.nCopies(100, HOP))).isInstanceOf(Verdict.Accept.class);
  }

  @Test
  void refusesAMessageThatPassedOneMore() {
    assertThat(judge(Collections.nCopies(101, HOP)))
        .isInstanceOfSatisfying(
            Verdict.Reject.class, r -> assertThat(r.reply().toString()).startsWith("554 5.4.6"));
  }

  @Test
  void refusesTwoFromFields() {
    assertThat(judge(List.of(FROM))).isInstanceOf(Verdict.Accept.class);
    assertThat(judge(List.of(FROM, FROM))).isInstanceOf(Verdict.Reject.class);
  }

  @Test
  void takesAMessageWithoutAnyField() {
    assertThat(judge(List.of())).isInstanceOf(Verdict.Accept.class);
  }

  private static Verdict judge(List<HeaderField> fields) {
    return new HeaderSanity()
        .judge(
            new Candidate(
                "t",
                InetAddress.getLoopbackAddress(),
                "c.test",
                Optional.empty(),
                Headers.of(fields)));
  }
}
