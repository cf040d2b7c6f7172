package dev.postrider.integration.bench;

import dev.postrider.storage.Progress;
import dev.postrider.storage.StoreException;
import dev.postrider.storage.StoreSettings;
import dev.postrider.storage.mailboxes.MailboxId;
import dev.postrider.storage.messages.UidSet;
import dev.postrider.testkit.files.FileTree;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;

/**
 * How long a delivery is held while the store looks after itself: without anything, with
 * checkpoints, and with each of collection and verify over and over beside them.
 */
final class Holding {

  private static final double BAR_MILLIS = 100;
  private static final int[] THREADS = {4, 20};
  private static final int OCTETS = 8 * 1024;

  /** Messages that are there before, two of three of them expunged. */
  private static final int OLD = 20_000;

  /** Enough of them that a collection goes on for seconds. */
  private static final int MANY_OLD = 100_000;

  private final BarTable table;
  private final Path directory;
  private final Duration time;

  /** What is done beside the deliveries, once; false when there is nothing to do at all. */
  private interface Work {
    boolean doOnce(StoreUnderLoad load) throws StoreException;
  }

  Holding(BarTable table, Path directory, Duration time) {
    this.table = table;
    this.directory = directory;
    this.time = time;
  }

  void run() throws IOException, StoreException, InterruptedException {
    table.heading("deliveries of 8 KB while the store looks after itself");
    for (int threads : THREADS) {
      measure(threads, "nothing, and no checkpoints", noCheckpoints(), OLD, load -> false);
      measure(threads, "checkpoints", settings(), OLD, load -> false);
      measure(threads, "checkpoints and collection", settings(), MANY_OLD, Holding::collect);
      measure(threads, "checkpoints and verify", settings(), OLD, Holding::verify);
    }
  }

  private static StoreSettings settings() {
    return StoreSettings.defaults()
        .withUndelete(Duration.ZERO)
        .withUpkeepInterval(Duration.ofHours(1));
  }

  private static StoreSettings noCheckpoints() {
    return settings().withCheckpointInterval(Duration.ofHours(1));
  }

  private static boolean collect(StoreUnderLoad load) throws StoreException {
    return load.store().maintenance().collect(Progress.NONE).segments() > 0;
  }

  private static boolean verify(StoreUnderLoad load) throws StoreException {
    var findings = load.store().maintenance().verify(Progress.NONE);
    if (!findings.isEmpty()) {
      throw new IllegalStateException("verify found " + findings);
    }
    return true;
  }

  /** Fills a mailbox and takes two of three messages out again. */
  private static void expungeMost(StoreUnderLoad load, int messages) throws StoreException {
    MailboxId mailbox = load.mailbox("Old");
    load.fill(mailbox, new Mail(OCTETS, 1), messages);
    UidSet most =
        UidSet.of(
            IntStream.rangeClosed(1, messages)
                .filter(uid -> uid % 3 != 0)
                .asLongStream()
                .toArray());
    load.expunge(mailbox, most);
  }

  private void measure(int threads, String what, StoreSettings settings, int old, Work work)
      throws IOException, StoreException, InterruptedException {
    Path place = directory.resolve(threads + what.replaceAll("\\W+", "-"));
    try (StoreUnderLoad load = new StoreUnderLoad(place, settings)) {
      expungeMost(load, old);
      var _ = deliver(load, threads, time.dividedBy(2));
      AtomicBoolean stop = new AtomicBoolean();
      ConcurrentLinkedQueue<Exception> failures = new ConcurrentLinkedQueue<>();
      int[] done = {0};
      Thread beside =
          Thread.ofPlatform()
              .start(
                  () -> {
                    try {
                      while (work.doOnce(load) && !stop.get()) {
                        done[0]++;
                      }
                    } catch (StoreException e) {
                      failures.add(e);
                    }
                  });
      long[] nanos = deliver(load, threads, time);
      stop.set(true);
      beside.join();
      if (!failures.isEmpty()) {
        throw new IOException("beside the deliveries", failures.peek());
      }
      tell(threads, what, nanos, done[0]);
    }
    FileTree.delete(place);
  }

  private void tell(int threads, String what, long[] nanos, int done) {
    String name = String.format(Locale.ROOT, "%2d threads, %s", threads, what);
    table.note(
        name,
        String.format(
            Locale.ROOT,
            "%.0f/s, p50 %.2f ms, max %.1f ms%s",
            nanos.length * 1e9 / time.toNanos(),
            nanos[nanos.length / 2] / 1e6,
            nanos[nanos.length - 1] / 1e6,
            done > 0 ? String.format(Locale.ROOT, ", done %d times", done) : ""));
    table.atMost(name + ", p99", nanos[(int) (nanos.length * 0.99)] / 1e6, BAR_MILLIS, "ms");
  }

  /** How long each took, ascending. */
  private static long[] deliver(StoreUnderLoad load, int threads, Duration time)
      throws StoreException, IOException, InterruptedException {
    MailboxId inbox = load.inbox();
    ConcurrentLinkedQueue<Exception> failures = new ConcurrentLinkedQueue<>();
    ConcurrentLinkedQueue<Long> samples = new ConcurrentLinkedQueue<>();
    long end = System.nanoTime() + time.toNanos();
    List<Thread> running = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      Mail mail = new Mail(OCTETS, i);
      running.add(
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      long now = System.nanoTime();
                      while (now < end) {
                        var _ = load.deliver(inbox, mail.next());
                        long after = System.nanoTime();
                        samples.add(after - now);
                        now = after;
                      }
                    } catch (StoreException e) {
                      failures.add(e);
                    }
                  }));
    }
    for (Thread thread : running) {
      thread.join();
    }
    if (!failures.isEmpty()) {
      throw new IOException("a delivery failed", failures.peek());
    }
    long[] nanos = samples.stream().mapToLong(Long::longValue).toArray();
    Arrays.sort(nanos);
    return nanos;
  }
}
