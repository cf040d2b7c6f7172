package dev.postrider.server.imap;

import dev.postrider.protocol.imap.ImapCommand;
import dev.postrider.protocol.imap.ImapReply;
import dev.postrider.storage.StoreException;
import java.io.IOException;

/** Which handler carries out which command. They have no state, and are shared by all sessions. */
final class CommandHandlers {

  private static final CapabilityHandler CAPABILITY = new CapabilityHandler();
  private static final IdHandler ID = new IdHandler();
  private static final StartTlsHandler START_TLS = new StartTlsHandler();
  private static final AuthenticateHandler AUTHENTICATE = new AuthenticateHandler();
  private static final LoginHandler LOGIN = new LoginHandler();
  private static final LogoutHandler LOGOUT = new LogoutHandler();
  private static final UnauthenticateHandler UNAUTHENTICATE = new UnauthenticateHandler();
  private static final CompressHandler COMPRESS = new CompressHandler();
  private static final EnableHandler ENABLE = new EnableHandler();
  private static final SelectHandler SELECT = new SelectHandler();
  private static final MailboxNamesHandler NAMES = new MailboxNamesHandler();
  private static final ListHandler LIST = new ListHandler();
  private static final LsubHandler LSUB = new LsubHandler();
  private static final StatusHandler STATUS = new StatusHandler();
  private static final AclHandler ACL = new AclHandler();
  private static final MetadataHandler METADATA = new MetadataHandler();
  private static final NotifyHandler NOTIFY = new NotifyHandler();
  private static final QuotaHandler QUOTA = new QuotaHandler();
  private static final AppendHandler APPEND = new AppendHandler();
  private static final ReplaceHandler REPLACE = new ReplaceHandler();
  private static final IdleHandler IDLE = new IdleHandler();
  private static final CloseHandler CLOSE = new CloseHandler();
  private static final ExpungeHandler EXPUNGE = new ExpungeHandler();
  private static final SearchHandler SEARCH = new SearchHandler();
  private static final SortHandler SORT = new SortHandler();
  private static final ThreadHandler THREAD = new ThreadHandler();
  private static final FetchHandler FETCH = new FetchHandler();
  private static final StoreHandler STORE = new StoreHandler();
  private static final CopyHandler COPY = new CopyHandler();
  private static final MoveHandler MOVE = new MoveHandler();

  private CommandHandlers() {}

  static ImapReply handle(ImapCommand command, ImapSession session)
      throws IOException, StoreException {
    return switch (command) {
      case ImapCommand.Capability c -> CAPABILITY.handle(c, session);
      case ImapCommand.Noop c -> ImapReply.ok("Nothing done");
      case ImapCommand.Logout c -> LOGOUT.handle(c, session);
      case ImapCommand.Id c -> ID.handle(c, session);
      case ImapCommand.StartTls c -> START_TLS.handle(c, session);
      case ImapCommand.Authenticate c -> AUTHENTICATE.handle(c, session);
      case ImapCommand.Login c -> LOGIN.handle(c, session);
      case ImapCommand.Unauthenticate c -> UNAUTHENTICATE.handle(c, session);
      case ImapCommand.Compress c -> COMPRESS.handle(c, session);
      case ImapCommand.Enable c -> ENABLE.handle(c, session);
      case ImapCommand.Select c -> SELECT.select(c.mailbox(), false, c.parameters(), session);
      case ImapCommand.Examine c -> SELECT.select(c.mailbox(), true, c.parameters(), session);
      case ImapCommand.Create c -> NAMES.create(c, session);
      case ImapCommand.Delete c -> NAMES.delete(c, session);
      case ImapCommand.Rename c -> NAMES.rename(c, session);
      case ImapCommand.Subscribe c -> NAMES.subscribe(c, session);
      case ImapCommand.Unsubscribe c -> NAMES.unsubscribe(c, session);
      case ImapCommand.List c -> LIST.handle(c, session);
      case ImapCommand.Lsub c -> LSUB.handle(c, session);
      case ImapCommand.Namespace c -> NAMES.namespace(session);
      case ImapCommand.SetAcl c -> ACL.set(c, session);
      case ImapCommand.DeleteAcl c -> ACL.delete(c, session);
      case ImapCommand.GetAcl c -> ACL.get(c, session);
      case ImapCommand.ListRights c -> ACL.listRights(c, session);
      case ImapCommand.MyRights c -> ACL.mine(c, session);
      case ImapCommand.GetMetadata c -> METADATA.get(c, session);
      case ImapCommand.SetMetadata c -> METADATA.set(c, session);
      case ImapCommand.Notify c -> NOTIFY.handle(c, session);
      case ImapCommand.GetQuota c -> QUOTA.get(c, session);
      case ImapCommand.GetQuotaRoot c -> QUOTA.roots(c, session);
      case ImapCommand.Status c -> STATUS.handle(c, session);
      case ImapCommand.Append c -> APPEND.handle(c, session);
      case ImapCommand.Replace c -> REPLACE.handle(c, session);
      case ImapCommand.Idle c -> IDLE.handle(c, session);
      // Everything acknowledged is on disk already. RFC 3501 section 6.4.1.
      case ImapCommand.Check c -> ImapReply.ok("Checked");
      case ImapCommand.Close c -> CLOSE.close(session);
      case ImapCommand.Unselect c -> CLOSE.unselect(session);
      case ImapCommand.Expunge c -> EXPUNGE.handle(c, session);
      case ImapCommand.Search c -> SEARCH.handle(c, session);
      case ImapCommand.Sort c -> SORT.handle(c, session);
      case ImapCommand.Thread c -> THREAD.handle(c, session);
      case ImapCommand.Fetch c -> FETCH.handle(c, session);
      case ImapCommand.Store c -> STORE.handle(c, session);
      case ImapCommand.Copy c -> COPY.handle(c, session);
      case ImapCommand.Move c -> MOVE.handle(c, session);
    };
  }
}
