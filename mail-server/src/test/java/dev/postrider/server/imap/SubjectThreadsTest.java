package dev.postrider.server.imap;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** RFC 5256 section 3, ORDEREDSUBJECT. */
class SubjectThreadsTest {

  private static ThreadedMessage message(String subject, int sent) {
    return new ThreadedMessage(
        Optional.of("<same@x>"), List.of("<other@x>"), subject, false, Instant.ofEpochSecond(sent));
  }

  private static String threads(ThreadedMessage... messages) {
    SubjectThreads threading = new SubjectThreads(messages.length);
    List.of(messages).forEach(threading::add);
    return ReferenceThreadsTest.written(threading.threads());
  }

  @Test
  void oldestOfASubjectIsAboveTheOthers() {
    assertThat(
            threads(
                message("b", 9),
                message("A", 8),
                message("a", 3),
                message("b", 5),
                message("á", 4),
                message("a", 3),
                message("b", 2)))
        .isEqualTo("(7 (4)(1))(3 (6)(2))(5)");
  }

  @Test
  void oneChildFollowsInTheSameList() {
    assertThat(threads(message("x", 1), message("x", 2))).isEqualTo("(1 2)");
  }

  @Test
  void noSubjectIsASubject() {
    assertThat(threads(message("", 2), message("", 1), message("x", 0))).isEqualTo("(3)(2 1)");
    assertThat(threads()).isEmpty();
  }
}
