package dev.postrider.protocol.message;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Picks fields out of headers: what {@link Headers#only} and {@link Headers#except} do, for many
 * messages and in one pass over their octets. Threads: any.
 */
public final class HeaderPicker {

  private static final byte[] BLANK_LINE = {'\r', '\n'};

  private final List<String> names;

  /** Whether the fields of the names are picked, or all others. */
  private final boolean only;

  /** The names in lower case, by their length; what is not US-ASCII is no field's name. */
  private final byte[][][] byLength;

  private HeaderPicker(Collection<String> names, boolean only) {
    this.names = List.copyOf(names);
    this.only = only;
    int longest = this.names.stream().mapToInt(String::length).max().orElse(0);
    this.byLength = new byte[longest + 1][][];
    for (int length = 0; length <= longest; length++) {
      int wanted = length;
      byLength[length] =
          this.names.stream()
              .filter(name -> name.length() == wanted && name.chars().allMatch(c -> c < 0x80))
              .map(name -> name.toLowerCase(Locale.ROOT).getBytes(StandardCharsets.US_ASCII))
              .toArray(byte[][]::new);
    }
  }

  /** Fields of these names, whatever their case. */
  public static HeaderPicker only(Collection<String> names) {
    return new HeaderPicker(names, true);
  }

  /** Fields of other names. */
  public static HeaderPicker except(Collection<String> names) {
    return new HeaderPicker(names, false);
  }

  /** The fields with the blank line that always ends them. RFC 3501 section 6.4.5. */
  public byte[] pick(Headers headers) {
    byte[] fields = (only ? headers.only(names) : headers.except(names)).encode();
    byte[] picked = Arrays.copyOf(fields, fields.length + BLANK_LINE.length);
    System.arraycopy(BLANK_LINE, 0, picked, fields.length, BLANK_LINE.length);
    return picked;
  }

  /**
   * The same of the header that begins at {@code octets[0]}; null where it goes on behind {@code
   * octets[length - 1]}.
   *
   * @param length octets that there are; few enough to be within the limits of {@link Headers#read}
   * @param ended whether the message has no more of them
   */
  public byte @Nullable [] pick(byte[] octets, int length, boolean ended) {
    Picked picked = new Picked(octets);
    boolean wanted = false;
    int start = 0;
    while (start < length) {
      int feed = lineFeed(octets, start, length);
      if (feed == length && !ended) {
        return null;
      }
      int end = Math.min(feed + 1, length);
      HeaderLine kind = HeaderLine.of(octets, start, textEnd(octets, start, end), start == 0);
      switch (kind) {
        case BLANK, BODY -> {
          return picked.finish();
        }
        case CONTINUATION -> {}
        case FIELD -> wanted = isWanted(octets, start, HeaderLine.nameEnd(octets, start, end));
        case MBOX_FROM -> wanted = isWanted(octets, start, start);
      }
      if (wanted) {
        picked.add(start, end);
      }
      start = end;
    }
    return ended ? picked.finish() : null;
  }

  private static int lineFeed(byte[] octets, int start, int end) {
    int at = start;
    while (at < end && octets[at] != '\n') {
      at++;
    }
    return at;
  }

  private static int textEnd(byte[] octets, int start, int end) {
    int at = end;
    if (at > start && octets[at - 1] == '\n') {
      at--;
      if (at > start && octets[at - 1] == '\r') {
        at--;
      }
    }
    return at;
  }

  private boolean isWanted(byte[] octets, int start, int end) {
    int length = end - start;
    if (length < byLength.length) {
      for (byte[] name : byLength[length]) {
        if (isSame(octets, start, name)) {
          return only;
        }
      }
    }
    return !only;
  }

  private static boolean isSame(byte[] octets, int start, byte[] lowerCase) {
    for (int i = 0; i < lowerCase.length; i++) {
      byte octet = octets[start + i];
      if (octet != lowerCase[i]
          && !(octet >= 'A' && octet <= 'Z' && octet + ('a' - 'A') == lowerCase[i])) {
        return false;
      }
    }
    return true;
  }

  /** What was picked so far. */
  private static final class Picked {
    private static final int OCTETS_FIRST = 512;

    private final byte[] octets;
    private byte[] taken = new byte[OCTETS_FIRST];
    private int size;

    Picked(byte[] octets) {
      this.octets = octets;
    }

    void add(int start, int end) {
      room(end - start);
      System.arraycopy(octets, start, taken, size, end - start);
      size += end - start;
    }

    byte[] finish() {
      room(BLANK_LINE.length);
      System.arraycopy(BLANK_LINE, 0, taken, size, BLANK_LINE.length);
      return Arrays.copyOf(taken, size + BLANK_LINE.length);
    }

    private void room(int more) {
      if (taken.length - size < more) {
        taken = Arrays.copyOf(taken, Math.max(2 * taken.length, size + more));
      }
    }
  }
}
