package dev.postrider.storage.power;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What is on the disk when the power is cut at one step of a trace.
 *
 * <p>What was forced is there. Of what was only written, some is: which, {@code seed} decides; see
 * {@link Mercy}. A write is in pieces of a sector, which are on the disk wholly or not at all, in
 * any order. The same holds for the names that were given, changed and removed, while their
 * directory was not forced; and what is in a directory that is not there is not there either.
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
  private final Map<Integer, Directory> directories = new TreeMap<>(Map.of(0, new Directory()));

  /** Names that are on the disk for sure, and steps that perhaps are not. */
  private static final class Directory {
    private final SortedMap<String, Entry> forced = new TreeMap<>();
    private final List<Step> unforced = new ArrayList<>();
  }

  private record Entry(int inode, boolean isDirectory) {}

  /** Steps that are not on the disk for sure, of one file. */
  private static final class Inode {
    private byte[] forced = new byte[0];
    private final List<Numbered> unforced = new ArrayList<>();
  }

  private record Numbered(int number, Step step) {}

  private PowerCut() {}

  /** Files by name, after the first {@code at} steps; the name of a directory ends in a slash. */
  static SortedMap<String, byte[]> image(List<Step> trace, int at, Mercy mercy, long seed) {
    PowerCut disk = new PowerCut();
    for (int i = 0; i < at; i++) {
      disk.take(i, trace.get(i));
    }
    return disk.image(mercy, new Random(seed));
  }

  private void take(int number, Step step) {
    switch (step) {
      case Step.Link link -> {
        if (link.isDirectory()) {
          directories.put(link.inode(), new Directory());
        } else {
          inodes.put(link.inode(), new Inode());
        }
        directory(link.directory()).unforced.add(step);
      }
      case Step.Unlink unlink -> directory(unlink.directory()).unforced.add(step);
      case Step.Rename rename -> directory(rename.directory()).unforced.add(step);
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
      case Step.ForceDirectory force -> {
        Directory directory = directory(force.directory());
        directory.unforced.forEach(change -> change(directory.forced, change));
        directory.unforced.clear();
      }
      case Step.Begin _, Step.Acknowledged _, Step.Backup _ -> {}
    }
  }

  private Inode inode(int file) {
    return Objects.requireNonNull(inodes.get(file), "no such file");
  }

  private Directory directory(int inode) {
    return Objects.requireNonNull(directories.get(inode), "no such directory");
  }

  private static void change(SortedMap<String, Entry> names, Step change) {
    switch (change) {
      case Step.Link link -> names.put(link.name(), new Entry(link.inode(), link.isDirectory()));
      case Step.Unlink unlink -> names.remove(unlink.name());
      case Step.Rename rename -> {
        Entry entry = names.remove(rename.from());
        if (entry != null) {
          names.put(rename.to(), entry);
        }
      }
      default -> throw new IllegalStateException(change.toString());
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
    int torn = pending.isEmpty() ? 0 : pending.get(random.nextInt(pending.size()));
    SortedMap<String, byte[]> image = new TreeMap<>();
    put(0, "", image, mercy, torn, random);
    return image;
  }

  private void put(
      int inode,
      String path,
      SortedMap<String, byte[]> image,
      Mercy mercy,
      int torn,
      Random random) {
    Directory directory = directory(inode);
    SortedMap<String, Entry> names = new TreeMap<>(directory.forced);
    for (Step change : directory.unforced) {
      if (mercy == Mercy.ALL || (mercy != Mercy.NONE && random.nextBoolean())) {
        change(names, change);
      }
    }
    names.forEach(
        (name, entry) -> {
          if (entry.isDirectory()) {
            image.put(path + name + "/", new byte[0]);
            put(entry.inode(), path + name + "/", image, mercy, torn, random);
          } else {
            image.put(path + name, content(inode(entry.inode()), mercy, torn, random));
          }
        });
  }

  private static byte[] content(Inode inode, Mercy mercy, int torn, Random random) {
    Content content = new Content(inode.forced);
    for (Numbered unforced : inode.unforced) {
      double kept = kept(mercy, Integer.compare(unforced.number(), torn));
      pieces(unforced.step()).stream()
          .filter(piece -> random.nextDouble() < kept)
          .forEach(content::apply);
    }
    return content.octets();
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
