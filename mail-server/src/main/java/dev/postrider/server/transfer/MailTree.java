package dev.postrider.server.transfer;

import dev.postrider.server.transfer.TransferException.Kind;
import dev.postrider.storage.mailboxes.Mailboxes;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The folders below a path, however they are laid out:
 *
 * <ul>
 *   <li>a file is one mbox;
 *   <li>a directory with {@code cur} is a Maildir; in it {@code .A.B} is its folder A/B (Maildir++,
 *       Dovecot, Courier), {@code A/B} too (Dovecot's fs layout, mbsync);
 *   <li>any other directory is looked through for Maildirs or mboxes, with Thunderbird's {@code
 *       A.sbd} for what is below A.
 * </ul>
 *
 * <p>Links are followed, but never into a directory that one is in already.
 */
public final class MailTree {

  /** What Thunderbird calls the directory of the folders below a folder. */
  static final String BELOW = ".sbd";

  /** Thunderbird's index of a folder. */
  static final String INDEX = ".msf";

  /** What is looked for. */
  public enum Format {
    AUTO,
    MAILDIR,
    MBOX
  }

  private final Path root;
  private final Format format;
  private final MboxVariant variant;
  private final List<SourceFolder> maildirs = new ArrayList<>();
  private final List<SourceFolder> mboxes = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private final Set<Path> above = new HashSet<>();

  private MailTree(Path root, Format format, MboxVariant variant) {
    this.root = root;
    this.format = format;
    this.variant = variant;
  }

  /** Looks; {@link #folders} has at least one then. */
  static MailTree below(Path root, Format format, MboxVariant variant) throws TransferException {
    MailTree tree = new MailTree(root, format, variant);
    if (!Files.exists(root)) {
      throw new TransferException(Kind.NO_INPUT, "there is no " + root + "; name what is there");
    }
    if (!Files.isReadable(root)) {
      throw new TransferException(
          Kind.NO_INPUT, "no permission to read " + root + "; run this as its owner, or as root");
    }
    if (Files.isDirectory(root)) {
      tree.directory(root, List.of());
    } else {
      tree.file(root, List.of());
    }
    tree.requireOneKind();
    return tree;
  }

  private void requireOneKind() throws TransferException {
    if (!maildirs.isEmpty() && !mboxes.isEmpty()) {
      throw new TransferException(
          Kind.NOT_MAIL,
          root + " has Maildirs and mboxes; say with --format which of them are meant");
    }
    if (maildirs.isEmpty() && mboxes.isEmpty()) {
      String wanted =
          switch (format) {
            case AUTO ->
                "no Maildir (a directory with 'cur') and no mbox (a file that begins with"
                    + " 'From ')";
            case MAILDIR -> "no Maildir (a directory with 'cur')";
            case MBOX -> "no mbox (a file that begins with 'From ')";
          };
      throw new TransferException(Kind.NOT_MAIL, root + " is " + wanted + ", nor is one in it");
    }
  }

  /** Folders with mail, in the order of their names; the root is INBOX. */
  List<SourceFolder> folders() {
    return maildirs.isEmpty() ? mboxes : maildirs;
  }

  /** What was left out while looking, a line each. */
  List<String> notes() {
    return notes;
  }

  /** Names that are subscribed; empty when nobody noted that. */
  Optional<Subscriptions> subscriptions() {
    try {
      return Subscriptions.read(root);
    } catch (IOException e) {
      notes.add(root.resolve(Subscriptions.FILE_NAME) + ": " + SourceFolder.reason(e));
      return Optional.empty();
    }
  }

  private void directory(Path directory, List<String> levels) throws TransferException {
    Path real;
    try {
      real = directory.toRealPath();
    } catch (IOException e) {
      leaveOut(directory, SourceFolder.reason(e));
      return;
    }
    if (levels.size() > Mailboxes.LEVELS_MAX || !above.add(real)) {
      leaveOut(directory, "a link back to a directory above, or too many levels");
      return;
    }
    boolean maildir = MaildirFolder.isOne(directory);
    if (maildir && format != Format.MBOX) {
      add(maildirs, new MaildirFolder(name(levels), directory, hasIndex(directory)));
    }
    for (Path child : children(directory)) {
      child(child, levels, maildir);
    }
    above.remove(real);
  }

  private List<Path> children(Path directory) {
    List<Path> children = new ArrayList<>();
    try (DirectoryStream<Path> paths = Files.newDirectoryStream(directory)) {
      paths.forEach(children::add);
    } catch (IOException e) {
      leaveOut(directory, SourceFolder.reason(e));
    } catch (DirectoryIteratorException e) {
      leaveOut(directory, String.valueOf(e.getMessage()));
    }
    children.sort(null);
    return children;
  }

  private void child(Path child, List<String> levels, boolean inMaildir) throws TransferException {
    String name = String.valueOf(child.getFileName());
    if (Files.isDirectory(child)) {
      boolean messages =
          Set.of(MaildirFolder.CUR, MaildirFolder.NEW, MaildirFolder.TMP).contains(name);
      if (inMaildir && messages) {
        return;
      }
      if (!name.startsWith(".")) {
        directory(child, plus(levels, List.of(name)));
      } else if (MaildirFolder.isOne(child)) {
        directory(child, plus(levels, List.of(name.substring(1).split("\\."))));
      }
    } else if (!inMaildir && format != Format.MAILDIR && !name.startsWith(".")) {
      file(child, plus(levels, List.of(name)));
    }
  }

  private void file(Path file, List<String> levels) throws TransferException {
    if (format == Format.MAILDIR) {
      return;
    }
    try {
      boolean empty = Files.size(file) == 0 && isFolder(file);
      if (Files.isRegularFile(file) && (empty || MboxFolder.isOne(file))) {
        add(mboxes, new MboxFolder(name(levels), file, variant));
      }
    } catch (IOException e) {
      leaveOut(file, SourceFolder.reason(e));
    }
  }

  private static boolean hasIndex(Path folder) {
    return Files.exists(folder.resolveSibling(folder.getFileName() + INDEX));
  }

  /** A file without octets is a folder without messages only where somebody says so. */
  private static boolean isFolder(Path file) {
    String name = String.valueOf(file.getFileName());
    return hasIndex(file) || Files.exists(file.resolveSibling(MboxSink.stateName(name)));
  }

  private void add(List<SourceFolder> folders, SourceFolder folder) throws TransferException {
    if (folders.size() == Mailboxes.PER_ACCOUNT_MAX) {
      throw new TransferException(
          Kind.NOT_MAIL,
          root + " has more than " + Mailboxes.PER_ACCOUNT_MAX + " folders; name one of them");
    }
    folders.add(folder);
  }

  private void leaveOut(Path path, String reason) {
    notes.add(path + ": " + reason);
  }

  private static List<String> plus(List<String> levels, List<String> more) {
    List<String> all = new ArrayList<>(levels);
    for (String part : more) {
      String plain =
          part.endsWith(BELOW) ? part.substring(0, part.length() - BELOW.length()) : part;
      all.add(FolderNames.level(plain));
    }
    return all;
  }

  private static String name(List<String> levels) {
    return levels.isEmpty() ? Mailboxes.INBOX : String.join("/", levels);
  }
}
