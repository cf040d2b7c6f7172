package dev.postrider.storage.power;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What is on the disk when the power is cut at one step of a trace.
 *
 * <p>What was forced is there. Of what was only written, some is: which, {@code seed} decides; see
 * {@link Mercy}. A write is in pieces of a sector, which are on the disk wholly or not at all, in
 * any order. The same holds for the files that were made and deleted, while their directory was not
 * forced.
 */
final class PowerCut {

  private static final int SECTOR_OCTETS = 512;

  /** What the disk makes of writes that were not forced. */
  enum Mercy {
    /** All of them are there, as when only the process dies. */
    ALL,
    /** None of them is. */
    NONE,
    /** They are there up to some moment, at which the last one was torn. */
    IN_ORDER,
    /** A few sectors are missing. */
    MOST,
    /** Every sector as a coin falls. */
    HALF,
    /** A few sectors are there. */
    FEW
  }

  private final Map<Integer, Inode> inodes = new TreeMap<>();
  private final SortedMap<String, Integer> names = new TreeMap<>();
  private final List<Step> unforcedNames = new ArrayList<>();

  /** Steps that are not on the disk for sure, of one file. */
  private static final class Inode {
    private byte[] forced = new byte[0];
    private final List<Numbered> unforced = new ArrayList<>();
  }

  private record Numbered(int number, Step step) {}

  private PowerCut() {}

  /** Files by name, after the first {@code at} steps. */
  static SortedMap<String, byte[]> image(List<Step> trace, int at, Mercy mercy, long seed) {
    PowerCut disk = new PowerCut();
    for (int i = 0; i < at; i++) {
      disk.take(i, trace.get(i));
    }
    return disk.image(mercy, new Random(seed));
  }

  private void take(int number, Step step) {
    switch (step) {
      case Step.Create create -> {
        inodes.put(create.file(), new Inode());
        unforcedNames.add(step);
      }
      case Step.Delete delete -> unforcedNames.add(step);
      case Step.Write write -> inode(write.file()).unforced.add(new Numbered(number, step));
      case Step.Truncate truncate ->
          inode(truncate.file()).unforced.add(new Numbered(number, step));
      case Step.Force force -> {
        Inode inode = inode(force.file());
        Content content = new Content(inode.forced);
        inode.unforced.forEach(unforced -> content.apply(unforced.step()));
        inode.forced = content.octets();
        inode.unforced.clear();
      }
      case Step.ForceDirectory directory -> {
        for (Step change : List.copyOf(unforcedNames)) {
          if (nameIn(change).startsWith(directory.directory() + "/")) {
            rename(change);
            unforcedNames.remove(change);
          }
        }
      }
      case Step.Begin begin -> {}
      case Step.Acknowledged acknowledged -> {}
    }
  }

  private Inode inode(int file) {
    Inode inode = inodes.get(file);
    if (inode == null) {
      throw new IllegalStateException("no file " + file);
    }
    return inode;
  }

  private static String nameIn(Step change) {
    return switch (change) {
      case Step.Create create -> create.name();
      case Step.Delete delete -> delete.name();
      default -> throw new IllegalStateException(change.toString());
    };
  }

  private void rename(Step change) {
    if (change instanceof Step.Create create) {
      names.put(create.name(), create.file());
    } else {
      names.remove(nameIn(change));
    }
  }

  private SortedMap<String, byte[]> image(Mercy mercy, Random random) {
    List<Integer> pending =
        inodes.values().stream()
            .flatMap(inode -> inode.unforced.stream())
            .map(Numbered::number)
            .sorted()
            .toList();
    // With IN_ORDER: the last step that reached the disk, and it only in part.
    Integer torn =
        pending.isEmpty() ? Integer.valueOf(0) : pending.get(random.nextInt(pending.size()));
    for (Step change : unforcedNames) {
      if (mercy == Mercy.ALL || (mercy != Mercy.NONE && random.nextBoolean())) {
        rename(change);
      }
    }
    SortedMap<String, byte[]> image = new TreeMap<>();
    names.forEach(
        (name, file) -> {
          Inode inode = inode(file);
          Content content = new Content(inode.forced);
          for (Numbered unforced : inode.unforced) {
            double kept = kept(mercy, Integer.compare(unforced.number(), torn));
            pieces(unforced.step()).stream()
                .filter(piece -> random.nextDouble() < kept)
                .forEach(content::apply);
          }
          image.put(name, content.octets());
        });
    return image;
  }

  /** How likely a piece of a write is kept that came before, at or after the torn one. */
  private static double kept(Mercy mercy, int order) {
    return switch (mercy) {
      case ALL -> 1;
      case NONE -> 0;
      case IN_ORDER -> order == 0 ? 0.5 : order < 0 ? 1 : 0;
      case MOST -> 0.95;
      case HALF -> 0.5;
      case FEW -> 0.05;
    };
  }

  /** The sectors of a write; anything else is one piece. */
  private static List<Step> pieces(Step step) {
    if (!(step instanceof Step.Write write)) {
      return List.of(step);
    }
    List<Step> pieces = new ArrayList<>();
    int from = 0;
    while (from < write.bytes().length) {
      int inSector = (int) ((write.position() + from) % SECTOR_OCTETS);
      int to = Math.min(write.bytes().length, from + SECTOR_OCTETS - inSector);
      pieces.add(
          new Step.Write(
              write.file(), write.position() + from, Arrays.copyOfRange(write.bytes(), from, to)));
      from = to;
    }
    return pieces;
  }

  private static final class Content {
    private byte[] bytes;
    private int size;

    Content(byte[] forced) {
      bytes = forced.clone();
      size = forced.length;
    }

    void apply(@Nullable Step step) {
      if (step instanceof Step.Write write) {
        int end = (int) write.position() + write.bytes().length;
        if (end > bytes.length) {
          bytes = Arrays.copyOf(bytes, Math.max(end, bytes.length * 2));
        }
        System.arraycopy(write.bytes(), 0, bytes, (int) write.position(), write.bytes().length);
        size = Math.max(size, end);
      } else if (step instanceof Step.Truncate truncate && truncate.size() < size) {
        Arrays.fill(bytes, (int) truncate.size(), size, (byte) 0);
        size = (int) truncate.size();
      }
    }

    byte[] octets() {
      return Arrays.copyOf(bytes, size);
    }
  }
}
