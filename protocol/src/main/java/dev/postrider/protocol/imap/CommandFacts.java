package dev.postrider.protocol.imap;

import static dev.postrider.protocol.imap.SessionState.AUTHENTICATED;
import static dev.postrider.protocol.imap.SessionState.NOT_AUTHENTICATED;
import static dev.postrider.protocol.imap.SessionState.SELECTED;

import java.util.EnumSet;
import java.util.Set;

/**
 * What holds for a command, whatever its arguments.
 *
 * @param name as it is written, with UID before it where that applies
 * @param states in which it is allowed
 * @param needsTls whether it would show a secret
 * @param expungeMayFollow whether EXPUNGE may be sent before its completion; not where the client
 *     or we count with sequence numbers. RFC 3501 section 7.4.1, RFC 7162 section 3.2.10.2
 * @param countsMessages whether sequence numbers are in it or in its answer. RFC 9586 section 3.2
 */
public record CommandFacts(
    String name,
    Set<SessionState> states,
    boolean needsTls,
    boolean expungeMayFollow,
    boolean countsMessages) {

  private static final Set<SessionState> ANY = EnumSet.allOf(SessionState.class);
  private static final Set<SessionState> BEFORE = EnumSet.of(NOT_AUTHENTICATED);
  private static final Set<SessionState> AFTER = EnumSet.of(AUTHENTICATED, SELECTED);
  private static final Set<String> REMOVING =
      Set.of("EXPUNGE", "UID EXPUNGE", "MOVE", "UID MOVE", "REPLACE", "UID REPLACE");
  private static final Set<SessionState> INSIDE = EnumSet.of(SELECTED);

  public static CommandFacts of(ImapCommand command) {
    return switch (command) {
      case ImapCommand.Capability c -> facts("CAPABILITY", ANY);
      case ImapCommand.Noop c -> facts("NOOP", ANY);
      case ImapCommand.Logout c -> facts("LOGOUT", ANY);
      case ImapCommand.Id c -> facts("ID", ANY);
      case ImapCommand.StartTls c -> facts("STARTTLS", BEFORE);
      case ImapCommand.Authenticate c ->
          new CommandFacts("AUTHENTICATE", BEFORE, true, false, false);
      case ImapCommand.Login c -> new CommandFacts("LOGIN", BEFORE, true, false, false);
      case ImapCommand.Unauthenticate c -> facts("UNAUTHENTICATE", AFTER);
      case ImapCommand.Compress c -> facts("COMPRESS", AFTER);
      case ImapCommand.Enable c -> facts("ENABLE", AFTER);
      case ImapCommand.Select c -> facts("SELECT", AFTER);
      case ImapCommand.Examine c -> facts("EXAMINE", AFTER);
      case ImapCommand.Create c -> facts("CREATE", AFTER);
      case ImapCommand.Delete c -> facts("DELETE", AFTER);
      case ImapCommand.Rename c -> facts("RENAME", AFTER);
      case ImapCommand.Subscribe c -> facts("SUBSCRIBE", AFTER);
      case ImapCommand.Unsubscribe c -> facts("UNSUBSCRIBE", AFTER);
      case ImapCommand.List c -> facts("LIST", AFTER);
      case ImapCommand.Lsub c -> facts("LSUB", AFTER);
      case ImapCommand.Namespace c -> facts("NAMESPACE", AFTER);
      case ImapCommand.SetAcl c -> facts("SETACL", AFTER);
      case ImapCommand.DeleteAcl c -> facts("DELETEACL", AFTER);
      case ImapCommand.GetAcl c -> facts("GETACL", AFTER);
      case ImapCommand.ListRights c -> facts("LISTRIGHTS", AFTER);
      case ImapCommand.MyRights c -> facts("MYRIGHTS", AFTER);
      case ImapCommand.Notify c -> facts("NOTIFY", AFTER);
      case ImapCommand.GetQuota c -> facts("GETQUOTA", AFTER);
      case ImapCommand.GetQuotaRoot c -> facts("GETQUOTAROOT", AFTER);
      case ImapCommand.GetMetadata c -> facts("GETMETADATA", AFTER);
      case ImapCommand.SetMetadata c -> facts("SETMETADATA", AFTER);
      case ImapCommand.Status c -> facts("STATUS", AFTER);
      case ImapCommand.Append c -> facts("APPEND", AFTER);
      case ImapCommand.Replace c -> moving("REPLACE", c.byUid());
      case ImapCommand.Idle c -> facts("IDLE", AFTER);
      case ImapCommand.Check c -> facts("CHECK", INSIDE);
      case ImapCommand.Close c -> facts("CLOSE", INSIDE);
      case ImapCommand.Unselect c -> facts("UNSELECT", INSIDE);
      case ImapCommand.Expunge c -> facts(c.uids().isPresent() ? "UID EXPUNGE" : "EXPUNGE", INSIDE);
      case ImapCommand.Search c -> searching("SEARCH", c.byUid(), c.key());
      case ImapCommand.Sort c -> searching("SORT", c.byUid(), c.key());
      case ImapCommand.Thread c -> searching("THREAD", c.byUid(), c.key());
      case ImapCommand.Fetch c -> numbered("FETCH", c.byUid());
      case ImapCommand.Store c -> numbered("STORE", c.byUid());
      case ImapCommand.Copy c -> moving("COPY", c.byUid());
      case ImapCommand.Move c -> moving("MOVE", c.byUid());
    };
  }

  /** Whether it takes messages out of the selected mailbox. */
  public boolean removesMessages() {
    return REMOVING.contains(name);
  }

  /** Whether it is about the selected mailbox. */
  public boolean isOfSelected() {
    return states.equals(INSIDE);
  }

  private static CommandFacts facts(String name, Set<SessionState> states) {
    return new CommandFacts(name, states, false, true, false);
  }

  /** What no number is told of, so that messages may go while it is carried out. */
  private static CommandFacts moving(String name, boolean byUid) {
    return new CommandFacts(byUid ? "UID " + name : name, INSIDE, false, true, !byUid);
  }

  /** UID FETCH is another command than FETCH: its client counts with UIDs. */
  private static CommandFacts numbered(String name, boolean byUid) {
    return new CommandFacts(byUid ? "UID " + name : name, INSIDE, false, byUid, !byUid);
  }

  /** UID SEARCH answers with UIDs, but what it looks for may count with sequence numbers. */
  private static CommandFacts searching(String name, boolean byUid, SearchKey key) {
    boolean counts = !byUid || key.countsMessages();
    return new CommandFacts(byUid ? "UID " + name : name, INSIDE, false, !counts, counts);
  }
}
