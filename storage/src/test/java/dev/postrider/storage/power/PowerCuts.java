package dev.postrider.storage.power;

import dev.postrider.storage.power.PowerCut.Mercy;
import dev.postrider.testkit.files.FileTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;

/** Cuts the power in a run, again and again, and looks at what is left. */
final class PowerCuts {

  private static final List<Mercy> MERCIES = List.of(Mercy.values());
  private static final String EXPECTATION = "expectation.txt";
  private static final String SHARED = "shared.txt";

  private final PowerRun run;
  private final long seed;
  private final Random random;
  private final Path directory;
  private final Path keep;

  /**
   * The cuts that {@code seed} decides.
   *
   * @param directory where each is looked at
   * @param keep where those that are bad are kept
   */
  PowerCuts(PowerRun run, long seed, Path directory, Path keep) {
    this.run = run;
    this.seed = seed;
    this.random = new Random(seed);
    this.directory = directory;
    this.keep = keep;
  }

  /**
   * The power was cut after the first {@code at} steps of the run, and this is on the disk.
   *
   * @param coin decides which sectors are
   */
  record Cut(int at, Mercy mercy, long coin) {
    SortedMap<String, byte[]> image(PowerRun run) {
      return PowerCut.image(run.trace(), at, mercy, coin);
    }
  }

  /**
   * At any step of the run; every other time right after something was acknowledged, or as soon as
   * something is after that.
   */
  Cut next() {
    int at = run.start() + 1 + random.nextInt(run.trace().size() - run.start());
    if (random.nextBoolean()) {
      while (at < run.trace().size() && !(run.trace().get(at - 1) instanceof Step.Acknowledged)) {
        at++;
      }
    }
    return new Cut(at, MERCIES.get(random.nextInt(MERCIES.size())), random.nextLong());
  }

  /** Something is done to a data directory before it is opened. */
  interface Harm {
    /** Then tables that have to be made again are a complaint too. */
    Harm NONE = data -> {};

    void to(Path directory) throws Exception;
  }

  /** What is wrong after the next {@code count} cuts, and how to look at it again. */
  List<String> complaints(int count, Harm harm) throws Exception {
    List<String> complaints = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      complaints.addAll(complaints(next(), harm));
    }
    return complaints;
  }

  /** The first of {@code count} cuts after which something is wrong, and what. */
  Optional<String> firstComplaint(int count, Harm harm) throws Exception {
    for (int i = 0; i < count; i++) {
      List<String> complaints = complaints(next(), harm);
      if (!complaints.isEmpty()) {
        return Optional.of(complaints.getFirst());
      }
    }
    return Optional.empty();
  }

  private List<String> complaints(Cut cut, Harm harm) throws Exception {
    Expectation expectation = run.expectation(cut.at());
    PowerRun.restore(cut.image(run), directory);
    Path data = directory.resolve(PowerRun.DATA);
    harm.to(data);
    List<String> found = new ArrayList<>();
    if (run.maintained()) {
      found.addAll(CutBackup.complaints(run, cut.at(), directory));
    }
    found.addAll(PowerRun.check(data, run.shared(), expectation));
    if (harm.equals(Harm.NONE) && Files.exists(data.resolve("h2.bad-1"))) {
      found.add("the tables were made again");
    }
    if (run.maintained() && found.isEmpty()) {
      found.addAll(CutBackup.goOn(directory));
    }
    FileTree.delete(directory);
    if (found.isEmpty()) {
      return List.of();
    }
    Path kept = keep(cut, expectation);
    return List.of(
        String.format(
            Locale.ROOT,
            "seed %d, %s: %s%n  look at it again: mvn -pl protocol,storage -am test"
                + " -Dsurefire.failIfNoSpecifiedTests=false -Dtest=PowerCutTest"
                + " -Dpostrider.power.kept=%s",
            seed,
            cut,
            found,
            kept));
  }

  private Path keep(Cut cut, Expectation expectation) throws IOException {
    Path kept = keep.resolve(String.format(Locale.ROOT, "%d-%d-%s", seed, cut.at(), cut.mercy()));
    if (Files.exists(kept)) {
      FileTree.delete(kept);
    }
    PowerRun.restore(cut.image(run), kept);
    expectation.write(kept.resolve(EXPECTATION));
    Files.writeString(kept.resolve(SHARED), run.shared());
    return kept;
  }

  /** What is wrong with a data directory that was kept; it is copied first. */
  static List<String> lookAgain(Path kept, Path directory) throws IOException {
    FileTree.copy(kept, directory);
    return PowerRun.check(
        directory.resolve(PowerRun.DATA),
        Files.readString(kept.resolve(SHARED)),
        Expectation.read(kept.resolve(EXPECTATION)));
  }
}
