package dev.postrider.storage.power;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postrider.testkit.files.FileTree;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everything acknowledged survives a power cut. {@code postrider.power.snapshots} says how often it
 * is cut, {@code postrider.power.seed} where; threads of a run race, so what was found bad is kept,
 * and {@code postrider.power.kept} looks at it again.
 */
class PowerCutTest {

  private static final Logger log = LoggerFactory.getLogger(PowerCutTest.class);

  private static final int SNAPSHOTS = Integer.getInteger("postrider.power.snapshots", 36);
  private static final int MAINTAINED_SNAPSHOTS =
      Integer.getInteger("postrider.power.maintained", 12);
  private static final long SEED = Long.getLong("postrider.power.seed", 20261123L);

  private static final Path KEEP = Path.of("target", "power-cuts").toAbsolutePath();
  private static final String KEPT = System.getProperty("postrider.power.kept", "");

  /** In one run; half of them in what is done after one of the other half. */
  private static final int SNAPSHOTS_PER_RUN = 36;

  private static final int DEEDS = 60;

  @TempDir Path temporary;

  @Test
  void everythingAcknowledgedIsThereAfterAPowerCut() throws Exception {
    if (!KEPT.isEmpty()) {
      assertThat(PowerCuts.lookAgain(Path.of(KEPT), temporary.resolve("again"))).isEmpty();
      return;
    }
    assertThat(cut(SNAPSHOTS, SEED, PowerRun.Beside.NOTHING)).isEmpty();
  }

  @Test
  void neitherStoreNorBackupIsLostWithMaintenanceBesideTheWork() throws Exception {
    assertThat(cut(MAINTAINED_SNAPSHOTS, SEED + 7, new Maintaining())).isEmpty();
  }

  private List<String> cut(int snapshots, long firstSeed, PowerRun.Beside beside) throws Exception {
    List<String> bad = new ArrayList<>();
    int done = 0;
    for (int run = 0; done < snapshots; run++) {
      int count = Math.min(SNAPSHOTS_PER_RUN, snapshots - done);
      long seed = firstSeed + 1000L * run;
      bad.addAll(cutAndGoOnAndCut(seed, count, run % 2 == 1, beside));
      done += count;
      log.info("power.cut snapshots={} bad={}", done, bad.size());
    }
    return bad;
  }

  /**
   * @param greedy whether H2 writes over space as soon as no state uses it, not a second later
   */
  private List<String> cutAndGoOnAndCut(
      long seed, int count, boolean greedy, PowerRun.Beside beside) throws Exception {
    Path root = Files.createDirectories(temporary.resolve("first"));
    PowerRun first =
        PowerRun.record(
            root, "one", seed, DEEDS, PowerRun.Before.nothing(), beside, PowerRun.Faults.NONE);
    PowerCuts cuts = new PowerCuts(first, seed, temporary.resolve("cut"), KEEP);
    List<String> bad = new ArrayList<>(cuts.complaints(count / 2, PowerCuts.Harm.NONE));

    Path next = temporary.resolve("second");
    PowerRun.restore(cuts.next().image(first), next);
    Path copy = temporary.resolve("copy");
    FileTree.copy(next, copy);
    PowerRun.Before before =
        new PowerRun.Before(PowerRun.content(next), PowerRun.observe(copy.resolve(PowerRun.DATA)));
    if (greedy) {
      beGreedy(next.resolve(PowerRun.DATA));
      before = new PowerRun.Before(PowerRun.content(next), before.others());
    }
    PowerRun second =
        PowerRun.record(next, "two", seed + 500, DEEDS, before, beside, PowerRun.Faults.NONE);
    bad.addAll(
        new PowerCuts(second, seed + 500, temporary.resolve("cut"), KEEP)
            .complaints(count - count / 2, PowerCuts.Harm.NONE));
    for (Path directory : List.of(root, next, copy)) {
      FileTree.delete(directory);
    }
    return bad;
  }

  private static void beGreedy(Path directory) throws SQLException {
    if (Files.exists(directory.resolve("h2").resolve("projection.mv.db"))) {
      try (Connection connection = PowerRun.projection(directory);
          Statement statement = connection.createStatement()) {
        statement.execute("set retention_time 0");
      }
    }
  }
}
