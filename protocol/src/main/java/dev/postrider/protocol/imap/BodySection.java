package dev.postrider.protocol.imap;

import java.util.List;
import java.util.stream.Collectors;

/**
 * A part of a message. RFC 3501 section 6.4.5.
 *
 * @param part numbers from the outermost multipart inwards, each from 1; empty for the message
 * @param text which octets of it
 * @param fields header field names as the client wrote them; for the two HEADER.FIELDS alone
 */
public record BodySection(List<Integer> part, Text text, List<String> fields) {

  /** Depth of part numbers. */
  public static final int DEPTH_MAX = 100;

  public static final BodySection WHOLE = new BodySection(List.of(), Text.ALL, List.of());

  public BodySection {
    part = List.copyOf(part);
    fields = List.copyOf(fields);
  }

  /** What is meant within a part. */
  public enum Text {
    /** The whole message, or the body of a part without its MIME header. */
    ALL(""),
    HEADER("HEADER"),
    HEADER_FIELDS("HEADER.FIELDS"),
    HEADER_FIELDS_NOT("HEADER.FIELDS.NOT"),
    TEXT("TEXT"),
    /** The MIME header of a part. */
    MIME("MIME");

    private final String wire;

    Text(String wire) {
      this.wire = wire;
    }
  }

  /** What stands between the brackets, and in the response again. */
  @Override
  public String toString() {
    String numbers = part.stream().map(String::valueOf).collect(Collectors.joining("."));
    String joined = numbers.isEmpty() || text == Text.ALL ? numbers : numbers + ".";
    String names =
        fields.isEmpty()
            ? ""
            : fields.stream().map(ImapWriter::astring).collect(Collectors.joining(" ", " (", ")"));
    return joined + text.wire + names;
  }
}
