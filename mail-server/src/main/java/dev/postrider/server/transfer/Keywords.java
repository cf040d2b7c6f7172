package dev.postrider.server.transfer;

import dev.postrider.storage.messages.Flags;
import dev.postrider.storage.messages.SystemFlag;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Flags as the letters of a Maildir file's name: capitals for those that Maildir has, small letters
 * for the keywords of the folder, whose names Dovecot keeps in {@value #FILE_NAME}.
 */
final class Keywords {

  static final String FILE_NAME = "dovecot-keywords";

  /** Letters there are. */
  static final int MAX = 26;

  /** Passed on: RFC 5788 has it as a keyword, Maildir as the letter P. */
  static final String FORWARDED = "$Forwarded";

  private static final long FILE_OCTETS_MAX = 64 * 1024;

  /** What ends an atom of IMAP, which a keyword is. RFC 3501 section 9, atom-specials. */
  private static final String NO_ATOM = "(){%*\"\\] ";

  private final List<String> names = new ArrayList<>();
  private boolean overflowed;

  /** Reads the file of a folder; none when it is missing. */
  static Keywords read(Path folder) throws IOException {
    Keywords keywords = new Keywords();
    Path file = folder.resolve(FILE_NAME);
    if (!Files.isRegularFile(file) || Files.size(file) > FILE_OCTETS_MAX) {
      return keywords;
    }
    try (BufferedReader lines = Files.newBufferedReader(file, StandardCharsets.ISO_8859_1)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        keywords.readLine(line);
      }
    }
    return keywords;
  }

  /** {@code 0 $Label1}. */
  private void readLine(String line) {
    int space = line.indexOf(' ');
    if (space < 1 || space > 2 || !line.chars().limit(space).allMatch(Character::isDigit)) {
      return;
    }
    int index = Integer.parseInt(line.substring(0, space));
    if (index >= MAX) {
      return;
    }
    while (names.size() <= index) {
      names.add("");
    }
    names.set(index, line.substring(space + 1).strip());
  }

  /** As the file has them. */
  String text() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < names.size(); i++) {
      text.append(i).append(' ').append(names.get(i)).append('\n');
    }
    return text.toString();
  }

  /** The flags that the letters behind {@code 2,} say. */
  Flags flags(String letters) {
    int bits = 0;
    Set<String> keywords = new TreeSet<>();
    for (int i = 0; i < letters.length(); i++) {
      char letter = letters.charAt(i);
      switch (letter) {
        case 'D' -> bits |= SystemFlag.DRAFT.bit();
        case 'F' -> bits |= SystemFlag.FLAGGED.bit();
        case 'P' -> keywords.add(FORWARDED);
        case 'R' -> bits |= SystemFlag.ANSWERED.bit();
        case 'S' -> bits |= SystemFlag.SEEN.bit();
        case 'T' -> bits |= SystemFlag.DELETED.bit();
        default -> {
          int index = letter - 'a';
          if (index >= 0 && index < names.size()) {
            keywords.add(names.get(index));
          }
        }
      }
    }
    return new Flags(bits, new TreeSet<>(storable(keywords)));
  }

  /**
   * The letters that say {@code flags}; a keyword without a letter gets one while there are. What
   * was passed on has P and a letter of its own: Dovecot reads only the latter.
   */
  String letters(Flags flags) {
    StringBuilder letters = new StringBuilder();
    append(letters, flags.has(SystemFlag.DRAFT), 'D');
    append(letters, flags.has(SystemFlag.FLAGGED), 'F');
    append(letters, flags.has(FORWARDED), 'P');
    append(letters, flags.has(SystemFlag.ANSWERED), 'R');
    append(letters, flags.has(SystemFlag.SEEN), 'S');
    append(letters, flags.has(SystemFlag.DELETED), 'T');
    flags.keywords().stream()
        .mapToInt(this::indexOf)
        .filter(index -> index >= 0)
        .sorted()
        .forEach(index -> letters.append((char) ('a' + index)));
    return letters.toString();
  }

  private static void append(StringBuilder letters, boolean present, char letter) {
    if (present) {
      letters.append(letter);
    }
  }

  private int indexOf(String keyword) {
    for (int i = 0; i < names.size(); i++) {
      if (names.get(i).equalsIgnoreCase(keyword)) {
        return i;
      }
    }
    if (names.size() == MAX) {
      overflowed = true;
      return -1;
    }
    names.add(keyword);
    return names.size() - 1;
  }

  /** Whether a keyword was left out for want of a letter. */
  boolean overflowed() {
    return overflowed;
  }

  /** Those that a message can have here: atoms, not too long, not too many. */
  static List<String> storable(Collection<String> keywords) {
    return keywords.stream().filter(Keywords::isAtom).distinct().limit(Flags.KEYWORDS_MAX).toList();
  }

  private static boolean isAtom(String keyword) {
    return !keyword.isEmpty()
        && keyword.length() <= Flags.KEYWORD_OCTETS_MAX
        && keyword.chars().allMatch(c -> c > ' ' && c < 0x7F && NO_ATOM.indexOf(c) < 0);
  }
}
