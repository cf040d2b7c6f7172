package dev.postrider.protocol.message;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Keeps of one header what its {@link Part} needs, line by line, and makes the part of it. Of a
 * field that comes twice the first counts, but lists of addresses are joined.
 */
final class HeaderBuilder {

  /**
   * Octets of field values that are kept over all parts of a message. Lists of recipients of 200 KB
   * have been seen.
   */
  static final int KEPT_OCTETS_MAX = 256 * 1024;

  /** Octets of one field value, but for lists of addresses. */
  static final int FIELD_OCTETS_MAX = 32 * 1024;

  /** RFC 2045 section 5.2. */
  static final Parameter US_ASCII = new Parameter("CHARSET", "US-ASCII");

  /** RFC 2045 section 6.1. */
  static final String SEVEN_BIT = "7BIT";

  private static final StructuredField PLAIN_TEXT =
      new StructuredField("TEXT/PLAIN", List.of(US_ASCII));
  private static final StructuredField OCTETS =
      new StructuredField("APPLICATION/OCTET-STREAM", List.of());

  /** RFC 2046 section 5.1.5. */
  private static final StructuredField MESSAGE = new StructuredField("MESSAGE/RFC822", List.of());

  private static final Set<String> OF_PART =
      Set.of(
          "content-type",
          "content-id",
          "content-description",
          "content-transfer-encoding",
          "content-disposition",
          "content-language",
          "content-location",
          "content-md5");

  private static final Set<String> OF_MESSAGE =
      Set.of("date", "subject", "in-reply-to", "message-id");

  private static final String REFERENCES = "references";

  private static final Set<String> ADDRESSES =
      Set.of("from", "sender", "reply-to", "to", "cc", "bcc");

  /** What may still be kept; one for all parts of a message. */
  static final class Budget {
    private int octets = KEPT_OCTETS_MAX;

    /** Takes up to {@code wanted}, and says how many it got. */
    int take(int wanted) {
      int taken = Math.min(wanted, octets);
      octets -= taken;
      return taken;
    }
  }

  private final boolean message;
  private final boolean inDigest;
  private final Budget budget;
  private boolean referencesWanted;
  private final Map<String, String> fields = new HashMap<>();

  /** Lists of addresses; builders, for a field may come many thousand times. */
  private final Map<String, StringBuilder> lists = new HashMap<>();

  private boolean first = true;

  /** Field that the last line belongs to, when it is one to keep. */
  private @Nullable String name;

  private int fieldOctetsMax;

  private final StringBuilder value = new StringBuilder();
  private StructuredField type = PLAIN_TEXT;

  /**
   * A header that nothing is known of.
   *
   * @param message of a message, which has an envelope
   * @param inDigest part of a multipart/digest
   */
  HeaderBuilder(boolean message, boolean inDigest, Budget budget) {
    this.message = message;
    this.inDigest = inDigest;
    this.budget = budget;
  }

  /** Of a header that is to say what the message refers to. */
  HeaderBuilder withReferences() {
    referencesWanted = true;
    return this;
  }

  /** Takes a line without its ending, and says what it was. */
  HeaderLine line(byte[] octets, int start, int end) {
    HeaderLine kind = HeaderLine.of(octets, start, end, first);
    first = false;
    switch (kind) {
      case FIELD -> {
        endField();
        beginField(octets, start, end);
      }
      case CONTINUATION -> {
        if (name != null) {
          append(octets, start, end);
        }
      }
      case BLANK, MBOX_FROM, BODY -> endField();
    }
    return kind;
  }

  private void beginField(byte[] octets, int start, int end) {
    int nameEnd = HeaderLine.nameEnd(octets, start, end);
    String lower =
        new String(octets, start, nameEnd - start, StandardCharsets.US_ASCII)
            .toLowerCase(Locale.ROOT);
    boolean wanted =
        OF_PART.contains(lower)
            || (message && (OF_MESSAGE.contains(lower) || ADDRESSES.contains(lower)))
            || (referencesWanted && lower.equals(REFERENCES));
    if (wanted) {
      name = lower;
      fieldOctetsMax = ADDRESSES.contains(lower) ? KEPT_OCTETS_MAX : FIELD_OCTETS_MAX;
      int colon = nameEnd;
      while (octets[colon] != ':') {
        colon++;
      }
      append(octets, colon + 1, end);
    }
  }

  private void append(byte[] octets, int start, int end) {
    int taken = budget.take(Math.min(end - start, fieldOctetsMax - value.length()));
    value.append(new String(octets, start, taken, StandardCharsets.ISO_8859_1));
  }

  private void endField() {
    String ended = name;
    if (ended != null) {
      String unfolded = HeaderField.unfold(value.toString());
      if (unfolded.isEmpty()) {
        fields.putIfAbsent(ended, "");
      } else if (ADDRESSES.contains(ended)) {
        lists.computeIfAbsent(ended, absent -> new StringBuilder()).append(unfolded).append(", ");
      } else {
        fields.putIfAbsent(ended, unfolded);
      }
      name = null;
      value.setLength(0);
    }
  }

  /** The header is complete; from now on it can be asked. */
  void end() {
    endField();
    Optional<StructuredField> written =
        Optional.ofNullable(fields.get("content-type"))
            .map(StructuredField::parse)
            .filter(field -> isType(field.value()));
    type = written.orElse(inDigest ? MESSAGE : PLAIN_TEXT);
    if (isMultipart() && boundary().isEmpty()) {
      // RFC 2045 section 5.2: what cannot be taken apart is shown as text.
      type = PLAIN_TEXT;
    }
  }

  private static boolean isType(String text) {
    int slash = text.indexOf('/');
    return slash > 0 && slash < text.length() - 1;
  }

  boolean isMultipart() {
    return type.value().regionMatches(true, 0, "multipart/", 0, "multipart/".length());
  }

  boolean isDigest() {
    return type.value().equalsIgnoreCase("multipart/digest");
  }

  /** The boundary of a multipart. */
  Optional<String> boundary() {
    return isMultipart()
        ? type.parameter("boundary").map(String::stripTrailing).filter(text -> !text.isEmpty())
        : Optional.empty();
  }

  /** Whether the body is a message that can be looked into. RFC 2046 section 5.2.1, RFC 6532. */
  boolean holdsMessage() {
    boolean message =
        type.value().equalsIgnoreCase("message/rfc822")
            || type.value().equalsIgnoreCase("message/global");
    String encoding = encoding();
    return message
        && !encoding.equalsIgnoreCase("base64")
        && !encoding.equalsIgnoreCase("quoted-printable");
  }

  private String encoding() {
    return text("content-transfer-encoding")
        .map(raw -> Comments.removed(raw).strip())
        .filter(token -> !token.isEmpty())
        .orElse(SEVEN_BIT);
  }

  private Optional<String> text(String field) {
    return Optional.ofNullable(fields.get(field));
  }

  Part build(
      long headerOffset,
      long bodyOffset,
      long endOffset,
      long bodyLines,
      boolean opaque,
      List<Part> children) {
    StructuredField shown = opaque ? OCTETS : shownType(children);
    int slash = shown.value().indexOf('/');
    return new Part(
        headerOffset,
        bodyOffset,
        endOffset,
        bodyLines,
        shown.value().substring(0, slash),
        shown.value().substring(slash + 1),
        shown.parameters(),
        text("content-id"),
        text("content-description"),
        encoding(),
        text("content-disposition")
            .map(StructuredField::parse)
            .filter(field -> !field.value().isEmpty()),
        languages(),
        text("content-location"),
        text("content-md5"),
        opaque ? List.of() : children,
        message ? Optional.of(envelope()) : Optional.empty());
  }

  /**
   * IMAP shows a message/rfc822 with its envelope (RFC 3501 section 7.4.2). One that is encoded,
   * which RFC 2046 section 5.2.1 forbids, has none to show and counts as octets.
   */
  private StructuredField shownType(List<Part> children) {
    boolean closedMessage =
        children.isEmpty()
            && (type.value().equalsIgnoreCase("message/rfc822")
                || type.value().equalsIgnoreCase("message/global"));
    return closedMessage ? new StructuredField(OCTETS.value(), type.parameters()) : type;
  }

  private List<String> languages() {
    List<String> tags = new ArrayList<>();
    for (String tag : Comments.removed(fields.getOrDefault("content-language", "")).split(",")) {
      if (!tag.isBlank()) {
        tags.add(tag.strip());
      }
    }
    return tags;
  }

  private Envelope envelope() {
    int left = Envelope.ADDRESSES_MAX;
    Map<String, List<Address>> addresses = new HashMap<>();
    for (String field : List.of("from", "sender", "reply-to", "to", "cc", "bcc")) {
      StringBuilder list = lists.get(field);
      List<Address> found = list == null ? List.of() : AddressList.parse(list.toString(), left);
      addresses.put(field, found);
      left -= found.size();
    }
    return new Envelope(
        text("date"),
        text("subject"),
        addresses.getOrDefault("from", List.of()),
        addresses.getOrDefault("sender", List.of()),
        addresses.getOrDefault("reply-to", List.of()),
        addresses.getOrDefault("to", List.of()),
        addresses.getOrDefault("cc", List.of()),
        addresses.getOrDefault("bcc", List.of()),
        text("in-reply-to"),
        text("message-id"));
  }

  /** What the message refers to; see {@link #withReferences}. */
  List<String> references() {
    return MessageIds.in(fields.getOrDefault(REFERENCES, ""));
  }

  /** How the text of the body is written; empty when it is not one to be shown. */
  Optional<PreviewText.Kind> shownText() {
    boolean html = type.value().equalsIgnoreCase("text/html");
    if (!html && !type.value().equalsIgnoreCase("text/plain")) {
      return Optional.empty();
    }
    boolean attachment =
        text("content-disposition")
            .filter(field -> StructuredField.parse(field).value().equalsIgnoreCase("attachment"))
            .isPresent();
    return attachment
        ? Optional.empty()
        : Optional.of(
            new PreviewText.Kind(
                html, encoding(), HeaderText.parameter(type.parameters(), "charset")));
  }
}
