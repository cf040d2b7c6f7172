package dev.postrider.client.session;

import dev.postrider.client.ExitCode;
import dev.postrider.client.MailFailure;
import dev.postrider.client.accounts.Account;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.eclipse.angus.mail.iap.Argument;
import org.eclipse.angus.mail.iap.CommandFailedException;
import org.eclipse.angus.mail.iap.Literal;
import org.eclipse.angus.mail.iap.ParsingException;
import org.eclipse.angus.mail.iap.ProtocolException;
import org.eclipse.angus.mail.imap.AppendUID;
import org.eclipse.angus.mail.imap.protocol.IMAPResponse;
import org.eclipse.angus.mail.imap.protocol.INTERNALDATE;
import org.eclipse.angus.mail.imap.protocol.ListInfo;
import org.eclipse.angus.mail.imap.protocol.Status;

/** The folders of an account, and putting a message into one. */
public final class Folders {
  private final ImapConnection connection;

  Folders(ImapConnection connection) {
    this.connection = connection;
  }

  /** All folders, sorted by name with INBOX first. */
  public List<FolderInfo> list() throws MailFailure {
    boolean extended = connection.has("LIST-EXTENDED");
    boolean specialUse = connection.has("SPECIAL-USE");
    String options = " RETURN (SUBSCRIBED" + (specialUse ? " SPECIAL-USE)" : ")");
    List<ListInfo> listed = lines("LIST", "LIST \"\" \"*\"" + (extended ? options : ""));
    Set<String> subscribed = new HashSet<>();
    if (!extended) {
      lines("LSUB", "LSUB \"\" \"*\"").forEach(l -> subscribed.add(l.name));
    }
    List<FolderInfo> folders = new ArrayList<>();
    for (ListInfo line : listed) {
      Set<String> attributes = new HashSet<>();
      for (String attribute : line.attrs) {
        attributes.add(attribute.toLowerCase(Locale.ROOT));
      }
      boolean shown = attributes.contains("\\subscribed") || subscribed.contains(line.name);
      folders.add(new FolderInfo(line.name, line.separator, attributes, shown));
    }
    folders.sort(
        (a, b) -> {
          int inboxFirst = Boolean.compare(isInbox(b), isInbox(a));
          return inboxFirst != 0 ? inboxFirst : a.name().compareToIgnoreCase(b.name());
        });
    return folders;
  }

  private static boolean isInbox(FolderInfo folder) {
    return folder.name().equalsIgnoreCase("INBOX");
  }

  private List<ListInfo> lines(String key, String command) throws MailFailure {
    List<ListInfo> lines = new ArrayList<>();
    for (IMAPResponse response : connection.command("list folders", command, null)) {
      if (response.keyEquals(key)) {
        try {
          lines.add(new ListInfo(response));
        } catch (ParsingException e) {
          throw connection.failure("list folders", e);
        }
      }
    }
    return lines;
  }

  /**
   * The folder for a purpose: what the account says, else what the server says, else one with a
   * usual name. Folders are never made unasked.
   */
  public Optional<String> special(SpecialFolder wanted, Account account) throws MailFailure {
    String chosen = account.folders().get(wanted.word());
    if (chosen != null) {
      return Optional.of(chosen);
    }
    List<FolderInfo> folders = list();
    Optional<FolderInfo> announced =
        folders.stream().filter(f -> f.attributes().contains(wanted.attribute())).findFirst();
    return announced
        .or(() -> folders.stream().filter(f -> f.selectable() && wanted.isUsualName(f)).findFirst())
        .map(FolderInfo::name);
  }

  public FolderStatus status(String folder) throws MailFailure {
    String[] items = {"MESSAGES", "UNSEEN", "UIDNEXT", "UIDVALIDITY"};
    try {
      Status status = connection.protocol().status(folder, items);
      return new FolderStatus(status.total, status.unseen, status.uidnext, status.uidvalidity);
    } catch (CommandFailedException e) {
      throw noSuchFolder(folder, e);
    } catch (ProtocolException e) {
      throw connection.failure("count " + folder, e);
    }
  }

  private static MailFailure noSuchFolder(String folder, CommandFailedException e) {
    return new MailFailure(
            ExitCode.NO_USER,
            "cannot open the folder " + folder + ": " + ImapConnection.serverText(e),
            "postrider folder list shows the folders")
        .causedBy(e);
  }

  public void create(String folder) throws MailFailure {
    named("create " + folder, "CREATE", folder);
  }

  public void delete(String folder) throws MailFailure {
    named("delete " + folder, "DELETE", folder);
  }

  public void subscribe(String folder) throws MailFailure {
    named("subscribe to " + folder, "SUBSCRIBE", folder);
  }

  public void unsubscribe(String folder) throws MailFailure {
    named("unsubscribe from " + folder, "UNSUBSCRIBE", folder);
  }

  public void rename(String from, String to) throws MailFailure {
    Argument names = ImapConnection.mailboxName(from);
    names.append(ImapConnection.mailboxName(to));
    connection.command("rename " + from, "RENAME", names);
  }

  private void named(String what, String command, String folder) throws MailFailure {
    connection.command(what, command, ImapConnection.mailboxName(folder));
  }

  /**
   * Puts a message into a folder. It is streamed, never held in memory.
   *
   * @param seen whether it counts as read
   * @return its UID, when the server says it (UIDPLUS, RFC 4315 section 3)
   */
  public OptionalLong append(String folder, MessageBytes message, boolean seen, Instant date)
      throws MailFailure {
    jakarta.mail.Flags flags = new jakarta.mail.Flags();
    if (seen) {
      flags.add(jakarta.mail.Flags.Flag.SEEN);
    }
    try {
      AppendUID uid =
          connection
              .protocol()
              .appenduid(folder, flags, Date.from(date), new StreamedLiteral(message), true);
      return uid == null || uid.uid <= 0 ? OptionalLong.empty() : OptionalLong.of(uid.uid);
    } catch (CommandFailedException e) {
      throw noSuchFolder(folder, e);
    } catch (ProtocolException e) {
      throw connection.failure("store the message in " + folder, e);
    }
  }

  /** An IMAP date-time. RFC 9051 section 9. */
  static String dateTime(Instant instant) {
    return INTERNALDATE.format(Date.from(instant));
  }

  private record StreamedLiteral(MessageBytes message) implements Literal {
    @Override
    public int size() {
      return Math.toIntExact(message.size());
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
      message.writeTo(out);
    }
  }
}
