package dev.postrider.protocol.imap;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * The words of one command. RFC 3501 section 9.
 *
 * <p>It stands at {@code line[at]}. A literal ends a line: its octets are asked of {@link
 * Literals}, and the scanner goes on with the line behind them. So a command is read as far as its
 * grammar has been found good, and no go-ahead is given for a literal that is not wanted.
 */
final class CommandScanner {

  /** Where the octets behind a line come from. */
  interface Literals {

    /** The octets that {@code head} announces, or an exception where they are too many. */
    byte[] read(LiteralHead head) throws IOException, UnacceptableCommandException;

    /** The line behind a literal. */
    byte[] nextLine() throws IOException, UnacceptableCommandException;
  }

  /** Of what is not read off a connection. */
  static final Literals NO_LITERALS =
      new Literals() {
        @Override
        public byte[] read(LiteralHead head) throws UnacceptableCommandException {
          throw UnacceptableCommandException.syntax("A literal cannot stand here");
        }

        @Override
        public byte[] nextLine() throws UnacceptableCommandException {
          throw UnacceptableCommandException.syntax("A literal cannot stand here");
        }
      };

  private static final String ATOM_SPECIALS = "(){ %*\"\\]";

  /** What may be larger is announced and waited with. RFC 7888 section 5. */
  static final int NON_SYNCHRONIZING_OCTETS_MAX = 4096;

  private final Literals literals;
  private final boolean utf8Names;
  private final Set<Extension> spoken;
  private byte[] line;
  private int at;

  CommandScanner(byte[] line, Literals literals) {
    this(line, literals, false, Extension.allBut(Set.of()));
  }

  /**
   * @param utf8Names whether mailbox names are UTF-8, and not modified UTF-7. RFC 9051 section 5.1
   */
  CommandScanner(byte[] line, Literals literals, boolean utf8Names, Set<Extension> spoken) {
    this.line = line;
    this.literals = literals;
    this.utf8Names = utf8Names;
    this.spoken = spoken;
  }

  boolean speaks(Extension extension) {
    return spoken.contains(extension);
  }

  /** Whether {@code word}, in capitals, is one of those that may stand in {@code place}. */
  boolean speaks(Extension.Place place, String word) {
    return Extension.of(place, word).map(spoken::contains).orElse(true);
  }

  /** A word that stands in {@code place}, and of no extension that is not spoken. */
  String word(Extension.Place place) throws UnacceptableCommandException {
    return spoken(place, word());
  }

  /** The same of one that has been read. */
  String spoken(Extension.Place place, String word) throws UnacceptableCommandException {
    if (!speaks(place, word)) {
      throw UnacceptableCommandException.syntax("Unknown here: " + word);
    }
    return word;
  }

  /** The line on which the scanner stands, for finding out what follows a command that failed. */
  byte[] line() {
    return line;
  }

  boolean atEnd() {
    return at == line.length;
  }

  /** Whether the next octet is {@code c}. */
  boolean isNext(char c) {
    return at < line.length && line[at] == c;
  }

  /** Passes over {@code c} if it is next. */
  boolean take(char c) {
    if (isNext(c)) {
      at++;
      return true;
    }
    return false;
  }

  void expect(char c) throws UnacceptableCommandException {
    if (!take(c)) {
      throw wanted("'" + c + "'");
    }
  }

  void space() throws UnacceptableCommandException {
    if (!take(' ')) {
      throw wanted("a space and another argument");
    }
  }

  /** Passes over a space and an opening parenthesis if both are next. */
  boolean takeList() {
    boolean list = isNext(' ') && at + 1 < line.length && line[at + 1] == '(';
    at += list ? 2 : 0;
    return list;
  }

  /** The same with {@code word}, in any case, as the first in the list. */
  boolean takeListWith(String word) {
    int end = at + 2 + word.length();
    if (end >= line.length || (line[end] != ')' && line[end] != ' ')) {
      return false;
    }
    String next = new String(line, at, end - at, StandardCharsets.ISO_8859_1);
    boolean list = next.equalsIgnoreCase(" (" + word);
    at = list ? end : at;
    return list;
  }

  /** Nothing more may follow but spaces. */
  void end() throws UnacceptableCommandException {
    if (!isEnd()) {
      while (take(' ')) {
        // Goes on.
      }
      throw wanted("the end of the command");
    }
  }

  /** Whether nothing more follows but spaces: {@link Leniency#TRAILING_SPACES}. */
  boolean isEnd() {
    int next = at;
    while (next < line.length && line[next] == ' ') {
      next++;
    }
    return next == line.length;
  }

  /** {@code what} was to come here. */
  UnacceptableCommandException wanted(String what) {
    return UnacceptableCommandException.syntax(
        "Expected " + what + " at octet " + (at + 1) + (atEnd() ? ", the end of the line" : ""));
  }

  String tag() throws UnacceptableCommandException {
    int start = at;
    while (at < line.length && isAstringOctet(line[at]) && line[at] != '+') {
      at++;
    }
    return since(start, "a tag");
  }

  /** Letters, digits, dots and hyphens, in capitals: names of commands, items and keys. */
  String word() throws UnacceptableCommandException {
    int start = at;
    while (at < line.length && isWordOctet(line[at])) {
      at++;
    }
    return since(start, "a word").toUpperCase(Locale.ROOT);
  }

  String atom() throws UnacceptableCommandException {
    int start = at;
    while (at < line.length && isAstringOctet(line[at]) && line[at] != ']') {
      at++;
    }
    return since(start, "an atom");
  }

  byte[] astring() throws IOException, UnacceptableCommandException {
    if (isNext('"') || isNext('{')) {
      return string();
    }
    int start = at;
    while (at < line.length && isAstringOctet(line[at])) {
      at++;
    }
    return since(start, "a string").getBytes(StandardCharsets.US_ASCII);
  }

  byte[] string() throws IOException, UnacceptableCommandException {
    if (take('"')) {
      return quoted();
    }
    if (isNext('{')) {
      LiteralHead head = literalHead();
      byte[] octets = literals.read(head);
      line = literals.nextLine();
      at = 0;
      for (byte octet : octets) {
        if (octet == 0) {
          throw UnacceptableCommandException.syntax("NUL in a literal");
        }
      }
      return octets;
    }
    throw wanted("a string");
  }

  /** Text of {@link #astring}, which must be UTF-8. */
  String astringText() throws IOException, UnacceptableCommandException {
    return text(astring());
  }

  /** A string, or empty for NIL. */
  Optional<String> nstring() throws IOException, UnacceptableCommandException {
    if (isNext('"') || isNext('{')) {
      return Optional.of(text(string()));
    }
    String word = atom();
    if (!word.equalsIgnoreCase("NIL")) {
      throw UnacceptableCommandException.syntax("Expected a string or NIL");
    }
    return Optional.empty();
  }

  /** The octets of a string, or empty for NIL. */
  Optional<byte[]> nstringOctets() throws IOException, UnacceptableCommandException {
    return isNext('"') || isNext('{')
        ? Optional.of(string())
        : nstring().map(text -> text.getBytes(StandardCharsets.UTF_8));
  }

  /** A literal, which may have NUL. {@code octetsMax}: a larger one is refused unread. */
  byte[] literal(int octetsMax) throws IOException, UnacceptableCommandException {
    LiteralHead head = literalHead();
    if (head.octets() > octetsMax) {
      throw new UnacceptableCommandException(
          ImapReply.no(
              ResponseCode.metadataMaxSize(octetsMax), "A value has at most so many octets"));
    }
    byte[] octets = literals.read(head);
    line = literals.nextLine();
    at = 0;
    return octets;
  }

  boolean isLetterNext() {
    return at < line.length && Character.isLetter(line[at]);
  }

  /** A mailbox name in Unicode. */
  String mailbox() throws IOException, UnacceptableCommandException {
    return MailboxName.canonical(decodeName(astring()));
  }

  /** list-mailbox: an atom may have wildcards. RFC 3501 section 9. */
  String listMailbox() throws IOException, UnacceptableCommandException {
    if (isNext('"') || isNext('{')) {
      return decodeName(string());
    }
    int start = at;
    while (at < line.length && (isAstringOctet(line[at]) || line[at] == '%' || line[at] == '*')) {
      at++;
    }
    return decodeName(since(start, "a pattern").getBytes(StandardCharsets.US_ASCII));
  }

  /** Up to 4294967295. */
  long number() throws UnacceptableCommandException {
    int start = at;
    long value = 0;
    while (at < line.length && line[at] >= '0' && line[at] <= '9') {
      value = value * 10 + (line[at] - '0');
      at++;
      if (value > SequenceSet.NUMBER_MAX) {
        throw UnacceptableCommandException.syntax("Number above 4294967295");
      }
    }
    if (at == start) {
      throw wanted("a number");
    }
    return value;
  }

  long positiveNumber() throws UnacceptableCommandException {
    return positive(number());
  }

  /** Up to 9223372036854775807. RFC 9051 section 9, number64. */
  long number64() throws UnacceptableCommandException {
    return number64("a number", "Number");
  }

  long positiveNumber64() throws UnacceptableCommandException {
    return positive(number64());
  }

  private static long positive(long value) throws UnacceptableCommandException {
    if (value == 0) {
      throw UnacceptableCommandException.syntax("Number must not be 0");
    }
    return value;
  }

  /** Up to 9223372036854775807. RFC 7162 section 7, mod-sequence-valzer. */
  long modSequence() throws UnacceptableCommandException {
    return number64("a mod-sequence", "Mod-sequence");
  }

  private long number64(String what, String name) throws UnacceptableCommandException {
    int start = at;
    long value = 0;
    while (isDigitNext()) {
      int digit = line[at] - '0';
      if (value > (Long.MAX_VALUE - digit) / 10) {
        throw UnacceptableCommandException.syntax(name + " above " + Long.MAX_VALUE);
      }
      value = value * 10 + digit;
      at++;
    }
    if (at == start) {
      throw wanted(what);
    }
    return value;
  }

  /** RFC 9394 section 4, partial-range. */
  PartialRange partialRange() throws UnacceptableCommandException {
    boolean fromEnd = take('-');
    long first = positiveNumber();
    expect(':');
    if (fromEnd != take('-')) {
      throw UnacceptableCommandException.syntax("Both ends of PARTIAL are negative, or none");
    }
    return new PartialRange(first, positiveNumber(), fromEnd);
  }

  boolean isDigitNext() {
    return at < line.length && line[at] >= '0' && line[at] <= '9';
  }

  /** A sequence set, or {@code $} in its place. RFC 5182 section 3. */
  SequenceSet messageSet() throws UnacceptableCommandException {
    if (!take('$')) {
      return sequenceSet();
    }
    if (!atEnd() && !isNext(' ') && !isNext(')')) {
      throw UnacceptableCommandException.syntax("$ stands for a whole set, not for a part of one");
    }
    return SequenceSet.SAVED;
  }

  SequenceSet sequenceSet() throws UnacceptableCommandException {
    List<SequenceSet.Range> ranges = new ArrayList<>();
    do {
      long first = setNumber();
      ranges.add(new SequenceSet.Range(first, take(':') ? setNumber() : first));
      if (ranges.size() > SequenceSet.RANGES_MAX) {
        throw new UnacceptableCommandException(
            ImapReply.no(
                ResponseCode.LIMIT,
                "More than " + SequenceSet.RANGES_MAX + " ranges in a sequence set"));
      }
    } while (take(','));
    return new SequenceSet(ranges);
  }

  /** seq-number, and nothing more of a set. RFC 8508 section 5. */
  SequenceSet oneMessage() throws UnacceptableCommandException {
    long number = setNumber();
    return SequenceSet.of(number, number);
  }

  private long setNumber() throws UnacceptableCommandException {
    return take('*') ? SequenceSet.LARGEST : positiveNumber();
  }

  /** Whether a flag follows behind a space. */
  boolean isFlagBehindSpace() {
    return isNext(' ')
        && at + 1 < line.length
        && (isAstringOctet(line[at + 1]) || line[at + 1] == '\\');
  }

  /** The announcement of a literal, which must end the line. */
  LiteralHead literalHead() throws UnacceptableCommandException {
    expect('{');
    long octets = number64();
    boolean nonSynchronizing = take('+');
    expect('}');
    if (!atEnd()) {
      throw wanted("the end of the line behind a literal's announcement");
    }
    if (nonSynchronizing
        && octets > NON_SYNCHRONIZING_OCTETS_MAX
        && !speaks(Extension.LITERAL_PLUS)) {
      throw new UnacceptableCommandException(
          ImapReply.bad(
              ResponseCode.TOO_BIG,
              "Literals of more than "
                  + NON_SYNCHRONIZING_OCTETS_MAX
                  + " octets are announced without +"));
    }
    return new LiteralHead(octets, nonSynchronizing);
  }

  static String text(byte[] octets) throws UnacceptableCommandException {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(octets)).toString();
    } catch (CharacterCodingException e) {
      throw UnacceptableCommandException.syntax("String is not UTF-8");
    }
  }

  private byte[] quoted() throws UnacceptableCommandException {
    byte[] octets = new byte[line.length - at];
    int length = 0;
    while (!atEnd()) {
      byte octet = line[at++];
      if (octet == '"') {
        return Arrays.copyOf(octets, length);
      }
      if (octet == '\\' && !isNext('"') && !isNext('\\')) {
        throw wanted("a quote or a backslash behind a backslash");
      }
      octets[length++] = octet == '\\' ? line[at++] : octet;
      if (octet == 0) {
        throw UnacceptableCommandException.syntax("NUL in a quoted string");
      }
    }
    throw wanted("a closing quote");
  }

  private String decodeName(byte[] wire) throws UnacceptableCommandException {
    if (utf8Names) {
      return text(wire);
    }
    return MailboxName.decode(new String(wire, StandardCharsets.ISO_8859_1))
        .orElseThrow(
            () ->
                new UnacceptableCommandException(
                    ImapReply.no(
                        ResponseCode.CANNOT,
                        "Mailbox name is not modified UTF-7 (RFC 3501 section 5.1.3)")));
  }

  private String since(int start, String what) throws UnacceptableCommandException {
    if (at == start) {
      throw wanted(what);
    }
    return new String(line, start, at - start, StandardCharsets.US_ASCII);
  }

  private static boolean isWordOctet(byte octet) {
    return (octet >= 'a' && octet <= 'z')
        || (octet >= 'A' && octet <= 'Z')
        || (octet >= '0' && octet <= '9')
        || octet == '.'
        || octet == '-';
  }

  /** ASTRING-CHAR: an atom's octets, and the closing bracket. */
  private static boolean isAstringOctet(byte octet) {
    return octet > 0x20 && octet < 0x7f && (octet == ']' || ATOM_SPECIALS.indexOf(octet) < 0);
  }
}
