package dev.postrider.storage.power;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postrider.storage.LocalStore;
import dev.postrider.storage.StoreSettings;
import dev.postrider.storage.log.LogFile;
import dev.postrider.storage.log.LogFiles;
import dev.postrider.testkit.files.FileTree;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.InstantSource;
import java.util.Optional;
import java.util.SortedSet;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The power cuts find what they are there to find. */
class PlantedFaultTest {

  private static final long SEED = 7;
  private static final int CUTS = 24;

  /** Most of them come before the fault can do harm. */
  private static final int MAINTAINED_CUTS = 200;

  private static final int DEEDS = 25;

  @TempDir Path temporary;

  private static final PowerCuts.Harm NONE = directory -> {};

  /** What is found when {@code disk} is between the log and the disk. */
  private Optional<String> found(UnaryOperator<LogFiles> disk, PowerCuts.Harm harm)
      throws Exception {
    Path root = Files.createDirectories(temporary.resolve("data"));
    PowerRun run =
        PowerRun.record(
            root,
            "one",
            SEED,
            DEEDS,
            PowerRun.Before.nothing(),
            PowerRun.Beside.NOTHING,
            new PowerRun.Faults(disk, name -> false));
    return new PowerCuts(run, SEED, temporary.resolve("cut"), temporary.resolve("kept"))
        .firstComplaint(CUTS, harm);
  }

  @Test
  void omittedFdatasyncIsFoundAndKeptToBeLookedAtAgain() throws Exception {
    assertThat(found(disk -> new Careless(disk, Fault.NO_FORCE), NONE)).isPresent();
    try (Stream<Path> kept = Files.list(temporary.resolve("kept"))) {
      Path bad = kept.findFirst().orElseThrow();
      assertThat(PowerCuts.lookAgain(bad, temporary.resolve("again"))).isNotEmpty();
    }
  }

  @Test
  void acknowledgementBeforeFdatasyncIsFound() throws Exception {
    assertThat(found(disk -> new Careless(disk, Fault.LATE_FORCE), NONE)).isPresent();
  }

  @Test
  void directoryThatIsNotForcedIsFound() throws Exception {
    assertThat(found(disk -> new Careless(disk, Fault.NO_DIRECTORY_FORCE), NONE)).isPresent();
  }

  @Test
  void snapshotThatIsNotForcedBeforeItsLogIsDroppedIsFound() throws Exception {
    assertThat(foundBesideMaintenance(name -> name.startsWith("data/snapshot/unfinished")))
        .isPresent();
  }

  @Test
  void directoryOfSnapshotsThatIsNotForcedIsFound() throws Exception {
    assertThat(foundBesideMaintenance(name -> name.equals("data/snapshot/"))).isPresent();
  }

  @Test
  void manifestOfABackupThatIsNotForcedIsFound() throws Exception {
    assertThat(foundBesideMaintenance(name -> name.startsWith("backup/postrider-backup")))
        .isPresent();
  }

  /** What is found when a force of what has such a name does nothing. */
  private Optional<String> foundBesideMaintenance(Predicate<String> unforced) throws Exception {
    Path root = Files.createDirectories(temporary.resolve("data"));
    PowerRun run =
        PowerRun.record(
            root,
            "one",
            SEED,
            DEEDS,
            PowerRun.Before.nothing(),
            new Maintaining(),
            new PowerRun.Faults(UnaryOperator.identity(), unforced));
    return new PowerCuts(run, SEED, temporary.resolve("cut"), temporary.resolve("kept"))
        .firstComplaint(MAINTAINED_CUTS, NONE);
  }

  @Test
  void checkpointThatSaysMoreThanWasForcedIsFound() throws Exception {
    assertThat(found(UnaryOperator.identity(), this::claimTheWholeLog)).isPresent();
  }

  /** The tables are as they are, but say that they have everything that is in the log. */
  private void claimTheWholeLog(Path directory) throws Exception {
    if (!Files.exists(directory.resolve("h2").resolve("projection.mv.db"))) {
      return;
    }
    Path copy = temporary.resolve("whole");
    if (Files.exists(copy)) {
      FileTree.delete(copy);
    }
    FileTree.copy(directory, copy);
    LocalStore.open(
            copy,
            InstantSource.fixed(PowerWorker.NOW),
            StoreSettings.defaults().withReserveOctets(0))
        .close();
    String end;
    try (Connection connection = PowerRun.projection(copy);
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("select * from checkpoint")) {
      assertThat(row.next()).isTrue();
      end = row.getInt("segment") + "," + row.getLong("position") + "," + row.getLong("sequence");
    }
    try (Connection connection = PowerRun.projection(directory);
        Statement statement = connection.createStatement()) {
      if (!connection.getMetaData().getTables(null, "public", "checkpoint", null).next()) {
        return;
      }
      for (int slot = 0; slot < 2; slot++) {
        statement.executeUpdate(
            "merge into checkpoint (slot, segment, position, sequence) key (slot) values ("
                + slot
                + ","
                + end
                + ")");
      }
    }
  }

  private enum Fault {
    NO_FORCE,
    /** It is carried out, but only when the next write comes. */
    LATE_FORCE,
    NO_DIRECTORY_FORCE
  }

  /** A log that does not wait for the disk as it should. */
  private record Careless(LogFiles disk, Fault fault) implements LogFiles {

    @Override
    public SortedSet<Integer> list() throws IOException {
      return disk.list();
    }

    @Override
    public LogFile create(int segment) throws IOException {
      return new CarelessFile(disk.create(segment), fault);
    }

    @Override
    public LogFile openForReading(int segment) throws IOException {
      return disk.openForReading(segment);
    }

    @Override
    public LogFile openForRepair(int segment) throws IOException {
      return new CarelessFile(disk.openForRepair(segment), fault);
    }

    @Override
    public void delete(int segment) throws IOException {
      disk.delete(segment);
    }

    @Override
    public void forceDirectory() throws IOException {
      if (fault != Fault.NO_DIRECTORY_FORCE) {
        disk.forceDirectory();
      }
    }

    @Override
    public long usableOctets() throws IOException {
      return disk.usableOctets();
    }
  }

  private static final class CarelessFile implements LogFile {
    private final LogFile file;
    private final Fault fault;
    private boolean due;

    CarelessFile(LogFile file, Fault fault) {
      this.file = file;
      this.fault = fault;
    }

    @Override
    public void write(ByteBuffer bytes, long position) throws IOException {
      if (due) {
        file.force();
        due = false;
      }
      file.write(bytes, position);
    }

    @Override
    public void force() throws IOException {
      switch (fault) {
        case NO_FORCE -> {}
        case LATE_FORCE -> due = true;
        case NO_DIRECTORY_FORCE -> file.force();
      }
    }

    @Override
    public int read(ByteBuffer bytes, long position) throws IOException {
      return file.read(bytes, position);
    }

    @Override
    public void truncate(long size) throws IOException {
      file.truncate(size);
    }

    @Override
    public long size() throws IOException {
      return file.size();
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
