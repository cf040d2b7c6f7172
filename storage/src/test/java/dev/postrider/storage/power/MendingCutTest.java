package dev.postrider.storage.power;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postrider.storage.ClosedStore;
import dev.postrider.storage.LocalStore;
import dev.postrider.storage.Progress;
import dev.postrider.storage.StoreDisk;
import dev.postrider.storage.StoreException;
import dev.postrider.storage.accounts.Account;
import dev.postrider.storage.mailboxes.Recoverable;
import dev.postrider.testkit.files.FileTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The power is cut while a store is put right: while tables are made again, while the log is
 * repaired, while messages are brought back. Done once more, all is as if it had not been cut.
 * {@code postrider.power.mended} says how often in each of these.
 */
class MendingCutTest {

  private static final int CUTS = Integer.getInteger("postrider.power.mended", 6);
  private static final long SEED = Long.getLong("postrider.power.seed", 20261124L);
  private static final int DEEDS = 60;
  private static final String KEPT = "kept ";
  private static final String TABLES = "data/h2/projection.mv.db";

  @TempDir Path temporary;

  private final Random random = new Random(SEED);
  private Predicate<String> unforced = name -> false;

  @BeforeEach
  void sayTheSeed() {
    assertThat(CUTS).as("postrider.power.mended").isPositive();
  }

  /** What an operator does to a store that nobody has open, from its start to its end. */
  private interface Task {
    void to(Path data, StoreDisk disk) throws StoreException;
  }

  /** What has to be the same after the task, however often it was begun. */
  private interface Facts {
    List<String> of(Path root) throws StoreException, IOException;
  }

  @Test
  void tablesThatAreMadeAgain() throws Exception {
    SortedMap<String, byte[]> content = afterWork(new Maintaining());
    List<String> before = same(content, MendingCutTest::everything);
    content.put(TABLES, Arrays.copyOf(content.get(TABLES), 5000));
    assertThat(cut(content, MendingCutTest::open, MendingCutTest::everything, CUTS))
        .isEqualTo(before);
  }

  @Test
  void logThatIsRepaired() throws Exception {
    cutRepair(CUTS);
  }

  /** It would be written over in the log before its copy is on the disk. */
  @Test
  void findsWhatIsPutAsideAndNotForced() {
    unforced = name -> name.startsWith("data/damaged/");
    assertThatThrownBy(() -> cutRepair(24)).isInstanceOf(AssertionError.class);
  }

  private void cutRepair(int cuts) throws Exception {
    SortedMap<String, byte[]> content = afterWork(PowerRun.Beside.NOTHING);
    List<String> segments =
        content.keySet().stream().filter(name -> name.startsWith("data/log/0")).toList();
    for (String segment : segments.subList(0, segments.size() - 1)) {
      byte[] bytes = content.get(segment).clone();
      bytes[random.nextInt(bytes.length)] ^= 1;
      // In the last batch, which is kept and given up.
      bytes[bytes.length - 10] ^= 1;
      content.put(segment, bytes);
    }
    cut(
        content,
        (data, disk) -> {
          var _ = ClosedStore.at(data, disk).repair(PowerRun.CLOCK, Progress.NONE);
        },
        root -> {
          List<String> facts = lines(root);
          facts.addAll(putAside(root));
          return facts;
        },
        cuts);
  }

  @Test
  void messagesThatAreBroughtBack() throws Exception {
    cut(
        afterWork(PowerRun.Beside.NOTHING),
        (data, disk) -> {
          try (LocalStore store = open(data, disk, false)) {
            for (Account account : store.accounts().list()) {
              var _ =
                  store
                      .recoverable()
                      .restore(
                          new Recoverable.Wanted(account.id(), Optional.empty(), Instant.EPOCH));
            }
          }
        },
        root -> letters(lines(root)),
        CUTS);
  }

  private SortedMap<String, byte[]> afterWork(PowerRun.Beside beside) throws Exception {
    Path root = Files.createDirectories(temporary.resolve("work"));
    PowerRun run =
        PowerRun.record(
            root, "one", SEED, DEEDS, PowerRun.Before.nothing(), beside, PowerRun.Faults.NONE);
    return PowerCut.image(run.trace(), run.trace().size(), PowerCut.Mercy.ALL, 0);
  }

  private static void open(Path data, StoreDisk disk) throws StoreException {
    open(data, disk, false).close();
  }

  private static LocalStore open(Path data, StoreDisk disk, boolean maintained)
      throws StoreException {
    return LocalStore.open(data, PowerRun.CLOCK, PowerRun.settings(maintained).withDisk(disk));
  }

  /** What the facts are without a cut; with each cut they have to be the same. */
  private List<String> cut(SortedMap<String, byte[]> content, Task task, Facts facts, int cuts)
      throws Exception {
    Path once = temporary.resolve("once");
    PowerRun.restore(content, once);
    task.to(once.resolve(PowerRun.DATA), real());
    List<String> expected = facts.of(once);

    Path root = Files.createDirectories(temporary.resolve("traced"));
    SimDisk disk = new SimDisk(root, content);
    disk.forget(unforced);
    int start = disk.length();
    try {
      task.to(disk.path().resolve(PowerRun.DATA), PowerRun.disk(UnaryOperator.identity()));
    } finally {
      disk.remove();
    }
    List<Step> trace = disk.trace();
    PowerCut.Mercy[] mercies = PowerCut.Mercy.values();
    for (int i = 0; i < cuts; i++) {
      int at = start + random.nextInt(trace.size() - start);
      PowerCut.Mercy mercy = mercies[random.nextInt(mercies.length)];
      Path again = temporary.resolve("again");
      PowerRun.restore(PowerCut.image(trace, at, mercy, random.nextLong()), again);
      task.to(again.resolve(PowerRun.DATA), real());
      List<String> missing = new ArrayList<>(expected);
      List<String> more = facts.of(again);
      more.forEach(missing::remove);
      more.removeAll(expected);
      more.removeIf(fact -> fact.startsWith(KEPT));
      assertThat(List.of(missing, more))
          .as(
              "missing, and too much: seed %d, cut %d after %d of %d steps, %s",
              SEED, i, at, trace.size(), mercy)
          .allMatch(List::isEmpty);
      FileTree.delete(again);
    }
    return expected;
  }

  private List<String> same(SortedMap<String, byte[]> content, Facts facts) throws Exception {
    Path root = temporary.resolve("same");
    PowerRun.restore(content, root);
    return facts.of(root);
  }

  private static StoreDisk real() {
    return new StoreDisk(UnaryOperator.identity(), "file:", UnaryOperator.identity());
  }

  private static List<String> lines(Path root) throws StoreException, IOException {
    return flat(PowerRun.observe(root.resolve(PowerRun.DATA)));
  }

  private static List<String> flat(Map<String, List<String>> lines) {
    return lines.values().stream().flatMap(List::stream).collect(Collectors.toList());
  }

  /** And what there is to complain of, which is nothing. */
  private static List<String> everything(Path root) throws StoreException, IOException {
    try (LocalStore store = open(root.resolve(PowerRun.DATA), real(), false)) {
      List<String> facts = flat(Observation.of(store, "").lines());
      store.maintenance().verify(Progress.NONE).forEach(finding -> facts.add(finding.line()));
      return facts;
    }
  }

  /** What was damaged is kept; a repair that was broken off may have kept it twice, or in part. */
  private static List<String> putAside(Path root) throws IOException {
    List<String> digests = new ArrayList<>();
    Path shelf = root.resolve(PowerRun.DATA).resolve("damaged");
    if (Files.exists(shelf)) {
      try (Stream<Path> files = Files.list(shelf)) {
        for (Path file : (Iterable<Path>) files::iterator) {
          digests.add(KEPT + AccountModel.digest(Files.readAllBytes(file)));
        }
      }
    }
    return digests.stream().distinct().sorted().toList();
  }

  /** Messages by mailbox; under which UID each comes back does not matter. */
  private static List<String> letters(List<String> lines) {
    return lines.stream()
        .filter(line -> line.startsWith("letter "))
        .map(line -> line.replaceFirst("^(letter \\S+ \\S+) \\d+ ", "$1 "))
        .collect(Collectors.toList());
  }
}
