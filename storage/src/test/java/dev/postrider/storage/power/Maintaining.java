package dev.postrider.storage.power;

import dev.postrider.storage.LocalStore;
import dev.postrider.storage.Progress;
import dev.postrider.storage.StoreException;
import dev.postrider.storage.audit.Finding;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/**
 * Backs up, collects and verifies; snapshots are written by the first two, and by the store on its
 * own.
 */
final class Maintaining implements PowerRun.Beside {

  @Override
  public void work(LocalStore store, Path backup, Consumer<Step> notes) throws StoreException {
    notes.accept(new Step.Backup(false));
    var _ = store.maintenance().backup(backup, Progress.NONE);
    notes.accept(new Step.Backup(true));
    var _ = store.maintenance().collect(Progress.NONE);
    List<Finding> findings = store.maintenance().verify(Progress.NONE);
    if (!findings.isEmpty()) {
      throw new IllegalStateException("beside the work: " + findings);
    }
  }
}
