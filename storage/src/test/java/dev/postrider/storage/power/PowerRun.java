package dev.postrider.storage.power;

import dev.postrider.protocol.address.MailAddress;
import dev.postrider.storage.Commit;
import dev.postrider.storage.LocalStore;
import dev.postrider.storage.StoreDisk;
import dev.postrider.storage.StoreException;
import dev.postrider.storage.StoreSettings;
import dev.postrider.storage.log.LogFile;
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
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * A run of workers on a simulated disk, all of it in a trace.
 *
 * @param start the first steps, which only made the disk as it was before
 * @param others accounts of earlier runs, which nobody touched in this one
 * @param maintained whether there was maintenance beside the workers
 */
record PowerRun(
    String shared,
    List<Step> trace,
    int start,
    Map<String, List<String>> others,
    boolean maintained) {

  /** The data directory, and a backup of it, below the root of the disk. */
  static final String DATA = "data";

  static final String BACKUP = "backup";

  static final InstantSource CLOCK = InstantSource.fixed(PowerWorker.NOW);

  private static final int WORKERS = 4;

  /**
   * A run with maintenance goes on until some time after maintenance dropped a segment, however
   * fast the workers are; but not for ever.
   */
  private static final int TIMES_MAX = 20;

  private static final long SEGMENT_OCTETS = 100_000;
  private static final String SEGMENT_SUFFIX = ".seg";
  private static final Duration CHECKPOINT_INTERVAL = Duration.ofMillis(2);

  /** What a run begins with. */
  record Before(SortedMap<String, byte[]> content, Map<String, List<String>> others) {
    static Before nothing() {
      return new Before(new TreeMap<>(), Map.of());
    }
  }

  /** Work beside that of the workers, done again until they have ended. */
  @FunctionalInterface
  interface Beside {
    Beside NOTHING = (store, backup, notes) -> {};

    void work(LocalStore store, Path backup, Consumer<Step> notes) throws StoreException;
  }

  /** What is between the store and its disk. */
  record Faults(UnaryOperator<LogFiles> log, Predicate<String> unforced) {
    static final Faults NONE = new Faults(UnaryOperator.identity(), name -> false);
  }

  /**
   * Opens a store on a disk, lets the workers do their deeds and closes it.
   *
   * @param root a real directory, whose name the disk has
   * @param name of this run; its accounts begin with it
   */
  static PowerRun record(
      Path root, String name, long seed, int deeds, Before before, Beside beside, Faults faults)
      throws Exception {
    SimDisk simulated = new SimDisk(root, before.content());
    simulated.forget(faults.unforced());
    int start = simulated.length();
    MailAddress shared = new MailAddress(name + "-shared", PowerWorker.DOMAIN);
    boolean maintained = !beside.equals(Beside.NOTHING);
    try {
      StoreSettings settings = settings(maintained).withDisk(disk(faults.log()));
      Path data = simulated.path().resolve(DATA);
      try (LocalStore store = LocalStore.open(data, CLOCK, settings)) {
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
          workers.add(
              start(worker, deeds, () -> maintained && !simulated.hasUnlinked(SEGMENT_SUFFIX)));
        }
        CompletableFuture<Void> all =
            CompletableFuture.allOf(workers.toArray(CompletableFuture[]::new));
        do {
          beside.work(store, simulated.path().resolve(BACKUP), simulated::note);
        } while (maintained && !all.isDone());
        all.get(100, TimeUnit.SECONDS);
      }
      if (maintained && !simulated.hasUnlinked(SEGMENT_SUFFIX)) {
        throw new IllegalStateException("maintenance had nothing to do: no segment was dropped");
      }
    } finally {
      simulated.remove();
    }
    return new PowerRun(shared.toString(), simulated.trace(), start, before.others(), maintained);
  }

  /** The simulated disk, for a store whose paths are on it. */
  static StoreDisk disk(UnaryOperator<LogFiles> log) {
    return new StoreDisk(
        files -> log.apply(new Roomy(files)), SimFilePath.SCHEME, UnaryOperator.identity());
  }

  /** Nobody knows how large a simulated disk is. */
  private record Roomy(LogFiles disk) implements LogFiles {
    @Override
    public SortedSet<Integer> list() throws IOException {
      return disk.list();
    }

    @Override
    public LogFile create(int segment) throws IOException {
      return disk.create(segment);
    }

    @Override
    public LogFile openForReading(int segment) throws IOException {
      return disk.openForReading(segment);
    }

    @Override
    public LogFile openForRepair(int segment) throws IOException {
      return disk.openForRepair(segment);
    }

    @Override
    public void delete(int segment) throws IOException {
      disk.delete(segment);
    }

    @Override
    public void forceDirectory() throws IOException {
      disk.forceDirectory();
    }

    @Override
    public long usableOctets() {
      return Long.MAX_VALUE;
    }
  }

  /**
   * @param again whether the worker is to do as many deeds once more than that
   */
  private static CompletableFuture<Void> start(
      PowerWorker worker, int deeds, BooleanSupplier again) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                for (int times = 1; again.getAsBoolean() && times < TIMES_MAX; times++) {
                  worker.work(deeds);
                }
                worker.work(deeds);
                done.complete(null);
              } catch (StoreException | RuntimeException e) {
                done.completeExceptionally(e);
              }
            });
    return done;
  }

  /**
   * @param maintained the store tidies up all the time, and forgets at once what was expunged
   */
  static StoreSettings settings(boolean maintained) {
    StoreSettings settings =
        StoreSettings.defaults()
            .withReserveOctets(0)
            .withSegmentOctets(SEGMENT_OCTETS)
            .withCompress(true)
            .withCheckpointInterval(CHECKPOINT_INTERVAL)
            .withShelfMessages(1);
    return maintained
        ? settings
            .withUndelete(Duration.ofMillis(-1))
            .withUpkeepInterval(Duration.ofMillis(10))
            .withSnapshotOctets(2 * SEGMENT_OCTETS)
            .withCollectRate(0)
        : settings;
  }

  Expectation expectation(int at) {
    return Expectation.of(trace, at, others);
  }

  /** Makes files of {@code image}. */
  static void restore(SortedMap<String, byte[]> image, Path directory) throws IOException {
    Files.createDirectories(directory);
    for (Map.Entry<String, byte[]> file : image.entrySet()) {
      Path path = directory.resolve(file.getKey());
      if (file.getKey().endsWith("/")) {
        Files.createDirectories(path);
      } else {
        Files.write(path, file.getValue());
      }
    }
  }

  /** Everything in a directory, as {@link #restore} takes it. */
  static SortedMap<String, byte[]> content(Path directory) throws IOException {
    SortedMap<String, byte[]> content = new TreeMap<>();
    try (Stream<Path> paths = Files.walk(directory)) {
      for (Path path : (Iterable<Path>) paths::iterator) {
        String name = directory.relativize(path).toString();
        if (Files.isDirectory(path) && !name.isEmpty()) {
          content.put(name + "/", new byte[0]);
        } else if (!name.isEmpty() && !name.endsWith(".trace.db")) {
          content.put(name, Files.readAllBytes(path));
        }
      }
    }
    return content;
  }

  /** Opens the store in {@code data} and says what is wrong with it. */
  static List<String> check(Path data, String shared, Expectation expectation) {
    try (LocalStore store = LocalStore.open(data, CLOCK, settings(false))) {
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
    try (LocalStore store = LocalStore.open(directory, CLOCK, settings(false))) {
      return Observation.of(store, "").lines();
    }
  }
}
