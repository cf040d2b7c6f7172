package dev.postrider.server.imap;

import java.util.List;
import java.util.Random;

/**
 * What a server that is wrong would say now and then, in the place of what is right; so one sees
 * whether anybody notices.
 */
enum StressFault {
  NONE,

  /** A message is gone, and nobody is told. */
  LOST_EXPUNGE,

  /** Another message is said to be gone. */
  WRONG_EXPUNGE,

  /** The number of a message is one too high. */
  WRONG_NUMBER,

  /** A message is said to be gone while numbers count. */
  EARLY_EXPUNGE,

  /** Other flags, and nobody is told. */
  LOST_FLAGS,

  /** Flags that were. */
  WRONG_FLAGS,

  /** What QRESYNC is for: something that left meanwhile is kept back. */
  LOST_VANISHED,

  /** A mod-sequence that is too high: the client will ask for too little. */
  HIGH_MODSEQ;

  private static final int ONE_OF = 12;

  /** What is heard when the server says {@code line}. */
  List<String> change(String line, Random random) {
    String changed = random.nextInt(ONE_OF) == 0 ? changed(line) : line;
    return this == EARLY_EXPUNGE && !changed.equals(line)
        ? List.of("1 EXPUNGE", line)
        : changed.isEmpty() ? List.of() : List.of(changed);
  }

  private String changed(String line) {
    boolean fetch = line.contains(" FETCH (");
    boolean expunge = line.endsWith(" EXPUNGE");
    int number = line.matches("\\d+ .*") ? Integer.parseInt(line.split(" ", 2)[0]) : 0;
    return switch (this) {
      case NONE -> line;
      case LOST_EXPUNGE -> expunge || line.matches("VANISHED [0-9].*") ? "" : line;
      case WRONG_EXPUNGE -> expunge && number > 1 ? (number - 1) + " EXPUNGE" : line;
      case WRONG_NUMBER -> fetch ? line.replaceFirst("^\\d+", String.valueOf(number + 1)) : line;
      case EARLY_EXPUNGE -> fetch ? "" : line;
      case LOST_FLAGS -> fetch && line.contains("FLAGS") ? "" : line;
      case WRONG_FLAGS -> line.replace("\\Seen", "\\Answered");
      case LOST_VANISHED -> line.startsWith("VANISHED (EARLIER)") ? "" : line;
      case HIGH_MODSEQ -> line.replaceFirst("MODSEQ \\((\\d+)\\)", "MODSEQ ($10)");
    };
  }
}
