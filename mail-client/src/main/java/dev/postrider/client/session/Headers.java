package dev.postrider.client.session;

import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MailDateFormat;
import jakarta.mail.internet.MimeUtility;
import java.io.UnsupportedEncodingException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.text.ParseException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The header of a message, read as tolerantly as possible: a line that is no field is left out,
 * 8-bit text is taken as UTF-8 or else Windows-1252, encoded words (RFC 2047 section 2) are decoded
 * where they stand. Values hold no line breaks.
 */
public final class Headers {

  /**
   * One field.
   *
   * @param value unfolded, not yet decoded from RFC 2047
   */
  public record Field(String name, String value) {}

  private static final Charset WINDOWS_1252 = Charset.forName("windows-1252");

  /** Two encoded words of the same charset and encoding, with nothing but space between. */
  private static final Pattern SPLIT_WORD =
      Pattern.compile("(=\\?([^?\\s]+)\\?[Qq]\\?[^?\\s]*)\\?=\\s+=\\?\\2\\?[Qq]\\?");

  private final List<Field> fields;

  public Headers(List<Field> fields) {
    this.fields = List.copyOf(fields);
  }

  /** The fields in a header block; what follows an empty line is not looked at. */
  public static Headers parse(byte[] block) {
    List<Field> fields = new ArrayList<>();
    StringBuilder current = new StringBuilder();
    for (String line : text(block).split("\r?\n", -1)) {
      if (line.isEmpty()) {
        break;
      }
      boolean folded = line.charAt(0) == ' ' || line.charAt(0) == '\t';
      if (folded) {
        current.append(line);
      } else {
        add(fields, current);
        current = new StringBuilder(line);
      }
    }
    add(fields, current);
    return new Headers(fields);
  }

  private static void add(List<Field> fields, StringBuilder line) {
    int colon = line.indexOf(":");
    if (colon > 0) {
      String value = line.substring(colon + 1).replace('\r', ' ').strip();
      fields.add(new Field(line.substring(0, colon).strip(), value));
    }
  }

  /**
   * Octets of unknown charset: UTF-8 when they are, else Windows-1252, which is always possible.
   */
  static String text(byte[] octets) {
    try {
      return UTF_8.newDecoder().decode(ByteBuffer.wrap(octets)).toString();
    } catch (CharacterCodingException e) {
      return new String(octets, WINDOWS_1252);
    }
  }

  /** Decodes encoded words; a word that cannot be decoded stays as it is. */
  public static String decode(String value) {
    String joined = joinSplitWords(value);
    try {
      return MimeUtility.decodeText(joined).replaceAll("[\r\n]+", " ");
    } catch (UnsupportedEncodingException e) {
      return joined;
    }
  }

  /**
   * Joins neighbouring Q words of one charset. RFC 2047 section 5 says that a word holds whole
   * characters; Outlook and some PHP mailers cut them anyway.
   */
  private static String joinSplitWords(String value) {
    if (!value.contains("=?")) {
      return value;
    }
    Matcher matcher = SPLIT_WORD.matcher(value);
    String joined = value;
    while (matcher.find()) {
      joined = matcher.replaceFirst("$1");
      matcher = SPLIT_WORD.matcher(joined);
    }
    return joined;
  }

  public List<Field> all() {
    return fields;
  }

  /** The value of the first field with this name, unfolded but not decoded. */
  public Optional<String> first(String name) {
    return fields.stream()
        .filter(f -> f.name().equalsIgnoreCase(name))
        .map(Field::value)
        .findFirst();
  }

  /** The decoded value of the first field with this name, or an empty string. */
  public String decoded(String name) {
    return first(name).map(Headers::decode).orElse("");
  }

  /** Everybody in all fields with this name; text that is no address becomes an odd address. */
  public List<Person> people(String name) {
    List<Person> people = new ArrayList<>();
    for (Field field : fields) {
      if (field.name().equalsIgnoreCase(name)) {
        people.addAll(parsePeople(field.value()));
      }
    }
    return people;
  }

  private static List<Person> parsePeople(String value) {
    List<Person> people = new ArrayList<>();
    try {
      for (InternetAddress address : InternetAddress.parseHeader(value, false)) {
        String personal = address.getPersonal();
        String mailbox = address.getAddress();
        people.add(
            new Person(
                personal == null ? "" : decode(personal), mailbox == null ? "" : decode(mailbox)));
      }
    } catch (AddressException e) {
      people.add(new Person("", decode(value)));
    }
    return people;
  }

  /** The Date field, when it can be understood. */
  public Optional<Instant> date() {
    return first("Date").flatMap(Headers::parseDate);
  }

  private static Optional<Instant> parseDate(String value) {
    try {
      return Optional.of(new MailDateFormat().parse(value).toInstant());
    } catch (ParseException e) {
      return Optional.empty();
    }
  }
}
