package dev.postrider.protocol.imap;

import dev.postrider.protocol.text.LineEnding;
import dev.postrider.protocol.text.LineException;
import dev.postrider.protocol.text.LineReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Commands off a connection.
 *
 * <p>Invariants. Between two calls of {@link #next} the stream stands before a command, if the
 * caller has called {@link #finish} after a command with streamed literals. A literal that was
 * announced as non-synchronizing is in the stream whether we want it or not: where its command
 * fails, its octets are thrown away, and the lines and literals that belong to it, so that they can
 * never be taken for commands. One that waits for our go-ahead and does not get it never comes. RFC
 * 3501 section 4.3, RFC 7888 section 4.
 *
 * <p>Memory: a line, and the literals that are not streamed together, each up to {@link
 * #COMMAND_OCTETS_MAX}.
 */
public final class CommandReader {

  /**
   * Octets of a line, and of all short literals of a command. RFC 7162 section 4: at least 8192.
   */
  public static final int COMMAND_OCTETS_MAX = 64 * 1024;

  private static final int TAG_OCTETS_MAX = 100;

  /**
   * Any number of digits: what a client announces comes, whether we can count it or not. They are
   * looked at once, however many they are.
   */
  private static final Pattern NON_SYNCHRONIZING =
      Pattern.compile("\\{(?=[0-9])0*+([0-9]*+)\\+\\}");

  /** Digits of a number that is a long whatever they are. */
  private static final int DIGITS_MAX = 18;

  /** What came. */
  public sealed interface Received {

    /** A command. */
    record Command(String tag, ImapCommand command) implements Received {}

    /**
     * Something else, and what is answered.
     *
     * @param tag "*" where none could be read
     * @param emptiesSaved whether {@code $} stands for no message from now on. RFC 5182 section 2.1
     */
    record Unacceptable(String tag, ImapReply reply, boolean emptiesSaved) implements Received {
      Unacceptable(String tag, ImapReply reply) {
        this(tag, reply, false);
      }
    }

    /** The client has closed its side. */
    record End() implements Received {}
  }

  /** Asks the client to go on with a literal. It is flushed at once. */
  @FunctionalInterface
  public interface GoAhead {
    void give() throws IOException;
  }

  private final LineReader in;
  private final GoAhead goAhead;
  private final long discardOctetsMax;
  private @Nullable StreamedLiteral streamed;

  /** Behind a list of parts, which need not end its line; else null. */
  private @Nullable CommandScanner behindParts;

  private int literalOctetsLeft;
  private boolean utf8Names;
  private Set<Extension> spoken = Extension.allBut(Set.of());

  /**
   * @param discardOctetsMax the largest unwanted literal that is read to its end so that the
   *     connection can live on
   */
  public CommandReader(LineReader in, GoAhead goAhead, long discardOctetsMax) {
    this.in = in;
    this.goAhead = goAhead;
    this.discardOctetsMax = discardOctetsMax;
  }

  /** Which extensions clients may use; all where nothing is said. */
  public void speak(Set<Extension> extensions) {
    spoken = extensions;
  }

  /** Whether mailbox names are UTF-8 from the next command on, and not modified UTF-7. */
  public void utf8Names(boolean utf8) {
    utf8Names = utf8;
  }

  /**
   * The next command.
   *
   * @throws UndiscardableLiteralException when an unwanted literal is too large to be read over
   */
  public Received next() throws IOException {
    if (streamed != null || behindParts != null) {
      throw new IllegalStateException("a literal is still open");
    }
    byte[] line;
    try {
      line = in.readLine(COMMAND_OCTETS_MAX, LineEnding.STRICT);
    } catch (LineException e) {
      return new Received.Unacceptable("*", ImapReply.bad(explain(e)));
    }
    if (line == null) {
      return new Received.End();
    }
    literalOctetsLeft = COMMAND_OCTETS_MAX;
    CommandScanner scanner = new CommandScanner(line, new ShortLiterals(), utf8Names, spoken);
    String tag = "*";
    try {
      tag = tag(scanner);
      ImapCommand command = CommandParser.parse(scanner);
      if (command instanceof ImapCommand.Uploading uploading) {
        expect(uploading.message().parts(), scanner);
      }
      return new Received.Command(tag, command);
    } catch (UnacceptableCommandException e) {
      discardRest(scanner.line());
      return new Received.Unacceptable(tag, e.reply(), e.emptiesSaved());
    } catch (LineException e) {
      return new Received.Unacceptable(tag, ImapReply.bad(explain(e)));
    }
  }

  private static String tag(CommandScanner scanner) throws UnacceptableCommandException {
    String tag = scanner.tag();
    if (tag.length() > TAG_OCTETS_MAX) {
      throw UnacceptableCommandException.syntax("Tag longer than " + TAG_OCTETS_MAX + " octets");
    }
    scanner.space();
    return tag;
  }

  /** The octets of the message that has been announced; the go-ahead is given here. */
  public InputStream openLiteral() throws IOException {
    StreamedLiteral literal = streamed;
    if (literal == null || literal.opened) {
      throw new IllegalStateException("no literal to open");
    }
    literal.opened = true;
    if (!literal.head.nonSynchronizing()) {
      goAhead.give();
    }
    return literal;
  }

  /**
   * What the client announces behind the message before: another one, or empty at the end of the
   * command. What has not been read of it is read over. RFC 3502.
   *
   * @throws UnacceptableCommandException when it is neither; the command has been read to its end
   * @throws UndiscardableLiteralException when that cannot be done
   */
  public Optional<AppendMessage> nextMessage() throws IOException, UnacceptableCommandException {
    CommandScanner scanner = behindParts == null ? behindLiteral() : behindParts;
    behindParts = null;
    try {
      Optional<AppendMessage> next = AppendParser.next(scanner);
      if (next.isPresent()) {
        expect(next.get().parts(), scanner);
      }
      return next;
    } catch (UnacceptableCommandException e) {
      discardRest(scanner.line());
      throw e;
    }
  }

  /**
   * What the same message is made of behind octets that were opened. RFC 4469.
   *
   * @throws UnacceptableCommandException as {@link #nextMessage}
   */
  public AppendParts nextParts() throws IOException, UnacceptableCommandException {
    CommandScanner scanner = behindLiteral();
    try {
      AppendParts next = AppendParser.nextParts(scanner);
      expect(next, scanner);
      return next;
    } catch (UnacceptableCommandException e) {
      discardRest(scanner.line());
      throw e;
    }
  }

  private void expect(AppendParts parts, CommandScanner scanner) {
    if (parts.octets().isPresent()) {
      streamed = new StreamedLiteral(parts.octets().get());
    } else {
      behindParts = scanner;
    }
  }

  private CommandScanner behindLiteral() throws IOException, UnacceptableCommandException {
    StreamedLiteral literal = streamed;
    if (literal == null || !literal.opened) {
      throw new IllegalStateException("no message was opened");
    }
    streamed = null;
    in.skip(literal.left);
    CommandScanner scanner;
    try {
      scanner = new CommandScanner(continuation(), new ShortLiterals(), utf8Names, spoken);
    } catch (LineException e) {
      throw UnacceptableCommandException.syntax(explain(e));
    }
    if (literal.head.enclosed() && !scanner.take(')')) {
      discardRest(scanner.line());
      throw scanner.wanted("a closing parenthesis behind the message");
    }
    return scanner;
  }

  /**
   * Reads the rest of a command with streamed literals, wanted or not, up to its end. Does nothing
   * for other commands, and for those that have been read.
   *
   * @throws UndiscardableLiteralException when a literal is unwanted and too large to be read over
   */
  public void finish() throws IOException {
    CommandScanner scanner = behindParts;
    behindParts = null;
    if (scanner != null) {
      discardRest(scanner.line());
      return;
    }
    StreamedLiteral literal = streamed;
    streamed = null;
    if (literal == null || (!literal.opened && !literal.head.nonSynchronizing())) {
      return;
    }
    if (!literal.opened && literal.left > discardOctetsMax) {
      throw new UndiscardableLiteralException(literal.left);
    }
    in.skip(literal.left);
    try {
      discardRest(continuation());
    } catch (LineException e) {
      // The bad line was the command's last one.
      return;
    }
  }

  /** The line behind a literal. */
  private byte[] continuation() throws IOException {
    byte[] line = in.readLine(COMMAND_OCTETS_MAX, LineEnding.STRICT);
    if (line == null) {
      throw new EOFException("stream ended behind a literal");
    }
    return line;
  }

  /** A line that is no command: DONE, or an answer to a challenge. Null at the end. */
  public byte @Nullable [] line(int octetsMax) throws IOException {
    return in.readLine(octetsMax, LineEnding.STRICT);
  }

  /** Octets that came ahead of what has been used. */
  public int buffered() {
    return in.buffered();
  }

  /** Whether a line is there already. */
  public boolean lineBuffered() {
    return in.lineBuffered();
  }

  /** Gives the buffer back if it is empty, before a long wait. */
  public void releaseBuffer() {
    in.releaseBuffer();
  }

  /** Throws away what a failed command still has in the stream. */
  private void discardRest(byte[] lastLine) throws IOException {
    byte[] line = lastLine;
    try {
      while (line != null) {
        String text = new String(line, StandardCharsets.ISO_8859_1);
        Matcher matcher = NON_SYNCHRONIZING.matcher(text);
        if (!matcher.region(Math.max(0, text.lastIndexOf('{')), text.length()).matches()) {
          return;
        }
        String digits = matcher.group(1);
        long octets = digits.length() > DIGITS_MAX ? Long.MAX_VALUE : Long.parseLong("0" + digits);
        if (octets > discardOctetsMax) {
          throw new UndiscardableLiteralException(octets);
        }
        in.skip(octets);
        line = in.readLine(COMMAND_OCTETS_MAX, LineEnding.STRICT);
      }
    } catch (LineException e) {
      // The bad line was the command's last one.
      return;
    }
  }

  private static String explain(LineException e) {
    return e instanceof dev.postrider.protocol.text.LineTooLongException
        ? "Line longer than " + COMMAND_OCTETS_MAX + " octets"
        : "Lines end in CRLF, and CR or LF alone may not occur in them";
  }

  /** Literals that fit the memory of a command. */
  private final class ShortLiterals implements CommandScanner.Literals {

    @Override
    public byte[] read(LiteralHead head) throws IOException, UnacceptableCommandException {
      if (head.octets() > literalOctetsLeft) {
        throw new UnacceptableCommandException(
            ImapReply.no(
                ResponseCode.TOO_BIG,
                "Literals of a command have at most " + COMMAND_OCTETS_MAX + " octets"));
      }
      if (!head.nonSynchronizing()) {
        goAhead.give();
      }
      int octets = (int) head.octets();
      literalOctetsLeft -= octets;
      byte[] literal = new byte[octets];
      in.readFully(literal, 0, octets);
      return literal;
    }

    @Override
    public byte[] nextLine() throws IOException {
      return continuation();
    }
  }

  /** The octets of one literal, straight from the connection. */
  private final class StreamedLiteral extends InputStream {

    private final LiteralHead head;
    private long left;
    private boolean opened;

    StreamedLiteral(LiteralHead head) {
      this.head = head;
      this.left = head.octets();
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      if (left == 0) {
        return -1;
      }
      int count = in.read(into, offset, (int) Math.min(left, length));
      if (count < 0) {
        throw new EOFException("stream ended " + left + " octets before the end of a literal");
      }
      left -= count;
      return count;
    }
  }
}
