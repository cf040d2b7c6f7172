package dev.postrider.storage.power;

import dev.postrider.protocol.address.MailAddress;
import dev.postrider.storage.Commit;
import dev.postrider.storage.LocalStore;
import dev.postrider.storage.StoreDisk;
import dev.postrider.storage.StoreException;
import dev.postrider.storage.StoreSettings;
import dev.postrider.storage.log.LogFiles;
import dev.postrider.storage.mailboxes.MailboxId;
import dev.postrider.storage.messages.Flags;
import dev.postrider.storage.messages.MessageSource;
import dev.postrider.storage.queue.NewQueueEntry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/**
 * A run of workers on a simulated disk, all of it in a trace.
 *
 * @param root the data directory, of which the disk has log and projection
 * @param start the first steps, which only made the disk as it was before
 * @param others accounts of earlier runs, which nobody touched in this one
 */
record PowerRun(
    Path root, String shared, List<Step> trace, int start, Map<String, List<String>> others) {

  private static final InstantSource CLOCK = InstantSource.fixed(PowerWorker.NOW);
  private static final int WORKERS = 4;
  private static final String MARKER = "postrider-store";
  private static final long SEGMENT_OCTETS = 100_000;
  private static final Duration CHECKPOINT_INTERVAL = Duration.ofMillis(2);

  /**
   * Opens a store on a disk that has {@code content}, lets the workers do their deeds and closes
   * it.
   *
   * @param name of this run; its accounts begin with it
   * @param disk between the log and the simulated disk, so that a fault can be planted
   */
  static PowerRun record(
      Path root,
      String name,
      long seed,
      int deeds,
      SortedMap<String, byte[]> content,
      Map<String, List<String>> others,
      UnaryOperator<LogFiles> disk)
      throws Exception {
    SimDisk simulated = new SimDisk(root, content);
    int start = simulated.length();
    MailAddress shared = new MailAddress(name + "-shared", PowerWorker.DOMAIN);
    try {
      StoreSettings settings =
          settings()
              .withDisk(
                  new StoreDisk(
                      real -> disk.apply(simulated.log()),
                      SimFilePath.SCHEME,
                      UnaryOperator.identity()));
      try (LocalStore store = LocalStore.open(root, CLOCK, settings)) {
        store.accounts().create(shared, "shared");
        MailboxId inbox =
            store
                .mailboxes()
                .find(store.accounts().find(shared).orElseThrow().id(), "INBOX")
                .orElseThrow()
                .id();
        List<CompletableFuture<Void>> workers = new ArrayList<>();
        for (int i = 0; i < WORKERS; i++) {
          PowerWorker worker =
              new PowerWorker(store, inbox, name + "-" + i, i, seed + i, simulated::note);
          workers.add(start(worker, deeds));
        }
        for (CompletableFuture<Void> worker : workers) {
          worker.get(100, TimeUnit.SECONDS);
        }
      }
    } finally {
      simulated.remove();
    }
    return new PowerRun(root, shared.toString(), simulated.trace(), start, others);
  }

  private static CompletableFuture<Void> start(PowerWorker worker, int deeds) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                worker.work(deeds);
                done.complete(null);
              } catch (StoreException | RuntimeException e) {
                done.completeExceptionally(e);
              }
            });
    return done;
  }

  private static StoreSettings settings() {
    return StoreSettings.defaults()
        .withReserveOctets(0)
        .withSegmentOctets(SEGMENT_OCTETS)
        .withCheckpointInterval(CHECKPOINT_INTERVAL);
  }

  Expectation expectation(int at) {
    return Expectation.of(trace, at, others);
  }

  /** Makes a data directory of {@code image}, of the same store. */
  void restore(SortedMap<String, byte[]> image, Path directory) throws IOException {
    Files.createDirectories(directory.resolve("log"));
    Files.createDirectories(directory.resolve("h2"));
    Files.copy(root.resolve(MARKER), directory.resolve(MARKER));
    for (Map.Entry<String, byte[]> file : image.entrySet()) {
      Files.write(directory.resolve(file.getKey()), file.getValue());
    }
  }

  /** Log and projection of a data directory. */
  static SortedMap<String, byte[]> content(Path directory) throws IOException {
    SortedMap<String, byte[]> content = new TreeMap<>();
    for (String name : List.of("log", "h2")) {
      try (var files = Files.list(directory.resolve(name))) {
        for (Path file : (Iterable<Path>) files::iterator) {
          if (!file.toString().endsWith(".trace.db")) {
            content.put(name + "/" + file.getFileName(), Files.readAllBytes(file));
          }
        }
      }
    }
    return content;
  }

  /** Opens the store in {@code directory} and says what is wrong with it. */
  static List<String> check(Path directory, String shared, Expectation expectation)
      throws IOException {
    try (LocalStore store = LocalStore.open(directory, CLOCK, settings())) {
      Observation observed = Observation.of(store, shared);
      List<String> complaints = new ArrayList<>(expectation.complaints(observed));
      complaints.addAll(goOn(store, shared, observed, expectation));
      return complaints;
    } catch (StoreException | IOException | RuntimeException e) {
      return List.of("does not open or cannot be read: " + e);
    }
  }

  /** Whether the store still works, and gives no number again. */
  private static List<String> goOn(
      LocalStore store, String shared, Observation observed, Expectation expectation)
      throws StoreException {
    MailAddress address = MailAddress.parse(shared).orElseThrow();
    Optional<MailboxId> inbox =
        store.accounts().find(address).isEmpty()
            ? Optional.empty()
            : store
                .mailboxes()
                .find(store.accounts().find(address).orElseThrow().id(), "INBOX")
                .map(mailbox -> mailbox.id());
    List<Commit.Filing> filings =
        inbox.stream()
            .map(mailbox -> new Commit.Filing(mailbox, Flags.NONE, PowerWorker.NOW))
            .toList();
    NewQueueEntry remote =
        new NewQueueEntry(
            Optional.empty(),
            new MailAddress("next", "b.test"),
            "trace",
            false,
            true,
            PowerWorker.NOW,
            PowerWorker.NOW);
    var committed =
        store.commit(
            Commit.of(
                new Commit.Deposit(MessageSource.of(new byte[10]), filings, List.of(remote))));
    List<String> complaints = new ArrayList<>();
    if (committed.queued().getFirst().value() <= expectation.queueId()) {
      complaints.add("queue id " + committed.queued().getFirst() + " was given before");
    }
    committed.filed().stream()
        .filter(filed -> filed.uid().value() < observed.sharedUidNext())
        .forEach(filed -> complaints.add("UID " + filed.uid() + " was given before"));
    return complaints;
  }

  /** Opens the projection in {@code directory} as H2 without us would. */
  static Connection projection(Path directory) throws SQLException {
    return DriverManager.getConnection(
        "jdbc:h2:file:"
            + directory.resolve("h2").resolve("projection")
            + ";MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE;DB_CLOSE_DELAY=0",
        "postrider",
        "");
  }

  /** Every account in {@code directory}, for a run that begins with it. */
  static Map<String, List<String>> observe(Path directory) throws StoreException, IOException {
    try (LocalStore store = LocalStore.open(directory, CLOCK, settings())) {
      return Observation.of(store, "").lines();
    }
  }
}
