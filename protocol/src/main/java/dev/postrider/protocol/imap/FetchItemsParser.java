package dev.postrider.protocol.imap;

import dev.postrider.protocol.imap.BodySection.Text;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What FETCH asks for. RFC 3501 section 6.4.5 and section 9, fetch-att. */
final class FetchItemsParser {

  /** Items of one command. */
  static final int ITEMS_MAX = 100;

  /** Header fields of one item. */
  static final int FIELDS_MAX = 500;

  private final CommandScanner in;
  private final List<FetchItem> items = new ArrayList<>();

  private FetchItemsParser(CommandScanner in) {
    this.in = in;
  }

  static List<FetchItem> parse(CommandScanner in) throws IOException, UnacceptableCommandException {
    FetchItemsParser parser = new FetchItemsParser(in);
    if (!in.take('(')) {
      parser.macroOrItem();
      return parser.items;
    }
    do {
      parser.item(in.word());
      if (parser.items.size() > ITEMS_MAX) {
        throw UnacceptableCommandException.syntax("More than " + ITEMS_MAX + " items");
      }
    } while (in.take(' '));
    in.expect(')');
    return parser.items;
  }

  private void macroOrItem() throws IOException, UnacceptableCommandException {
    String word = in.word();
    boolean full = word.equals("FULL");
    if (!full && !word.equals("ALL") && !word.equals("FAST")) {
      item(word);
      return;
    }
    items.add(new FetchItem.MessageFlags());
    items.add(new FetchItem.InternalDate());
    items.add(new FetchItem.Size());
    if (!word.equals("FAST")) {
      items.add(new FetchItem.Envelope());
    }
    if (full) {
      items.add(new FetchItem.BodyStructure(false));
    }
  }

  private void item(String word) throws IOException, UnacceptableCommandException {
    items.add(
        switch (in.spoken(Extension.Place.FETCH, word)) {
          case "FLAGS" -> new FetchItem.MessageFlags();
          case "INTERNALDATE" -> new FetchItem.InternalDate();
          case "SAVEDATE" -> new FetchItem.SaveDate();
          case "RFC822.SIZE" -> new FetchItem.Size();
          case "UID" -> new FetchItem.UniqueId();
          case "MODSEQ" -> new FetchItem.ModSeq();
          case "EMAILID" -> new FetchItem.EmailId();
          case "THREADID" -> new FetchItem.ThreadId();
          case "PREVIEW" -> new FetchItem.Preview(lazy());
          case "ENVELOPE" -> new FetchItem.Envelope();
          case "BODYSTRUCTURE" -> new FetchItem.BodyStructure(true);
          case "BODY" -> in.isNext('[') ? body(false) : new FetchItem.BodyStructure(false);
          case "BODY.PEEK" -> body(true);
          case "BINARY" -> new FetchItem.Binary(part(), false, partial());
          case "BINARY.PEEK" -> new FetchItem.Binary(part(), true, partial());
          case "BINARY.SIZE" -> new FetchItem.BinarySize(part());
          case "RFC822" -> whole(Text.ALL, false, word);
          case "RFC822.PEEK" -> whole(Text.ALL, true, "RFC822");
          case "RFC822.HEADER" -> whole(Text.HEADER, true, word);
          case "RFC822.TEXT" -> whole(Text.TEXT, false, word);
          case "RFC822.TEXT.PEEK" -> whole(Text.TEXT, true, "RFC822.TEXT");
          default -> throw UnacceptableCommandException.syntax("Unknown FETCH item");
        });
  }

  /** Other lists behind a single item are modifiers of FETCH. RFC 8970 section 6. */
  private boolean lazy() throws UnacceptableCommandException {
    if (!in.takeListWith("LAZY")) {
      return false;
    }
    while (in.take(' ')) {
      if (!in.word().equals("LAZY")) {
        throw UnacceptableCommandException.syntax("The only modifier of PREVIEW is LAZY");
      }
    }
    in.expect(')');
    return true;
  }

  private static FetchItem whole(Text text, boolean peek, String label) {
    BodySection section = new BodySection(List.of(), text, List.of());
    return new FetchItem.Body(section, peek, Optional.empty(), label);
  }

  private FetchItem body(boolean peek) throws IOException, UnacceptableCommandException {
    in.expect('[');
    BodySection section = section();
    in.expect(']');
    return new FetchItem.Body(section, peek, partial(), "BODY[" + section + "]");
  }

  /** What stands between the brackets of BODY; empty when it is no section. */
  static Optional<BodySection> sectionOf(String text) {
    CommandScanner in =
        new CommandScanner(text.getBytes(StandardCharsets.UTF_8), CommandScanner.NO_LITERALS);
    try {
      BodySection section = new FetchItemsParser(in).section();
      return in.atEnd() ? Optional.of(section) : Optional.empty();
    } catch (IOException | UnacceptableCommandException e) {
      return Optional.empty();
    }
  }

  private BodySection section() throws IOException, UnacceptableCommandException {
    List<Integer> part = new ArrayList<>();
    while (in.isDigitNext()) {
      addNumber(part);
      if (!in.take('.')) {
        return new BodySection(part, Text.ALL, List.of());
      }
    }
    if (part.isEmpty() && in.isNext(']')) {
      return BodySection.WHOLE;
    }
    return text(part, in.word());
  }

  private void addNumber(List<Integer> part) throws UnacceptableCommandException {
    long number = in.positiveNumber();
    // No message has more parts than an int counts.
    part.add((int) Math.min(number, Integer.MAX_VALUE));
    if (part.size() > BodySection.DEPTH_MAX) {
      throw UnacceptableCommandException.syntax(
          "Section deeper than " + BodySection.DEPTH_MAX + " levels");
    }
  }

  /** section-binary. RFC 3516 section 7. */
  private List<Integer> part() throws UnacceptableCommandException {
    List<Integer> part = new ArrayList<>();
    in.expect('[');
    if (!in.isNext(']')) {
      do {
        addNumber(part);
      } while (in.take('.'));
    }
    in.expect(']');
    return part;
  }

  private BodySection text(List<Integer> part, String word)
      throws IOException, UnacceptableCommandException {
    return switch (word) {
      case "HEADER" -> new BodySection(part, Text.HEADER, List.of());
      case "HEADER.FIELDS" -> new BodySection(part, Text.HEADER_FIELDS, fields());
      case "HEADER.FIELDS.NOT" -> new BodySection(part, Text.HEADER_FIELDS_NOT, fields());
      case "TEXT" -> new BodySection(part, Text.TEXT, List.of());
      case "MIME" -> {
        if (part.isEmpty()) {
          throw UnacceptableCommandException.syntax("MIME needs a part number before it");
        }
        yield new BodySection(part, Text.MIME, List.of());
      }
      default -> throw UnacceptableCommandException.syntax("Unknown section");
    };
  }

  private List<String> fields() throws IOException, UnacceptableCommandException {
    List<String> fields = new ArrayList<>();
    in.space();
    in.expect('(');
    do {
      fields.add(fieldName(in.astringText()));
      if (fields.size() > FIELDS_MAX) {
        throw UnacceptableCommandException.syntax("More than " + FIELDS_MAX + " header fields");
      }
    } while (in.take(' '));
    in.expect(')');
    return fields;
  }

  /** It is sent back, so it must be something that can be. RFC 2822 section 2.2. */
  private static String fieldName(String name) throws UnacceptableCommandException {
    if (name.isEmpty() || !name.chars().allMatch(c -> c > 0x20 && c < 0x7f && c != ':')) {
      throw UnacceptableCommandException.syntax("Not a header field name");
    }
    return name;
  }

  private Optional<FetchItem.Partial> partial() throws UnacceptableCommandException {
    if (!in.take('<')) {
      return Optional.empty();
    }
    long offset = in.number64();
    in.expect('.');
    long octets = in.positiveNumber64();
    in.expect('>');
    return Optional.of(new FetchItem.Partial(offset, octets));
  }
}
