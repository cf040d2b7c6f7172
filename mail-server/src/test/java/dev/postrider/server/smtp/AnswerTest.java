package dev.postrider.server.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AnswerTest {

  @Test
  void theOperatorIsWarnedOfTheServersOwnTroubleAlone() {
    assertThat(Answer.say(452, "4.3.1", "Out of space").ownFault()).isTrue();
    assertThat(Answer.close(421, "4.3.0", "Failed").ownFault()).isTrue();
    assertThat(Answer.say(552, "5.3.4", "Too large").ownFault()).isFalse();
    assertThat(Answer.say(450, "4.2.1", "Gone").ownFault()).isFalse();
    assertThat(Answer.say(250, "2.0.0", "Accepted").ownFault()).isFalse();
  }
}
