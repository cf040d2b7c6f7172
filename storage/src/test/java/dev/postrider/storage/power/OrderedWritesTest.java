package dev.postrider.storage.power;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** In what order H2's writes reach the disk. */
class OrderedWritesTest {

  private static final int BLOCK_OCTETS = 4096;
  private static final int FOOTER_OCTETS = 128;

  @TempDir Path temporary;

  /** What happened to H2's file. */
  private final List<Step> steps = new ArrayList<>();

  @BeforeEach
  void run() throws Exception {
    Path root = Files.createDirectories(temporary.resolve("data"));
    PowerRun run =
        PowerRun.record(
            root,
            "one",
            1,
            60,
            PowerRun.Before.nothing(),
            PowerRun.Beside.NOTHING,
            PowerRun.Faults.NONE);
    int file = 0;
    for (Step step : run.trace()) {
      if (step instanceof Step.Link link && link.name().endsWith(".mv.db")) {
        file = link.inode();
      }
      int h2 = file;
      if ((step instanceof Step.Write write && write.file() == h2)
          || (step instanceof Step.Force force && force.file() == h2)) {
        steps.add(step);
      }
    }
    assertThat(steps).hasSizeGreaterThan(10);
  }

  @Test
  void chunkIsOnTheDiskBeforeItsFooterIsWritten() {
    int footers = 0;
    for (int i = 1; i < steps.size(); i++) {
      if (steps.get(i) instanceof Step.Write write
          && write.position() >= 2 * BLOCK_OCTETS
          && (write.position() + write.bytes().length) % BLOCK_OCTETS == 0) {
        assertThat(write.bytes()).hasSize(FOOTER_OCTETS);
        assertThat(steps.get(i - 1)).isInstanceOf(Step.Force.class);
        footers++;
      }
    }
    assertThat(footers).isPositive();
  }

  @Test
  void oneBlockOfTheStoreHeaderIsOnTheDiskBeforeTheOtherIsWritten() {
    long unforced = -1;
    int written = 0;
    for (Step step : steps) {
      if (step instanceof Step.Force) {
        unforced = -1;
      } else if (step instanceof Step.Write write && write.position() < 2 * BLOCK_OCTETS) {
        assertThat(write.bytes()).hasSize(BLOCK_OCTETS);
        assertThat(unforced).isIn(-1L, write.position());
        unforced = write.position();
        written++;
      }
    }
    assertThat(written).isGreaterThanOrEqualTo(2);
  }
}
