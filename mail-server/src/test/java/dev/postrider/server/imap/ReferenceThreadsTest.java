package dev.postrider.server.imap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postrider.protocol.imap.ImapWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** RFC 5256 section 3, REFERENCES. */
class ReferenceThreadsTest {

  /** Sent {@code day} days after the beginning, with identifiers separated by spaces. */
  private static ThreadedMessage message(String id, String references, String subject, int day) {
    boolean reply = subject.startsWith("Re: ");
    return new ThreadedMessage(
        Optional.of(id).filter(text -> !text.isEmpty()),
        Arrays.stream(references.split(" ")).filter(text -> !text.isEmpty()).toList(),
        reply ? subject.substring(4) : subject,
        reply,
        Instant.ofEpochSecond(86_400L * day));
  }

  private static String threads(ThreadedMessage... messages) {
    return threads(List.of(messages));
  }

  private static String threads(List<ThreadedMessage> messages) {
    ReferenceThreads threading = new ReferenceThreads(messages.size());
    messages.forEach(threading::add);
    return written(threading.threads());
  }

  static String written(ThreadForest forest) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      forest.write(message -> message + 1L, new ImapWriter(out));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toString(StandardCharsets.US_ASCII).replace("* THREAD", "").strip();
  }

  @Test
  void putsAnswersBelowWhatTheyAnswer() {
    assertThat(
            threads(
                message("a", "", "x", 1),
                message("b", "a", "Re: x", 2),
                message("c", "a b", "Re: x", 3),
                message("d", "a", "Re: x", 4),
                message("e", "", "y", 5)))
        .isEqualTo("(1 (2 3)(4))(5)");
  }

  @Test
  void findsWhatComesAfterItsAnswer() {
    assertThat(
            threads(
                message("c", "a b", "Re: x", 3),
                message("b", "a", "Re: x", 2),
                message("a", "", "x", 1)))
        .isEqualTo("(3 2 1)");
  }

  @Test
  void joinsWhatAnswersAMessageThatIsNotThere() {
    assertThat(threads(message("b", "a", "Re: x", 2), message("c", "a", "Re: x", 1)))
        .isEqualTo("((2)(1))");
    // One alone takes its place, and what is missing within a thread is left out.
    assertThat(threads(message("b", "a", "Re: x", 2))).isEqualTo("(1)");
    assertThat(
            threads(
                message("a", "", "x", 1),
                message("d", "a b c", "Re: x", 3),
                message("e", "a b", "Re: x", 2)))
        .isEqualTo("(1 (3)(2))");
    assertThat(threads(message("d", "a b c", "x", 3), message("e", "a b", "y", 2)))
        .isEqualTo("((2)(1))");
  }

  @Test
  void takesIdentifiersForTheSameHoweverTheyAreQuoted() {
    assertThat(
            threads(
                message("<\"01KF8\"@x.test>", "", "x", 1),
                message("b", "<01KF8@x.test>", "y", 2),
                message("c", "<\"01\\KF8\"@x.test>", "z", 3)))
        .isEqualTo("(1 (2)(3))");
    assertThat(threads(message("<A@x>", "", "x", 1), message("b", "<a@x>", "y", 2)))
        .as("capitals count")
        .isEqualTo("(1)(2)");
  }

  @Test
  void believesTheNearestReferenceOfAMessageItself() {
    // The second says that b is below a, and b itself that it is below z.
    assertThat(
            threads(
                message("a", "", "1", 1),
                message("c", "a b", "2", 2),
                message("z", "", "3", 3),
                message("b", "z", "4", 4)))
        .isEqualTo("(1)(3 4 2)");
    // What has a parent keeps it, whatever others say.
    assertThat(
            threads(
                message("a", "", "1", 1),
                message("z", "", "2", 2),
                message("b", "z", "3", 3),
                message("c", "a b", "4", 4)))
        .isEqualTo("(1)(2 3 4)");
    assertThat(
            threads(message("b", "a", "1", 1), message("a", "", "2", 2), message("b2", "", "3", 3)))
        .isEqualTo("(2 1)(3)");
  }

  @Test
  void makesNoLoops() {
    assertThat(threads(message("a", "a", "x", 1))).isEqualTo("(1)");
    assertThat(threads(message("a", "b a", "x", 1), message("b", "a b", "y", 2)))
        .isEqualTo("(1)(2)");
    assertThat(threads(message("a", "b", "x", 1), message("b", "a", "y", 2))).isEqualTo("(2 1)");
    assertThat(
            threads(
                message("a", "c", "x", 1), message("b", "a", "y", 2), message("c", "b", "z", 3)))
        .isEqualTo("(3 1 2)");
    assertThat(threads(message("a", "b b b c b", "x", 1))).isEqualTo("(1)");
  }

  @Test
  void givesAnIdentifierToTheFirstThatHasItAlone() {
    assertThat(
            threads(
                message("a", "", "x", 1),
                message("a", "", "y", 2),
                message("b", "a", "z", 3),
                message("", "a", "w", 4),
                message("", "", "v", 5),
                message("", "", "u", 6)))
        .isEqualTo("(1 (3)(4))(2)(5)(6)");
  }

  @Test
  void mergesThreadsOfOneSubject() {
    // Replies come below what is none, whichever comes first.
    assertThat(threads(message("a", "", "x", 1), message("b", "", "Re: X", 2))).isEqualTo("(1 2)");
    assertThat(threads(message("a", "", "Re: x", 1), message("b", "", "x", 2))).isEqualTo("(2 1)");
    // Equals become siblings.
    assertThat(threads(message("a", "", "x", 2), message("b", "", "x", 1))).isEqualTo("((2)(1))");
    assertThat(
            threads(
                message("a", "", "Re: x", 1),
                message("b", "", "Re: x", 2),
                message("c", "", "Re: x", 3)))
        .isEqualTo("((1)(2)(3))");
    // A dummy takes in dummies and messages.
    assertThat(
            threads(
                message("a", "m", "x", 1),
                message("b", "m", "x", 2),
                message("c", "n", "x", 3),
                message("d", "n", "x", 4),
                message("e", "", "x", 5)))
        .isEqualTo("((1)(2)(3)(4)(5))");
    // Without a subject there is nothing in common.
    assertThat(threads(message("a", "", "", 1), message("b", "", "Re: ", 2))).isEqualTo("(1)(2)");
  }

  @Test
  void sortsByDateThenByNumber() {
    assertThat(
            threads(
                message("a", "", "x", 5),
                message("b", "a", "Re: x", 9),
                message("c", "a", "Re: x", 8),
                message("d", "a", "Re: x", 8),
                message("e", "", "y", 5),
                message("f", "", "z", 4)))
        .isEqualTo("(6)(1 (3)(4)(2))(5)");
  }

  @Test
  void saysNothingOfNothing() {
    assertThat(threads()).isEmpty();
  }

  @Test
  void agreesWithTheStepsOfTheStandard() {
    for (int seed = 0; seed < 20_000; seed++) {
      Random random = new Random(seed);
      List<ThreadedMessage> messages = new ArrayList<>();
      int count = random.nextInt(12);
      int ids = 1 + random.nextInt(12);
      for (int i = 0; i < count; i++) {
        messages.add(anyMessage(random, ids));
      }
      assertThat(threads(messages))
          .as("seed %s: %s", seed, messages)
          .isEqualTo(ThreadModel.threads(messages));
    }
  }

  private static ThreadedMessage anyMessage(Random random, int ids) {
    List<String> references = new ArrayList<>();
    for (int i = random.nextInt(6); i > 0; i--) {
      references.add(id(random, ids));
    }
    return new ThreadedMessage(
        random.nextInt(6) == 0 ? Optional.empty() : Optional.of(id(random, ids)),
        references,
        List.of("", "a", "A", "b", "c").get(random.nextInt(5)),
        random.nextBoolean(),
        Instant.ofEpochSecond(random.nextInt(6)));
  }

  private static String id(Random random, int ids) {
    String local = "i" + random.nextInt(ids);
    return "<" + (random.nextInt(4) == 0 ? "\"" + local + "\"" : local) + "@x>";
  }

  private static List<ThreadedMessage> chain(int length) {
    List<ThreadedMessage> chain = new ArrayList<>();
    for (int i = 0; i < length; i++) {
      List<String> references =
          IntStream.range(Math.max(0, i - 20), i).mapToObj(at -> "<" + at + "@x>").toList();
      chain.add(
          new ThreadedMessage(
              Optional.of("<" + i + "@x>"), references, "x", i > 0, Instant.ofEpochSecond(i)));
    }
    return chain;
  }

  private static String numbers(IntStream numbers) {
    return String.join(" ", numbers.mapToObj(String::valueOf).toList());
  }

  @Test
  @Timeout(60)
  void threadsAreAsDeepAsThereAreMessages() {
    int depth = 100_000;
    List<ThreadedMessage> chain = chain(depth);
    assertThat(threads(chain)).isEqualTo("(" + numbers(IntStream.rangeClosed(1, depth)) + ")");
    Collections.reverse(chain);
    assertThat(threads(chain))
        .isEqualTo("(" + numbers(IntStream.rangeClosed(1, depth).map(i -> depth + 1 - i)) + ")");
    Collections.shuffle(chain, new Random(1));
    assertThat(threads(chain).chars().filter(c -> c == '(').count()).isEqualTo(1);
  }

  /** Two messages answer each message: one has no answer, the other is answered again. */
  @Test
  @Timeout(60)
  void listsNestAsDeepAsThreadsBranch() {
    int depth = 20_000;
    List<ThreadedMessage> comb = new ArrayList<>();
    for (int i = 0; i < depth; i++) {
      String above = i == 0 ? "" : "<" + (i - 1) + "@x>";
      comb.add(message("<" + i + "@x>", above, "x", i));
      comb.add(message("<leaf-" + i + "@x>", above, "Re: x", i));
    }
    String written = threads(comb);
    int open = 0;
    int deepest = 0;
    for (int i = 0; i < written.length(); i++) {
      open += written.charAt(i) == '(' ? 1 : written.charAt(i) == ')' ? -1 : 0;
      deepest = Math.max(deepest, open);
    }
    assertThat(open).isZero();
    assertThat(deepest).isBetween(depth - 2, depth + 2);
  }

  @Test
  void isFullOfIdentifiersThatNoMessageHas() {
    ReferenceThreads threading = new ReferenceThreads(2, 3);
    threading.add(message("a", "b c d", "x", 1));
    assertThat(threading.isFull()).isFalse();
    threading.add(message("b", "e", "x", 1));
    assertThat(threading.isFull()).isFalse();
    ReferenceThreads less = new ReferenceThreads(2, 3);
    less.add(message("a", "b c d e", "x", 1));
    assertThat(less.isFull()).isTrue();
  }
}
