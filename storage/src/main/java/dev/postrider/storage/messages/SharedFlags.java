package dev.postrider.storage.messages;

import java.util.HashMap;
import java.util.Map;

/** One object for all flags that are equal: a mailbox has few different ones. Thread: one. */
final class SharedFlags {

  private static final int SETS_MAX = 4096;

  private final Map<Flags, Flags> sets = new HashMap<>();

  Flags intern(Flags flags) {
    if (sets.size() >= SETS_MAX) {
      sets.clear();
    }
    Flags present = sets.putIfAbsent(flags, flags);
    return present == null ? flags : present;
  }
}
