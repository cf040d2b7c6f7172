package dev.postrider.server.transfer;

import dev.postrider.server.transfer.AccountMail.Entry;
import dev.postrider.server.transfer.AccountMail.Folder;
import dev.postrider.storage.StoreException;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A folder of a Maildir++ that is exported to.
 *
 * <p>The name of a file tells what it is: {@code 1700000000.V17U42.postrider,S=900,W=930:2,FS} is
 * UID 42 of the folder with UIDVALIDITY 17. So what is there is known from the names alone, and
 * nothing has to be remembered. A message is written to {@code tmp}, forced, dated and then renamed
 * into {@code cur}: what is in {@code cur} is whole. Files of other names are left alone.
 */
final class MaildirSink implements FolderSink {

  /** A file of ours: UIDVALIDITY, UID, octets, letters. */
  private static final Pattern OURS =
      Pattern.compile(
          "[0-9-]+\\.V([0-9]+)U([0-9]{1,10})\\.postrider,S=([0-9]{1,18}),W=[0-9]+:2,([A-Za-z]*)");

  private final Path directory;
  private final Folder folder;
  private final Keywords keywords;

  private final ExportedFiles present = new ExportedFiles();

  private final List<Waiting> waiting = new ArrayList<>();
  private String keywordsOnDisk;

  /** A message that is in {@code tmp}. */
  private record Waiting(Path file, FileChannel channel, Entry entry) {}

  MaildirSink(Path root, Folder folder) throws IOException {
    this.folder = folder;
    boolean inbox = folder.name().equals("INBOX");
    directory = inbox ? root : root.resolve(directoryName(folder.name()));
    for (String sub : List.of(MaildirFolder.TMP, MaildirFolder.NEW, MaildirFolder.CUR)) {
      Disk.directories(directory.resolve(sub));
    }
    if (!inbox && !Files.exists(directory.resolve("maildirfolder"))) {
      Disk.write(directory.resolve("maildirfolder"), "");
    }
    keywords = Keywords.read(directory);
    keywordsOnDisk = keywords.text();
    findPresent(MaildirFolder.CUR);
    removeLeftOver();
  }

  private static String directoryName(String folder) {
    StringBuilder name = new StringBuilder();
    for (String level : folder.split("/")) {
      name.append('.').append(FolderNames.maildirLevel(level));
    }
    return name.toString();
  }

  private void findPresent(String sub) throws IOException {
    String validity = Long.toString(folder.uidValidity());
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory.resolve(sub))) {
      for (Path file : files) {
        String name = String.valueOf(file.getFileName());
        Matcher ours = OURS.matcher(name);
        if (ours.matches() && ours.group(1).equals(validity)) {
          long uid = Long.parseLong(ours.group(2));
          present.add(uid, Long.parseLong(ours.group(3)), ours.group(4));
        }
      }
    }
    present.sort();
  }

  /** What a run that was killed left in {@code tmp}. */
  private void removeLeftOver() throws IOException {
    String ours = ".V" + folder.uidValidity() + "U";
    try (DirectoryStream<Path> files =
        Files.newDirectoryStream(directory.resolve(MaildirFolder.TMP), "*.postrider")) {
      for (Path file : files) {
        if (String.valueOf(file.getFileName()).contains(ours)) {
          Files.delete(file);
        }
      }
    }
  }

  @Override
  public boolean has(Entry entry) throws IOException {
    int index = present.find(entry.uid().value());
    if (index < 0) {
      return false;
    }
    String before = present.letters(index);
    String now = keywords.letters(entry.flags());
    if (!before.equals(now)) {
      saveKeywords();
      rename(entry, present.octets(index), before, now);
    }
    return true;
  }

  private void rename(Entry entry, long octets, String before, String now) throws IOException {
    Path cur = directory.resolve(MaildirFolder.CUR);
    try {
      Files.move(
          cur.resolve(name(entry, octets, before)),
          cur.resolve(name(entry, octets, now)),
          StandardCopyOption.ATOMIC_MOVE);
    } catch (NoSuchFileException renamed) {
      // Somebody else works in this Maildir; it is there under another name.
    }
  }

  /** Octets of the file and of the message with CRLF, which saves Dovecot from reading it. */
  private String name(Entry entry, long octets, String letters) {
    return base(entry)
        + String.format(Locale.ROOT, ",S=%d,W=%d:2,%s", octets, entry.octets(), letters);
  }

  private String base(Entry entry) {
    return String.format(
        Locale.ROOT,
        "%d.V%dU%d.postrider",
        entry.internalDate().getEpochSecond(),
        folder.uidValidity(),
        entry.uid().value());
  }

  @Override
  public void write(Entry entry, Text text)
      throws IOException, StoreException, UnreadableException {
    Path file = directory.resolve(MaildirFolder.TMP).resolve(base(entry));
    FileChannel channel =
        FileChannel.open(
            file,
            EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            Disk.PRIVATE_FILE);
    boolean written = false;
    try {
      writeText(channel, text);
      written = true;
    } finally {
      if (!written) {
        channel.close();
        Files.delete(file);
      }
    }
    waiting.add(new Waiting(file, channel, entry));
  }

  private static void writeText(FileChannel channel, Text text)
      throws IOException, StoreException, UnreadableException {
    LfOutput lines = new LfOutput(Channels.newOutputStream(channel));
    FolderSink.copy(text, lines);
    lines.end();
    if (!lines.isReversible()) {
      channel.truncate(0);
      FolderSink.copy(text, Channels.newOutputStream(channel));
    }
  }

  @Override
  public void flush() throws IOException {
    List<Waiting> batch = List.copyOf(waiting);
    waiting.clear();
    try {
      List<String> names = new ArrayList<>();
      for (Waiting each : batch) {
        names.add(name(each.entry, each.channel.size(), keywords.letters(each.entry.flags())));
      }
      saveKeywords();
      Forcing.all(batch.stream().map(Waiting::channel).toList());
      for (int i = 0; i < batch.size(); i++) {
        Waiting each = batch.get(i);
        Files.setLastModifiedTime(each.file, FileTime.from(each.entry.internalDate()));
        Files.move(
            each.file,
            directory.resolve(MaildirFolder.CUR).resolve(names.get(i)),
            StandardCopyOption.ATOMIC_MOVE);
      }
    } finally {
      for (Waiting each : batch) {
        each.channel.close();
      }
    }
  }

  /** Before any name uses a new letter. */
  private void saveKeywords() throws IOException {
    String now = keywords.text();
    if (!now.equals(keywordsOnDisk)) {
      Disk.replace(directory.resolve(Keywords.FILE_NAME), now);
      keywordsOnDisk = now;
    }
  }

  @Override
  public Optional<String> note() {
    return keywords.overflowed()
        ? Optional.of(
            folder.name()
                + ": has more than "
                + Keywords.MAX
                + " keywords, for which a Maildir has no letters; export mbox to keep them all")
        : Optional.empty();
  }

  @Override
  public void close() throws IOException {
    for (Waiting each : waiting) {
      each.channel.close();
    }
    Disk.forceDirectory(directory.resolve(MaildirFolder.CUR));
    Disk.forceDirectory(directory);
  }
}
