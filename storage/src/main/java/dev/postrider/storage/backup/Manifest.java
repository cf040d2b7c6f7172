package dev.postrider.storage.backup;

import dev.postrider.storage.log.LogPosition;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * What is whole in a backup. It is replaced in one step, after everything it names is on the disk;
 * so a backup that was broken off is still what it was before. A line for each file:
 *
 * <pre>
 * postrider-backup 1
 * store 0b1c…
 * segment 1 134217800 4711                   number, octets, CRC-32C of them
 * snapshot 81234 4712 7 64 3000 1790000000000
 *                                            octets, CRC-32C, position, milliseconds
 * end 7 8000 3010
 * crc 4713                                   CRC-32C of all lines before
 * </pre>
 *
 * <p>A file may be longer than it says, when a later backup was broken off.
 *
 * @param end of the log in it
 */
record Manifest(
    UUID store, NavigableMap<Integer, Part> segments, List<Standing> snapshots, LogPosition end) {

  static final String FILE_NAME = "postrider-backup";

  private static final String HEAD = "postrider-backup 1";

  /** The first octets of a file. */
  record Part(long octets, int crc) {}

  /** A snapshot, and where and when it stands. */
  record Standing(Part part, LogPosition position, Instant at) {
    String fileName() {
      return position.sequence() + ".snap";
    }
  }

  Manifest {
    segments = new TreeMap<>(segments);
    snapshots = List.copyOf(snapshots);
  }

  /** Empty when there is none. Throws an IOException with the reason when it is damaged. */
  static Optional<Manifest> read(Path directory) throws IOException {
    Path file = directory.resolve(FILE_NAME);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    String text = Files.readString(file, StandardCharsets.US_ASCII);
    int last = text.lastIndexOf("crc ");
    if (last < 0 || !text.substring(last).strip().equals("crc " + crc(text.substring(0, last)))) {
      throw new IOException(file + " is damaged");
    }
    if (!text.startsWith(HEAD + "\n")) {
      throw new IOException(file + " was written by a newer version");
    }
    try {
      return Optional.of(parse(text.substring(0, last).lines().skip(1).toList()));
    } catch (RuntimeException e) {
      throw new IOException(file + " is no manifest", e);
    }
  }

  private static Manifest parse(List<String> lines) {
    UUID store = new UUID(0, 0);
    NavigableMap<Integer, Part> segments = new TreeMap<>();
    List<Standing> snapshots = new ArrayList<>();
    LogPosition end = LogPosition.START;
    for (String line : lines) {
      String[] word = line.split(" ", -1);
      switch (word[0]) {
        case "store" -> store = UUID.fromString(word[1]);
        case "segment" -> segments.put(Integer.valueOf(word[1]), part(word[2], word[3]));
        case "snapshot" ->
            snapshots.add(
                new Standing(
                    part(word[1], word[2]),
                    position(word[3], word[4], word[5]),
                    Instant.ofEpochMilli(Long.parseLong(word[6]))));
        case "end" -> end = position(word[1], word[2], word[3]);
        default -> throw new IllegalArgumentException(line);
      }
    }
    return new Manifest(store, segments, snapshots, end);
  }

  String text() {
    StringBuilder text = new StringBuilder(HEAD).append("\nstore ").append(store).append('\n');
    segments.forEach(
        (number, part) ->
            text.append("segment ").append(number).append(' ').append(show(part)).append('\n'));
    for (Standing snapshot : snapshots) {
      text.append("snapshot ").append(show(snapshot.part())).append(' ');
      text.append(show(snapshot.position())).append(' ');
      text.append(snapshot.at().toEpochMilli()).append('\n');
    }
    text.append("end ").append(show(end)).append('\n');
    int crc = crc(text.toString());
    return text.append("crc ").append(crc).append('\n').toString();
  }

  private static Part part(String octets, String crc) {
    return new Part(Long.parseLong(octets), Integer.parseInt(crc));
  }

  private static LogPosition position(String segment, String offset, String sequence) {
    return new LogPosition(
        Integer.parseInt(segment), Long.parseLong(offset), Long.parseLong(sequence));
  }

  private static String show(Part part) {
    return part.octets() + " " + part.crc();
  }

  private static String show(LogPosition position) {
    return position.segment() + " " + position.offset() + " " + position.sequence();
  }

  private static int crc(String text) {
    CRC32C crc = new CRC32C();
    crc.update(text.getBytes(StandardCharsets.US_ASCII));
    return (int) crc.getValue();
  }
}
