package dev.postrider.storage.power;

import dev.postrider.storage.ClosedStore;
import dev.postrider.storage.LocalStore;
import dev.postrider.storage.Progress;
import dev.postrider.storage.StoreException;
import dev.postrider.storage.audit.Finding;
import dev.postrider.storage.backup.Backup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a power cut leaves of a backup: the last one that was done is whole, or one that was begun
 * after it.
 */
final class CutBackup {

  private CutBackup() {}

  /** What is wrong with the backup in {@code directory}, after the first {@code at} steps. */
  static List<String> complaints(PowerRun run, int at, Path directory) throws IOException {
    Path backup = directory.resolve(PowerRun.BACKUP);
    int begun = -1;
    int done = -1;
    for (int i = 0; i < at; i++) {
      if (run.trace().get(i) instanceof Step.Backup step) {
        done = step.done() ? begun : done;
        begun = step.done() ? begun : i;
      }
    }
    if (!Files.exists(backup.resolve("postrider-backup"))) {
      return done < 0 ? List.of() : List.of("the backup that was done is not there");
    }
    Path restored = directory.resolve("restored");
    List<Finding> findings = new ArrayList<>();
    try {
      findings.addAll(new Backup(backup).verify(Progress.NONE));
      findings.addAll(
          ClosedStore.restore(backup, restored, Optional.empty(), PowerRun.CLOCK, Progress.NONE)
              .findings());
      if (!findings.isEmpty()) {
        return List.of("the backup: " + findings);
      }
      if (done < 0 && !run.others().isEmpty()) {
        // It may be that of an earlier run, which is older than all that is expected of this one.
        return List.of();
      }
      try (LocalStore store = LocalStore.open(restored, PowerRun.CLOCK, PowerRun.settings(false))) {
        return Expectation.older(
            run.trace(),
            Math.max(done, run.start()),
            at,
            run.others(),
            Observation.of(store, run.shared()));
      }
    } catch (StoreException | RuntimeException e) {
      return List.of("the backup cannot be restored: " + e + findings);
    }
  }

  /** Whether store and backup are whole once both went on. */
  static List<String> goOn(Path directory) {
    Path backup = directory.resolve(PowerRun.BACKUP);
    try (LocalStore store =
        LocalStore.open(
            directory.resolve(PowerRun.DATA), PowerRun.CLOCK, PowerRun.settings(false))) {
      var _ = store.maintenance().backup(backup, Progress.NONE);
      List<Finding> findings = new ArrayList<>(store.maintenance().verify(Progress.NONE));
      findings.addAll(new Backup(backup).verify(Progress.NONE));
      return findings.stream().map(Finding::line).toList();
    } catch (StoreException | RuntimeException e) {
      return List.of("the store, or the backup, cannot go on: " + e);
    }
  }
}
