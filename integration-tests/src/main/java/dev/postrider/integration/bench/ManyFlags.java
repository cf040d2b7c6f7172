package dev.postrider.integration.bench;

import com.sun.management.OperatingSystemMXBean;
import dev.postrider.storage.StoreException;
import dev.postrider.storage.StoreSettings;
import dev.postrider.storage.mailboxes.MailboxId;
import dev.postrider.storage.messages.FlagChange;
import dev.postrider.storage.messages.Flags;
import dev.postrider.storage.messages.SystemFlag;
import dev.postrider.storage.messages.UidSet;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.LongStream;

/** Ten thousand flags changed in one step, durable and visible: in one piece, and scattered. */
final class ManyFlags {

  private static final double BAR_SECONDS = 0.3;
  private static final int CHANGED = 10_000;
  private static final int TIMES = 20;
  private static final int OCTETS = 1024;

  private final BarTable table;
  private final Path directory;
  private final int messages;

  ManyFlags(BarTable table, Path directory, int messages) {
    this.table = table;
    this.directory = directory;
    this.messages = messages;
  }

  void run() throws StoreException {
    int changed = Math.min(CHANGED, messages);
    table.heading(
        String.format(
            Locale.ROOT, "%d changes of flags in one step, among %d messages", changed, messages));
    try (StoreUnderLoad load = new StoreUnderLoad(directory, StoreSettings.defaults())) {
      MailboxId inbox = load.inbox();
      load.fill(inbox, new Mail(OCTETS, 1), messages);
      UidSet piece = UidSet.of(LongStream.rangeClosed(1, changed).toArray());
      UidSet scattered =
          UidSet.of(LongStream.range(0, changed).map(i -> 1 + i * messages / changed).toArray());
      tell("the first messages", measure(load, inbox, piece));
      tell("scattered messages", measure(load, inbox, scattered));
    }
  }

  private void tell(String what, long[] nanos) {
    table.note(what + ", the first time", nanos[0] / 1e9, "s");
    Arrays.sort(nanos);
    table.atMost(what + ", median of " + TIMES, nanos[TIMES / 2] / 1e9, BAR_SECONDS, "s");
    table.note(what + ", the worst", nanos[TIMES - 1] / 1e9, "s");
  }

  private long[] measure(StoreUnderLoad load, MailboxId inbox, UidSet uids) throws StoreException {
    Flags flags = Flags.of(SystemFlag.SEEN);
    long[] nanos = new long[TIMES];
    long[] processor = new long[TIMES];
    for (int i = 0; i < TIMES; i++) {
      FlagChange change = i % 2 == 0 ? new FlagChange.Add(flags) : new FlagChange.Remove(flags);
      long before = processorNanos();
      long begin = System.nanoTime();
      var changed = load.store().messages().changeFlags(inbox, uids, change, null);
      nanos[i] = System.nanoTime() - begin;
      processor[i] = processorNanos() - before;
      if (changed.changed().size() != uids.size()) {
        throw new IllegalStateException("changed were " + changed.changed().size());
      }
    }
    Arrays.sort(processor);
    table.note("processor time of what follows, median", processor[TIMES / 2] / 1e9, "s");
    return nanos;
  }

  private static long processorNanos() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
        ? system.getProcessCpuTime()
        : 0;
  }
}
