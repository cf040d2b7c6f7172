package dev.postrider.server.imap;

import dev.postrider.protocol.imap.ImapCommand;
import dev.postrider.protocol.imap.ImapReply;
import dev.postrider.protocol.imap.ImapWriter;
import dev.postrider.protocol.imap.ResponseCode;
import dev.postrider.storage.StoreException;
import dev.postrider.storage.accounts.Account;
import dev.postrider.storage.accounts.Quota;
import dev.postrider.storage.mailboxes.Right;
import dev.postrider.storage.mailboxes.Rights;
import dev.postrider.storage.mailboxes.Sharing;
import java.io.IOException;
import java.util.Optional;

/**
 * GETQUOTA and GETQUOTAROOT. RFC 9208, and RFC 2087 before it.
 *
 * <p>Each account is one quota root, of all its mailboxes, whoever works in them; its name is the
 * address. What an account uses is told to those who may read one of its mailboxes (section 6); to
 * all others its root does not exist. Limits are for the operator to set: SETQUOTA is not here.
 */
final class QuotaHandler {

  /** RFC 9208 section 5.1. */
  private static final long OCTETS_OF_UNIT = 1024;

  ImapReply get(ImapCommand.GetQuota command, ImapSession session)
      throws IOException, StoreException {
    Optional<Account> owner = readable(command.root(), session);
    if (owner.isEmpty()) {
      return ImapReply.no(ResponseCode.NONEXISTENT, "No such quota root");
    }
    write(owner.get(), session);
    return ImapReply.ok("Quota given");
  }

  /** Whose root it is, if this account may know. */
  private static Optional<Account> readable(String root, ImapSession session)
      throws StoreException {
    Account own = own(session);
    if (root.equals(name(own))) {
      return Optional.of(own);
    }
    for (Sharing.Shared shared : session.store().sharing().sharedWith(own.id())) {
      if (shared.owner().toString().equals(root) && shared.rights().has(Right.READ)) {
        return session.store().accounts().find(shared.mailbox().account());
      }
    }
    return Optional.empty();
  }

  /** As it is now: limits change. */
  private static Account own(ImapSession session) throws StoreException {
    return session.store().accounts().find(session.account().id()).orElse(session.account());
  }

  ImapReply roots(ImapCommand.GetQuotaRoot command, ImapSession session)
      throws IOException, StoreException {
    Optional<Reached> found = Namespaces.find(command.mailbox(), session);
    Optional<Account> owner;
    if (found.isPresent()) {
      Rights rights = found.get().rights();
      if (!rights.has(Right.READ)) {
        return rights.has(Right.LOOKUP) ? Reached.noPermission() : Reached.nonexistent();
      }
      owner = session.store().accounts().find(found.get().mailbox().account());
    } else if (Namespaces.isOfOthers(command.mailbox())) {
      return Reached.nonexistent();
    } else {
      // It would be the root of a mailbox of that name. RFC 9208 section 4.1.2.
      owner = Optional.of(own(session));
    }
    if (owner.isEmpty()) {
      return Reached.nonexistent();
    }
    session
        .writer()
        .atom("* QUOTAROOT ")
        .mailbox(command.mailbox())
        .space()
        .string(name(owner.get()))
        .crlf();
    write(owner.get(), session);
    return ImapReply.ok("Quota root given");
  }

  private static String name(Account account) {
    return account.address().toString();
  }

  /** {@code * QUOTA}, with what is limited. RFC 9208 section 4.2.1. */
  private static void write(Account owner, ImapSession session) throws IOException, StoreException {
    Quota limits = session.store().quotas().limits(owner);
    Quota.Usage used = session.store().quotas().usage(owner.id());
    ImapWriter writer = session.writer().atom("* QUOTA ").string(name(owner)).atom(" (");
    String between = "";
    between = resource(writer, between, "STORAGE", up(used.octets()), limit(limits.octets()));
    between = resource(writer, between, "MESSAGE", used.messages(), limits.messages());
    var _ = resource(writer, between, "MAILBOX", used.mailboxes(), limits.mailboxes());
    writer.atom(")").crlf();
  }

  private static long up(long octets) {
    return (octets + OCTETS_OF_UNIT - 1) / OCTETS_OF_UNIT;
  }

  /** What is below one unit is one unit: none would be no limit. */
  private static long limit(long octets) {
    return octets <= 0 ? octets : Math.max(1, octets / OCTETS_OF_UNIT);
  }

  private static String resource(
      ImapWriter writer, String between, String name, long used, long limit) throws IOException {
    if (limit == Quota.NONE) {
      return between;
    }
    writer.atom(between).atom(name).space().number(used).space().number(limit);
    return " ";
  }
}
