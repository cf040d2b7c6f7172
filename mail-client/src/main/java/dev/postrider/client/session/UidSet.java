package dev.postrider.client.session;

import dev.postrider.client.ExitCode;
import dev.postrider.client.MailFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * UIDs as a user names them: {@code 12}, {@code 3:9}, {@code 1,4,20:*}. RFC 9051 section 9,
 * sequence-set.
 */
public record UidSet(String text) {

  public static final UidSet ALL = new UidSet("1:*");

  /** The largest UID. RFC 9051 section 2.3.1.1. */
  private static final long UID_MAX = 0xFFFF_FFFFL;

  /** How many ranges one command may carry; a longer line is refused by some servers. */
  private static final int RANGES_PER_COMMAND = 500;

  /** The set that some arguments make together; each may itself be a list. */
  public static UidSet parse(List<String> arguments) throws MailFailure {
    List<String> ranges = new ArrayList<>();
    for (String argument : arguments) {
      for (String range : argument.split(",", -1)) {
        ranges.add(checked(range.strip()));
      }
    }
    if (ranges.isEmpty()) {
      throw new MailFailure(
          ExitCode.USAGE, "no message is named", "name UIDs such as 12 or 3:9, or - to read them");
    }
    return new UidSet(String.join(",", ranges));
  }

  public static UidSet of(List<Long> uids) {
    List<String> ranges = new ArrayList<>();
    int i = 0;
    while (i < uids.size()) {
      int end = i;
      while (end + 1 < uids.size() && uids.get(end + 1) == uids.get(end) + 1) {
        end++;
      }
      ranges.add(end == i ? "" + uids.get(i) : uids.get(i) + ":" + uids.get(end));
      i = end + 1;
    }
    return new UidSet(ranges.stream().collect(Collectors.joining(",")));
  }

  private static String checked(String range) throws MailFailure {
    String[] ends = range.split(":", -1);
    if (ends.length <= 2 && isUid(ends[0]) && isUid(ends[ends.length - 1])) {
      return range;
    }
    throw new MailFailure(
        ExitCode.USAGE,
        "\"" + range + "\" names no message",
        "a message is named by its UID, such as 12, 3:9 or 1,4,20:*");
  }

  private static boolean isUid(String text) {
    if (text.equals("*")) {
      return true;
    }
    if (!text.matches("[0-9]{1,10}")) {
      return false;
    }
    long uid = Long.parseLong(text);
    return uid >= 1 && uid <= UID_MAX;
  }

  public boolean isEmpty() {
    return text.isEmpty();
  }

  /** The same messages in sets that each fit into one command. */
  List<UidSet> batches() {
    if (isEmpty()) {
      return List.of();
    }
    String[] ranges = text.split(",", -1);
    List<UidSet> batches = new ArrayList<>();
    for (int i = 0; i < ranges.length; i += RANGES_PER_COMMAND) {
      int end = Math.min(ranges.length, i + RANGES_PER_COMMAND);
      batches.add(new UidSet(String.join(",", List.of(ranges).subList(i, end))));
    }
    return batches;
  }

  @Override
  public String toString() {
    return text;
  }
}
