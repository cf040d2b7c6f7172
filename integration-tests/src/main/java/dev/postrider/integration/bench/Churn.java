package dev.postrider.integration.bench;

import dev.postrider.storage.StoreException;
import dev.postrider.storage.StoreSettings;
import dev.postrider.storage.mailboxes.MailboxId;
import dev.postrider.storage.messages.FlagChange;
import dev.postrider.storage.messages.Flags;
import dev.postrider.storage.messages.SystemFlag;
import dev.postrider.storage.messages.UidSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/**
 * Mail comes, is read and goes, at a steady rate: how large H2's file becomes beside the same rows
 * freshly written.
 *
 * <p>A turn is a delivery, two changes of flags of random messages, and the expunge of the oldest
 * message; so the number of messages stays.
 */
final class Churn {

  private static final double BAR = 4;
  private static final int MAILBOXES = 10;
  private static final int POINTS = 12;

  private final BarTable table;
  private final Path directory;
  private final Duration time;
  private final int messages;
  private final int turnsPerSecond;
  private final Random random = new Random(7);
  private final List<MailboxId> mailboxes = new ArrayList<>();
  private final List<Deque<Long>> uids = new ArrayList<>();

  Churn(BarTable table, Path directory, Duration time, int messages, int turnsPerSecond) {
    this.table = table;
    this.directory = directory;
    this.time = time;
    this.messages = messages;
    this.turnsPerSecond = turnsPerSecond;
  }

  void run() throws IOException, StoreException, InterruptedException {
    table.heading(
        String.format(
            Locale.ROOT,
            "H2's file through %d minutes of churn: %d messages, %d turns a second",
            time.toMinutes(),
            messages,
            turnsPerSecond));
    Mail mail = new Mail(1024, 3);
    double worst = 0;
    try (StoreUnderLoad load = new StoreUnderLoad(directory, StoreSettings.defaults())) {
      fill(load, mail);
      long begin = System.nanoTime();
      long turns = 0;
      for (int point = 1; point <= POINTS; point++) {
        long until = begin + time.toNanos() * point / POINTS;
        long largest = 0;
        while (System.nanoTime() < until) {
          turn(load, mail);
          turns++;
          largest = Math.max(largest, turns % turnsPerSecond == 0 ? fileOf(load) : 0);
          LockSupport.parkNanos(
              begin + turns * 1_000_000_000L / turnsPerSecond - System.nanoTime());
        }
        long fresh = freshly(load);
        worst = Math.max(worst, (double) largest / fresh);
        table.note(
            String.format(
                Locale.ROOT,
                "after %6.1f minutes, %d turns: %.1f MB of %.1f MB freshly written",
                (System.nanoTime() - begin) / 60e9,
                turns,
                largest / 1e6,
                fresh / 1e6),
            (double) largest / fresh,
            "x");
      }
    }
    table.atMost("largest size of H2's file / the same rows freshly written", worst, BAR, "x");
  }

  private void fill(StoreUnderLoad load, Mail mail) throws StoreException {
    for (int i = 0; i < MAILBOXES; i++) {
      MailboxId mailbox = load.mailbox("Box " + i);
      mailboxes.add(mailbox);
      load.fill(mailbox, mail, messages / MAILBOXES);
      Deque<Long> present = new ArrayDeque<>();
      try (var index = load.store().messages().open(mailbox)) {
        for (int uid : index.opening().uids()) {
          present.add((long) uid);
        }
      }
      uids.add(present);
    }
  }

  private void turn(StoreUnderLoad load, Mail mail) throws StoreException {
    int box = random.nextInt(MAILBOXES);
    MailboxId mailbox = mailboxes.get(box);
    Deque<Long> present = uids.get(box);
    present.addLast(load.deliver(mailbox, mail.next()).uid().value());
    for (SystemFlag flag : List.of(SystemFlag.SEEN, SystemFlag.FLAGGED)) {
      long uid = present.getFirst() + random.nextLong(present.getLast() - present.getFirst());
      var _ =
          load.store()
              .messages()
              .changeFlags(mailbox, UidSet.of(uid), new FlagChange.Add(Flags.of(flag)), null);
    }
    UidSet oldest = UidSet.of(present.removeFirst());
    load.expunge(mailbox, oldest);
  }

  private static Path file(StoreUnderLoad load) {
    return load.directory().resolve("h2/projection.mv.db");
  }

  private static long fileOf(StoreUnderLoad load) throws IOException {
    return Files.size(file(load));
  }

  /** The size of a copy of the file, once H2 has written all its rows anew. */
  private long freshly(StoreUnderLoad load) throws IOException, InterruptedException {
    Path copy = directory.resolveSibling("compacted");
    Path file = Path.of(copy + ".mv.db");
    // A copy is not made at one moment; so now and then H2 cannot open it.
    for (int attempt = 1; attempt <= 5; attempt++) {
      Files.copy(file(load), file, StandardCopyOption.REPLACE_EXISTING);
      int status =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-cp",
                  System.getProperty("java.class.path"),
                  "org.h2.tools.Shell",
                  "-url",
                  "jdbc:h2:file:" + copy + ";MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE",
                  "-user",
                  "postrider",
                  "-password",
                  "",
                  "-sql",
                  "shutdown compact")
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor();
      if (status == 0) {
        long octets = Files.size(file);
        Files.delete(file);
        return octets;
      }
    }
    throw new IOException("no copy of " + file(load) + " could be opened");
  }
}
