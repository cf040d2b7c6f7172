package dev.postrider.protocol.imap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postrider.protocol.imap.CommandReader.Received;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CommandReaderTest {

  private static final ImapCommand NOOP = new ImapCommand.Noop();

  @Test
  void givesTheGoAheadForALiteralAndReadsOn() {
    Commands in = new Commands("a LOGIN {5}\r\nalice {3}\r\na\"b\r\nb NOOP\r\n");
    Received.Command login = (Received.Command) in.next();
    assertThat(in.goAheads).isEqualTo(2);
    assertThat(((ImapCommand.Login) login.command()).name()).isEqualTo("alice");
    assertThat(in.next()).isEqualTo(new Received.Command("b", NOOP));
    assertThat(in.next()).isEqualTo(new Received.End());
  }

  @Test
  void givesNoGoAheadForANonSynchronizingLiteral() {
    Commands in = new Commands("a SELECT {5+}\r\ninbox\r\n");
    assertThat(in.next())
        .isEqualTo(
            new Received.Command("a", new ImapCommand.Select("INBOX", SelectParameters.NONE)));
    assertThat(in.goAheads).isZero();
  }

  @Test
  void refusesAHugeLiteralBeforeTheGoAhead() {
    Commands in = new Commands("a LOGIN {4294967295}\r\nb NOOP\r\n");
    assertThat(((Received.Unacceptable) in.next()).reply().toString()).startsWith("NO [TOOBIG] ");
    assertThat(in.goAheads).isZero();
    assertThat(in.next()).isEqualTo(new Received.Command("b", NOOP));
  }

  @Test
  void endsTheConnectionForAHugeNonSynchronizingLiteral() {
    Commands in = new Commands("a LOGIN {4294967295+}\r\n");
    assertThatThrownBy(() -> in.reader.next()).isInstanceOf(UndiscardableLiteralException.class);
  }

  @Test
  void endsTheConnectionForANonSynchronizingLiteralOfMoreThanCanBeCounted() {
    for (String command : List.of("a LOGIN", "a XYZZY")) {
      Commands in = lines(command + " {99999999999999999999+}", "b LOGOUT");
      assertThatThrownBy(() -> in.reader.next()).isInstanceOf(UndiscardableLiteralException.class);
    }
  }

  @Test
  void readsOverALiteralWhoseNumberIsLong() {
    Commands in = lines("a XYZZY {" + "0".repeat(70) + "8+}", "b LOGOUT", "c NOOP");
    assertThat(((Received.Unacceptable) in.next()).tag()).isEqualTo("a");
    assertThat(in.next()).isEqualTo(new Received.Command("c", NOOP));
  }

  @Test
  void looksAtEachDigitOfANumberOnce() {
    String zeros = "0".repeat(CommandReader.COMMAND_OCTETS_MAX - 100);
    Commands in =
        lines("a XYZZY {" + zeros + "x", "b XYZZY {" + zeros + "+}", "", "c XYZZY {+}", "d NOOP");
    assertThat(((Received.Unacceptable) in.next()).tag()).isEqualTo("a");
    assertThat(((Received.Unacceptable) in.next()).tag()).isEqualTo("b");
    assertThat(((Received.Unacceptable) in.next()).tag()).isEqualTo("c");
    assertThat(in.next()).isEqualTo(new Received.Command("d", NOOP));
  }

  private static Commands lines(String... lines) {
    return new Commands(String.join("\r\n", lines) + "\r\n");
  }

  @Test
  void refusesAMessageOfMoreThan4GBByItsSizeAndNotByItsGrammar() {
    Received.Command append = (Received.Command) new Commands("a APPEND x {5000000000}\r\n").next();
    ImapCommand.Append message = (ImapCommand.Append) append.command();
    assertThat(message.message().parts().octets()).contains(new LiteralHead(5_000_000_000L, false));
  }

  @Test
  void takesMailboxNamesInUtf8WhereThatIsSpoken() {
    Commands in =
        lines(
            "a DELETE \"Entw\u00c3\u00bcrfe\"",
            "b DELETE R&D",
            "c LIST \"\" {4+}",
            "\u00c3\u00bc/%",
            "d DELETE \"Entw\u00fcrfe\"",
            "e DELETE \u00c3\u00bc");
    in.reader.utf8Names(true);
    assertThat(command(in)).isEqualTo(new ImapCommand.Delete("Entw\u00fcrfe"));
    assertThat(command(in)).isEqualTo(new ImapCommand.Delete("R&D"));
    assertThat(((ImapCommand.List) command(in)).patterns())
        .containsExactly(new ListPattern("\u00fc/%"));
    assertThat(((Received.Unacceptable) in.next()).reply().toString())
        .isEqualTo("BAD String is not UTF-8");
    assertThat(((Received.Unacceptable) in.next()).reply().toString()).startsWith("BAD ");
  }

  private static ImapCommand command(Commands in) {
    return ((Received.Command) in.next()).command();
  }

  @Test
  void neverTakesTheLiteralOfABadCommandForACommand() {
    Commands in = new Commands("a XYZZY {8+}\r\nb LOGOUT {4+}\r\nc \r\n\r\nd NOOP\r\n");
    assertThat(((Received.Unacceptable) in.next()).tag()).isEqualTo("a");
    assertThat(in.next()).isEqualTo(new Received.Command("d", NOOP));
  }

  @Test
  void readsOverALiteralWithNulOnlyOnce() {
    Commands in = new Commands("a SELECT {3+}\r\na\0b\r\nb NOOP\r\n");
    assertThat(((Received.Unacceptable) in.next()).reply().toString()).contains("NUL");
    assertThat(in.next()).isEqualTo(new Received.Command("b", NOOP));
  }

  @Test
  void survivesAnOverlongLine() {
    Commands in = new Commands("a NOOP " + "x".repeat(200_000) + "\r\nb NOOP\r\n");
    assertThat(((Received.Unacceptable) in.next()).reply().toString()).contains("longer than");
    assertThat(in.next()).isEqualTo(new Received.Command("b", NOOP));
  }

  @Test
  void readsALineOf8192Octets() {
    String name = "x".repeat(8192 - "a SELECT ".length());
    Commands in = new Commands("a SELECT " + name + "\r\n");
    assertThat(in.next())
        .isEqualTo(new Received.Command("a", new ImapCommand.Select(name, SelectParameters.NONE)));
  }

  @Test
  void doesNotExecuteWhatStandsBehindABareLineFeed() throws IOException {
    Commands in = new Commands("a NOOP\nb LOGOUT\r\nc NOOP\r\n");
    assertThat(in.all()).hasSize(2).last().isEqualTo(new Received.Command("c", NOOP));
  }

  @Test
  void streamsTheMessageOfAppend() throws IOException {
    Commands in = new Commands("a APPEND INBOX {7}\r\nabc\r\n\0x\r\nb NOOP\r\n");
    assertThat(in.next()).isInstanceOf(Received.Command.class);
    assertThat(in.goAheads).isZero();
    byte[] message = in.reader.openLiteral().readAllBytes();
    assertThat(new String(message, StandardCharsets.ISO_8859_1)).isEqualTo("abc\r\n\0x");
    assertThat(in.goAheads).isEqualTo(1);
    in.reader.finish();
    assertThat(in.next()).isEqualTo(new Received.Command("b", NOOP));
  }

  @Test
  void readsOneMessageAfterTheOther() throws Exception {
    Commands in =
        new Commands(
            """
            a APPEND x {3}
            abc (\\Seen) " 1-Jan-2020 00:00:00 +0000" {2+}
            de {4}
            fghi\s
            b NOOP
            """
                .replace("\n", "\r\n"));
    in.next();
    assertThat(text(in)).isEqualTo("abc");
    AppendMessage second = in.reader.nextMessage().orElseThrow();
    assertThat(second.flags()).containsExactly("\\Seen");
    assertThat(second.date()).contains(OffsetDateTime.parse("2020-01-01T00:00:00Z"));
    assertThat(text(in)).isEqualTo("de");
    assertThat(in.reader.nextMessage())
        .contains(new AppendMessage(List.of(), Optional.empty(), new LiteralHead(4, false)));
    assertThat(in.goAheads).isEqualTo(1);
    assertThat(text(in)).isEqualTo("fghi");
    assertThat(in.goAheads).isEqualTo(2);
    assertThat(in.reader.nextMessage()).isEmpty();
    in.reader.finish();
    assertThat(in.next()).isEqualTo(new Received.Command("b", NOOP));
  }

  private static String text(Commands in) throws IOException {
    return new String(in.reader.openLiteral().readAllBytes(), StandardCharsets.ISO_8859_1);
  }

  @Test
  void readsThePartsOfACatenatedMessage() throws Exception {
    Commands in =
        new Commands(
            """
            a APPEND x CATENATE (URL one URL "two" TEXT {3}
            abc TEXT {2+}
            de URL {5+}
            three) (\\Seen) CATENATE (URL four) {1}
            f
            b NOOP
            """
                .replace("\n", "\r\n"));
    ImapCommand.Append append = (ImapCommand.Append) ((Received.Command) in.next()).command();
    assertThat(append.message().parts().urls()).containsExactly("one", "two");
    assertThat(text(in)).isEqualTo("abc");
    AppendParts parts = in.reader.nextParts();
    assertThat(parts.urls()).isEmpty();
    assertThat(text(in)).isEqualTo("de");
    assertThat(in.reader.nextParts())
        .isEqualTo(new AppendParts(List.of("three"), Optional.empty(), false));
    AppendMessage second = in.reader.nextMessage().orElseThrow();
    assertThat(second.flags()).containsExactly("\\Seen");
    assertThat(second.parts()).isEqualTo(new AppendParts(List.of("four"), Optional.empty(), false));
    assertThat(in.reader.nextMessage().orElseThrow().parts())
        .isEqualTo(AppendParts.whole(new LiteralHead(1, false)));
    assertThat(text(in)).isEqualTo("f");
    assertThat(in.reader.nextMessage()).isEmpty();
    in.reader.finish();
    assertThat(in.next()).isEqualTo(new Received.Command("b", NOOP));
  }

  @Test
  void readsOverWhatFollowsAnUnwantedUrl() throws Exception {
    Commands in =
        new Commands(
            """
            a APPEND x CATENATE (URL one) (\\Seen) {10+}
            b LOGOUT
             CATENATE (TEXT {10+}
            b LOGOUT
            )
            c NOOP
            """
                .replace("\n", "\r\n"));
    assertThat(in.all()).hasSize(2).last().isEqualTo(new Received.Command("c", NOOP));
  }

  @Test
  void readsOverAllMessagesBehindAnUnwantedOne() throws Exception {
    Commands in =
        new Commands(
            """
            a APPEND x {3+}
            abc {10+}
            b LOGOUT
             (\\Seen) {10+}
            b LOGOUT
             {9}
            c NOOP
            """
                .replace("\n", "\r\n"));
    assertThat(in.all()).hasSize(2).last().isEqualTo(new Received.Command("c", NOOP));
    assertThat(in.goAheads).isZero();
  }

  @Test
  void readsOverWhatIsLeftOfAMessageBeforeTheNext() throws Exception {
    Commands in = new Commands("a APPEND x {3+}\r\nabc {2+}\r\nde\r\nb NOOP\r\n");
    in.next();
    assertThat(in.reader.openLiteral().read()).isEqualTo('a');
    assertThat(in.reader.nextMessage()).isPresent();
    assertThat(text(in)).isEqualTo("de");
    in.reader.finish();
    assertThat(in.next()).isEqualTo(new Received.Command("b", NOOP));
  }

  @Test
  void endsTheConnectionForAHugeMessageBehindAnother() throws Exception {
    Commands in = new Commands("a APPEND x {3+}\r\nabc {4294967295+}\r\n");
    in.next();
    assertThat(text(in)).isEqualTo("abc");
    assertThat(in.reader.nextMessage()).isPresent();
    assertThatThrownBy(in.reader::finish).isInstanceOf(UndiscardableLiteralException.class);
  }

  @Test
  void readsOverAnUnwantedMessageThatComesAnyway() throws IOException {
    Commands in = new Commands("a APPEND INBOX {9+}\r\nb LOGOUT\r\r\nc NOOP\r\n");
    assertThat(in.all()).hasSize(2).last().isEqualTo(new Received.Command("c", NOOP));
  }

  @Test
  void expectsNothingOfAnUnwantedMessageThatWaits() throws IOException {
    Commands in = new Commands("a APPEND INBOX {4294967295}\r\nc NOOP\r\n");
    assertThat(in.all()).hasSize(2).last().isEqualTo(new Received.Command("c", NOOP));
  }

  @Test
  void noticesWhatFollowsAMessageThatShouldNot() throws IOException {
    Commands in = new Commands("a APPEND INBOX {3}\r\nabc junk {4+}\r\nabcd\r\nb NOOP\r\n");
    in.next();
    in.reader.openLiteral().readAllBytes();
    assertThatThrownBy(in.reader::nextMessage)
        .isInstanceOf(UnacceptableCommandException.class)
        .hasMessageContaining("a literal");
    assertThat(in.next()).isEqualTo(new Received.Command("b", NOOP));
  }

  @Test
  void noticesTheEndWithinALiteral() {
    Commands in = new Commands("a LOGIN {5}\r\nal");
    assertThatThrownBy(in::next)
        .isInstanceOf(UncheckedIOException.class)
        .hasCauseInstanceOf(EOFException.class);
  }

  @Test
  void answersUntaggedWhereThereIsNoTag() {
    assertThat(((Received.Unacceptable) new Commands("\r\n").next()).tag()).isEqualTo("*");
    assertThat(((Received.Unacceptable) new Commands("+ NOOP\r\n").next()).tag()).isEqualTo("*");
    assertThat(((Received.Unacceptable) new Commands("\0\1\2\r\n").next()).tag()).isEqualTo("*");
    assertThat(((Received.Unacceptable) new Commands("a\r\n").next()).tag()).isEqualTo("*");
  }

  @Test
  void survivesAnythingAndAlwaysComesToAnEnd() throws IOException {
    CommandFuzz fuzz = new CommandFuzz(20261123);
    int good = 0;
    int refused = 0;
    for (int round = 0; round < 20_000; round++) {
      byte[] octets = fuzz.next();
      try {
        boolean uploads = round % 2 == 0;
        Commands in = new Commands(octets);
        in.reader.utf8Names(round % 3 == 0);
        good +=
            (int)
                (uploads ? in.allRead() : in.all())
                    .stream().filter(Received.Command.class::isInstance).count();
        refused += in.messagesRefused;
      } catch (EOFException | UndiscardableLiteralException e) {
        // The other two ways to end.
        assertThat(Optional.ofNullable(e.getMessage())).isPresent();
      }
    }
    assertThat(good).as("commands that were valid after all").isGreaterThan(1000);
    assertThat(refused).as("what stood behind a message and was none").isGreaterThan(50);
  }
}
