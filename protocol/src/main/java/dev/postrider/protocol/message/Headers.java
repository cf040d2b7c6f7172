package dev.postrider.protocol.message;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * The header of a message or part: fields in their order, each with its octets untouched. What is
 * not a field ends the header, with or without a blank line. Immutable.
 */
public final class Headers {

  /** Octets of a header. Long lists of recipients have been seen with 200 KB. */
  public static final int OCTETS_MAX = 1024 * 1024;

  /** Fields of a header. */
  public static final int FIELDS_MAX = 10_000;

  private final List<HeaderField> fields;
  private final int octetsRead;

  private Headers(List<HeaderField> fields, int octetsRead) {
    this.fields = List.copyOf(fields);
    this.octetsRead = octetsRead;
  }

  /**
   * Reads a header from the start of a message. Reads octet by octet, so {@code in} should be
   * buffered; it then stands behind the header or, where the blank line is missing, some octets
   * into the body: {@link #octetsRead} says where the body begins.
   *
   * @throws HeaderLimitException beyond {@link #OCTETS_MAX} or {@link #FIELDS_MAX}
   */
  public static Headers read(InputStream in) throws IOException {
    return read(in, OCTETS_MAX, FIELDS_MAX);
  }

  /** The same with other limits. */
  public static Headers read(InputStream in, int octetsMax, int fieldsMax) throws IOException {
    List<HeaderField> fields = new ArrayList<>();
    ByteArrayOutputStream field = new ByteArrayOutputStream();
    ByteArrayOutputStream lineOctets = new ByteArrayOutputStream();
    int total = 0;
    boolean first = true;
    while (true) {
      lineOctets.reset();
      boolean whole = readLine(in, lineOctets, octetsMax - total + 1);
      byte[] line = lineOctets.toByteArray();
      if (total + line.length > octetsMax) {
        throw new HeaderLimitException("header longer than " + octetsMax + " octets");
      }
      HeaderLine kind = HeaderLine.of(line, 0, textEnd(line), first);
      first = false;
      boolean ends = line.length == 0 || kind == HeaderLine.BLANK || kind == HeaderLine.BODY;
      if (kind != HeaderLine.CONTINUATION) {
        addField(field, fields);
      }
      if (ends) {
        return new Headers(fields, kind == HeaderLine.BLANK ? total + line.length : total);
      }
      if (fields.size() >= fieldsMax) {
        throw new HeaderLimitException("header of more than " + fieldsMax + " fields");
      }
      field.writeBytes(line);
      total += line.length;
      if (!whole) {
        addField(field, fields);
        return new Headers(fields, total);
      }
    }
  }

  /** Fields in order, to begin with. */
  public static Headers of(List<HeaderField> fields) {
    return new Headers(fields, 0);
  }

  private static boolean readLine(InputStream in, ByteArrayOutputStream into, int octetsMax)
      throws IOException {
    while (into.size() < octetsMax) {
      int octet = in.read();
      if (octet < 0) {
        return false;
      }
      into.write(octet);
      if (octet == '\n') {
        return true;
      }
    }
    return true;
  }

  private static int textEnd(byte[] line) {
    int end = line.length;
    if (end > 0 && line[end - 1] == '\n') {
      end--;
      if (end > 0 && line[end - 1] == '\r') {
        end--;
      }
    }
    return end;
  }

  private static void addField(ByteArrayOutputStream octets, List<HeaderField> into) {
    if (octets.size() == 0) {
      return;
    }
    byte[] field = octets.toByteArray();
    octets.reset();
    int nameEnd = HeaderLine.nameEnd(field, 0, field.length);
    // The line of an mbox has no name.
    String name = nameEnd < 0 ? "" : new String(field, 0, nameEnd, StandardCharsets.US_ASCII);
    into.add(new HeaderField(name, field));
  }

  public List<HeaderField> fields() {
    return fields;
  }

  /** Octets of the message up to its body, with the blank line; 0 when not read from one. */
  public int octetsRead() {
    return octetsRead;
  }

  public Optional<HeaderField> first(String name) {
    return fields.stream().filter(field -> field.isNamed(name)).findFirst();
  }

  public List<HeaderField> all(String name) {
    return fields.stream().filter(field -> field.isNamed(name)).toList();
  }

  public boolean contains(String name) {
    return first(name).isPresent();
  }

  /** How many fields have the name; of {@code Received}, how far the message has come. */
  public int count(String name) {
    return all(name).size();
  }

  /** Without the fields of that name. */
  public Headers without(String name) {
    return keep(field -> !field.isNamed(name));
  }

  /** With one more at the top, where trace fields go. RFC 5321 section 4.4. */
  public Headers withFirst(HeaderField field) {
    List<HeaderField> more = new ArrayList<>(fields);
    more.addFirst(field);
    return new Headers(more, octetsRead);
  }

  /** With one more at the end. */
  public Headers withLast(HeaderField field) {
    List<HeaderField> more = new ArrayList<>(fields);
    if (!more.isEmpty()) {
      // A header that ends with the stream may lack its last CRLF.
      more.set(more.size() - 1, ended(more.getLast()));
    }
    more.addLast(field);
    return new Headers(more, octetsRead);
  }

  /** Those of the names, in the order of the message. RFC 3501 section 6.4.5, HEADER.FIELDS. */
  public Headers only(Collection<String> names) {
    Set<String> wanted = ignoringCase(names);
    return keep(field -> wanted.contains(field.name()));
  }

  /** Those of other names, in the order of the message. HEADER.FIELDS.NOT. */
  public Headers except(Collection<String> names) {
    Set<String> unwanted = ignoringCase(names);
    return keep(field -> !unwanted.contains(field.name()));
  }

  /** The fields' octets, without the blank line. */
  public byte[] encode() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    fields.forEach(field -> field.writeTo(out));
    return out.toByteArray();
  }

  private Headers keep(Predicate<HeaderField> which) {
    return new Headers(fields.stream().filter(which).toList(), octetsRead);
  }

  private static HeaderField ended(HeaderField field) {
    byte[] octets = field.octets();
    if (octets.length > 0 && octets[octets.length - 1] == '\n') {
      return field;
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(octets);
    out.write('\r');
    out.write('\n');
    return new HeaderField(field.name(), out.toByteArray());
  }

  private static Set<String> ignoringCase(Collection<String> names) {
    Set<String> set = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    set.addAll(names);
    return set;
  }
}
