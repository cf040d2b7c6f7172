package dev.postrider.integration.bench;

import dev.postrider.storage.Progress;
import dev.postrider.storage.StoreException;
import dev.postrider.storage.StoreSettings;
import dev.postrider.storage.mailboxes.MailboxId;
import dev.postrider.storage.messages.UidSet;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * Octets of the whole data directory for each octet of mail: as it came in, and after half of it
 * was deleted and collection ran, while the store is open and nothing can be undeleted any more.
 */
final class DiskUse {

  /** The bar says 1.0, with one digit. */
  private static final double STORED_BAR = 1.05;

  private static final double DELETED_BAR = 1.3;
  private static final int[] OCTETS = {8 * 1024, 75 * 1024};

  private final BarTable table;
  private final Path directory;
  private final int megabytes;

  DiskUse(BarTable table, Path directory, int megabytes) {
    this.table = table;
    this.directory = directory;
    this.megabytes = megabytes;
  }

  void run() throws IOException, StoreException {
    table.heading(
        String.format(Locale.ROOT, "disk for each octet of mail, %d MB of it", megabytes));
    for (int octets : OCTETS) {
      measure(octets, false);
      measure(octets, true);
    }
  }

  private void measure(int octets, boolean packed) throws IOException, StoreException {
    int count = (int) (megabytes * 1_000_000L / octets);
    // With its snapshots, although a minute may not pass.
    StoreSettings settings =
        StoreSettings.defaults()
            .withUndelete(Duration.ZERO)
            .withCompress(packed)
            .withUpkeepInterval(Duration.ofSeconds(1));
    Path place = directory.resolve(octets + (packed ? "-packed" : ""));
    String kind = packed ? ", packed" : "";
    String size = String.format(Locale.ROOT, "messages of %d KB%s: ", octets / 1024, kind);
    try (StoreUnderLoad load = new StoreUnderLoad(place, settings)) {
      MailboxId inbox = load.inbox();
      load.fill(inbox, new Mail(octets, 1), count);
      long mail = (long) count * octets;
      table.atMost(size + "stored", ratio(load, mail), STORED_BAR, "x");

      UidSet half =
          UidSet.of(
              IntStream.rangeClosed(1, count).filter(uid -> uid % 2 == 0).asLongStream().toArray());
      load.expunge(inbox, half);
      long begin = System.nanoTime();
      var collected = load.store().maintenance().collect(Progress.NONE);
      long nanos = System.nanoTime() - begin;
      table.note(size + "segments collected", collected.segments(), "");
      table.note(size + "time of the collection", nanos / 1e9, "s");
      long left = mail - (long) half.size() * octets;
      table.atMost(size + "half deleted, collected", ratio(load, left), DELETED_BAR, "x");
    }
  }

  private static double ratio(StoreUnderLoad load, long mail) throws IOException {
    return (double) StoreUnderLoad.octetsBelow(load.directory()) / mail;
  }
}
