package dev.postrider.server.transfer;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.postrider.server.transfer.AccountMail.Entry;
import dev.postrider.server.transfer.AccountMail.Folder;
import dev.postrider.server.transfer.TransferException.Kind;
import dev.postrider.storage.StoreException;
import dev.postrider.storage.messages.Flags;
import dev.postrider.storage.messages.SystemFlag;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An mbox that is exported to, of the variant mboxrd, with flags in Status, X-Status and
 * X-Keywords.
 *
 * <p>Messages are appended by UID, so one number tells which are there. It stands in a small file
 * beside the mbox, with the octets that the mbox had then, and is written after the mbox was
 * forced. While a run appends, the file says so: what is behind those octets after a kill is half a
 * batch of ours and is cut off. When nobody was appending and the mbox has another size, somebody
 * else changed it, and it is left alone.
 */
final class MboxSink implements FolderSink {

  private static final Pattern STATE =
      Pattern.compile("uidvalidity ([0-9]+)\nuid ([0-9]+)\noctets ([0-9]+)\n(appending|whole)\n");

  private static final Pattern RETURN_PATH =
      Pattern.compile("(?i)Return-Path: *<([^ <>\\p{Cntrl}]+)>.*");

  /** Octets of a message in which its Return-Path is looked for; RFC 5321 has 256 for a path. */
  private static final int RETURN_PATH_OCTETS_MAX = 512;

  private static final String NO_SENDER = "MAILER-DAEMON";

  private final Path directory;
  private final Path file;
  private final Path stateFile;
  private final Folder folder;
  private final FileChannel channel;
  private State state;

  /**
   * @param uid the highest that is in the mbox
   * @param octets of the mbox then
   */
  private record State(long uidValidity, long uid, long octets, boolean appending) {
    String text() {
      return String.format(
          Locale.ROOT,
          "uidvalidity %d\nuid %d\noctets %d\n%s\n",
          uidValidity,
          uid,
          octets,
          appending ? "appending" : "whole");
    }
  }

  MboxSink(Path root, Folder folder) throws IOException, TransferException {
    this.folder = folder;
    Path parent = root;
    List<String> levels = List.of(folder.name().split("/"));
    for (String level : levels.subList(0, levels.size() - 1)) {
      parent = parent.resolve(FolderNames.fileLevel(level) + MailTree.BELOW);
    }
    directory = parent;
    Disk.directories(directory);
    String name = FolderNames.fileLevel(levels.getLast());
    file = directory.resolve(name);
    stateFile = directory.resolve(stateName(name));
    state = readState();
    boolean exists = Files.exists(file);
    long octets = exists ? Files.size(file) : 0;
    if (!exists) {
      save(new State(folder.uidValidity(), 0, 0, false));
    }
    requireOurs(octets);
    channel =
        FileChannel.open(
            file,
            EnumSet.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
            Disk.PRIVATE_FILE);
    channel.truncate(state.octets);
    channel.position(state.octets);
    if (state.uidValidity != folder.uidValidity()) {
      state = new State(folder.uidValidity(), 0, state.octets, state.appending);
    }
  }

  /** The file that tells what is in the mbox {@code name}. */
  static String stateName(String name) {
    return "." + name + ".postrider";
  }

  private State readState() throws IOException {
    if (Files.exists(stateFile)) {
      Matcher lines = STATE.matcher(Files.readString(stateFile, US_ASCII));
      if (lines.matches()) {
        return new State(
            Long.parseLong(lines.group(1)),
            Long.parseLong(lines.group(2)),
            Long.parseLong(lines.group(3)),
            lines.group(4).equals("appending"));
      }
    }
    return new State(folder.uidValidity(), 0, 0, false);
  }

  private void requireOurs(long octets) throws TransferException {
    boolean torn = state.appending && octets >= state.octets;
    if (octets != state.octets && !torn) {
      throw new TransferException(
          Kind.CANNOT_CREATE,
          file
              + " was changed by another program since the last export; move it away, or name"
              + " another directory");
    }
  }

  @Override
  public boolean has(Entry entry) {
    return entry.uid().value() <= state.uid;
  }

  @Override
  public void write(Entry entry, Text text)
      throws IOException, StoreException, UnreadableException {
    if (!state.appending) {
      save(new State(state.uidValidity, state.uid, state.octets, true));
    }
    long start = channel.position();
    boolean written = false;
    try {
      writeMessage(entry, text, start);
      written = true;
    } finally {
      if (!written) {
        channel.truncate(start);
      }
    }
    state = new State(state.uidValidity, entry.uid().value(), state.octets, true);
  }

  private void writeMessage(Entry entry, Text text, long start)
      throws IOException, StoreException, UnreadableException {
    OutputStream out = Channels.newOutputStream(channel);
    byte[] head;
    boolean reversible;
    try (BufferedInputStream in = new BufferedInputStream(text.open())) {
      head = head(entry, sender(in));
      out.write(head);
      FromQuoting quoting = new FromQuoting(out);
      LfOutput lines = new LfOutput(quoting);
      FolderSink.copy(in, lines);
      lines.end();
      quoting.end();
      reversible = lines.isReversible();
    }
    if (!reversible) {
      channel.truncate(start);
      out.write(head);
      FromQuoting quoting = new FromQuoting(out);
      FolderSink.copy(text, quoting);
      quoting.end();
    }
  }

  /** From line, and the notes; there is always one, so that the header begins with a field. */
  private static byte[] head(Entry entry, String sender) {
    Flags flags = entry.flags();
    StringBuilder head = new StringBuilder(FromLine.format(sender, entry.internalDate()));
    head.append("\nStatus: ").append(flags.has(SystemFlag.SEEN) ? "RO" : "O").append('\n');
    StringBuilder letters = new StringBuilder();
    letters.append(flags.has(SystemFlag.ANSWERED) ? "A" : "");
    letters.append(flags.has(SystemFlag.FLAGGED) ? "F" : "");
    letters.append(flags.has(SystemFlag.DELETED) ? "D" : "");
    letters.append(flags.has(SystemFlag.DRAFT) ? "T" : "");
    if (!letters.isEmpty()) {
      head.append("X-Status: ").append(letters).append('\n');
    }
    if (!flags.keywords().isEmpty()) {
      head.append("X-Keywords: ").append(String.join(" ", flags.keywords())).append('\n');
    }
    return head.toString().getBytes(US_ASCII);
  }

  /** What a delivery wrote on top, for those who sort by it. */
  private static String sender(BufferedInputStream text) throws UnreadableException {
    try {
      text.mark(RETURN_PATH_OCTETS_MAX);
      String begin = new String(text.readNBytes(RETURN_PATH_OCTETS_MAX), ISO_8859_1);
      text.reset();
      Matcher path = RETURN_PATH.matcher(begin.lines().findFirst().orElse(""));
      return path.matches() && path.group(1).chars().allMatch(c -> c < 0x7F)
          ? path.group(1)
          : NO_SENDER;
    } catch (IOException e) {
      throw new UnreadableException(e);
    }
  }

  @Override
  public void flush() throws IOException {
    if (state.appending) {
      channel.force(true);
      save(new State(state.uidValidity, state.uid, channel.position(), true));
    }
  }

  private void save(State now) throws IOException {
    Disk.replace(stateFile, now.text());
    state = now;
  }

  @Override
  public void close() throws IOException {
    try (channel) {
      if (state.appending && channel.position() == state.octets) {
        save(new State(state.uidValidity, state.uid, state.octets, false));
      }
      Disk.forceDirectory(directory);
    }
  }
}
