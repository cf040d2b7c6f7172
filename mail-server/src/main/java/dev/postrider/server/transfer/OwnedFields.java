package dev.postrider.server.transfer;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.postrider.storage.messages.Flags;
import dev.postrider.storage.messages.SystemFlag;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Fields that a mail program keeps its own notes in, in the header of a message: they are read and
 * taken out. A field of such a name whose value is no note is the sender's and stays.
 */
final class OwnedFields {

  /** Whose notes. */
  enum Owner {
    /** mutt, Dovecot, UW IMAP, Thunderbird and others, in an mbox. */
    MBOX,
    /** Thunderbird in a Maildir, whose older versions also begin a file with a From line. */
    MOZILLA_MAILDIR
  }

  /** Header of a message that is searched; what is longer than that is not all header. */
  static final int HEADER_OCTETS_MAX = 1024 * 1024;

  private static final Map<String, Pattern> MOZILLA =
      Map.of(
          "x-mozilla-status", Pattern.compile("[0-9a-fA-F]{1,8}"),
          "x-mozilla-status2", Pattern.compile("[0-9a-fA-F]{1,8}"),
          "x-mozilla-keys", Pattern.compile(".*"));

  private static final Map<String, Pattern> CLASSIC =
      Map.of(
          "status", Pattern.compile("[RONUD]*"),
          "x-status", Pattern.compile("[A-Z]*"),
          "x-keywords", Pattern.compile(".*"),
          "x-uid", Pattern.compile("[0-9]+"),
          "x-imap", Pattern.compile(".*"),
          "x-imapbase", Pattern.compile(".*"),
          "content-length", Pattern.compile("[0-9]{1,18}"));

  private static final int MOZILLA_READ = 0x0001;
  private static final int MOZILLA_REPLIED = 0x0002;
  private static final int MOZILLA_MARKED = 0x0004;
  private static final int MOZILLA_EXPUNGED = 0x0008;
  private static final int MOZILLA_FORWARDED = 0x1000;

  private static final String INTERNAL = "DON'T DELETE THIS MESSAGE";

  private final Owner owner;
  private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
  private final Set<String> keywords = new LinkedHashSet<>();
  private int system;
  private boolean expunged;
  private boolean hasImapNote;
  private boolean namedInternal;
  private OptionalLong contentLength = OptionalLong.empty();
  private InputStream rest = InputStream.nullInputStream();

  private OwnedFields(Owner owner) {
    this.owner = owner;
  }

  /** Reads the header off a message; {@link #rest} has the message without the notes. */
  static OwnedFields read(InputStream in, Owner owner) throws IOException {
    OwnedFields fields = of(header(in), owner);
    fields.rest = new SequenceInputStream(new ByteArrayInputStream(fields.header()), in);
    return fields;
  }

  private static byte[] header(InputStream in) throws IOException {
    ByteArrayOutputStream header = new ByteArrayOutputStream();
    int lineOctets = 0;
    int octet;
    while (header.size() < HEADER_OCTETS_MAX && (octet = in.read()) >= 0) {
      header.write(octet);
      if (octet == '\n' && lineOctets == 0) {
        break;
      }
      lineOctets = octet == '\n' ? 0 : lineOctets + (octet == '\r' ? 0 : 1);
    }
    return header.toByteArray();
  }

  /** Reads a header, with the blank line that ends it if there is one. */
  static OwnedFields of(byte[] header, Owner owner) {
    OwnedFields fields = new OwnedFields(owner);
    int start = 0;
    while (start < header.length) {
      int end = fieldEnd(header, start);
      fields.field(header, start, end);
      start = end;
    }
    return fields;
  }

  /** Behind the field that begins at {@code start}, with its continuation lines. */
  private static int fieldEnd(byte[] header, int start) {
    int end = lineEnd(header, start);
    while (end < header.length && (header[end] == ' ' || header[end] == '\t')) {
      end = lineEnd(header, end);
    }
    return end;
  }

  private static int lineEnd(byte[] header, int start) {
    int end = start;
    while (end < header.length && header[end] != '\n') {
      end++;
    }
    return Math.min(header.length, end + 1);
  }

  private void field(byte[] header, int start, int end) {
    String field = new String(Arrays.copyOfRange(header, start, end), ISO_8859_1);
    if (start == 0 && owner == Owner.MOZILLA_MAILDIR && field.startsWith("From ")) {
      return;
    }
    int colon = field.indexOf(':');
    String name = colon < 0 ? "" : field.substring(0, colon).strip().toLowerCase(Locale.ROOT);
    String value = field.substring(colon + 1).replaceAll("[\r\n]+", " ").strip();
    namedInternal |= name.equals("subject") && value.startsWith(INTERNAL);
    Pattern note = MOZILLA.get(name);
    if (note == null && owner == Owner.MBOX) {
      note = CLASSIC.get(name);
    }
    if (note != null && note.matcher(value).matches()) {
      note(name, value);
    } else {
      kept.write(header, start, end - start);
    }
  }

  private void note(String name, String value) {
    switch (name) {
      case "status" -> set(value.contains("R"), SystemFlag.SEEN);
      case "x-status" -> {
        set(value.contains("A"), SystemFlag.ANSWERED);
        set(value.contains("F"), SystemFlag.FLAGGED);
        set(value.contains("D"), SystemFlag.DELETED);
        set(value.contains("T"), SystemFlag.DRAFT);
      }
      case "x-keywords", "x-mozilla-keys" -> keywords.addAll(List.of(value.split("[ ,]+")));
      case "x-mozilla-status" -> mozilla((int) Long.parseLong(value, 16));
      case "x-imap" -> hasImapNote = true;
      case "content-length" -> contentLength = OptionalLong.of(Long.parseLong(value));
      default -> {
        // Numbers of other servers, which mean nothing here.
      }
    }
  }

  private void mozilla(int bits) {
    set((bits & MOZILLA_READ) != 0, SystemFlag.SEEN);
    set((bits & MOZILLA_REPLIED) != 0, SystemFlag.ANSWERED);
    set((bits & MOZILLA_MARKED) != 0, SystemFlag.FLAGGED);
    expunged |= (bits & MOZILLA_EXPUNGED) != 0;
    if ((bits & MOZILLA_FORWARDED) != 0) {
      keywords.add(Keywords.FORWARDED);
    }
  }

  private void set(boolean present, SystemFlag flag) {
    if (present) {
      system |= flag.bit();
    }
  }

  Flags flags() {
    return new Flags(system, new TreeSet<>(Keywords.storable(keywords)));
  }

  /** Whether Thunderbird deleted it and waits for compaction. */
  boolean expunged() {
    return expunged;
  }

  /** Whether it is the note that UW IMAP keeps as the first message of an mbox. */
  boolean internal() {
    return hasImapNote && namedInternal;
  }

  /** Octets of the body, as somebody once counted them. */
  OptionalLong contentLength() {
    return contentLength;
  }

  /** The header without the notes. */
  byte[] header() {
    return kept.toByteArray();
  }

  InputStream rest() {
    return rest;
  }
}
