package dev.postrider.server.imap;

import dev.postrider.protocol.address.MailAddress;
import dev.postrider.protocol.imap.ImapCommand;
import dev.postrider.protocol.imap.ImapReply;
import dev.postrider.protocol.imap.ImapWriter;
import dev.postrider.protocol.imap.ResponseCode;
import dev.postrider.storage.StoreException;
import dev.postrider.storage.accounts.Account;
import dev.postrider.storage.accounts.AccountId;
import dev.postrider.storage.mailboxes.Grantee;
import dev.postrider.storage.mailboxes.Right;
import dev.postrider.storage.mailboxes.Rights;
import dev.postrider.storage.mailboxes.Sharing;
import java.io.IOException;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * SETACL, DELETEACL, GETACL, LISTRIGHTS and MYRIGHTS. RFC 4314 section 3.
 *
 * <p>Identifiers are the addresses of accounts, as they log in, and {@code anyone}; with a dash
 * before them they take rights. The owner is always listed, with all rights, which nobody can take.
 */
final class AclHandler {

  private static final Logger log = LoggerFactory.getLogger(AclHandler.class);

  private static final String ANYONE = "anyone";

  /** With one of these somebody may know which rights there are. RFC 4314 section 3.5. */
  private static final Rights FOR_MYRIGHTS =
      Rights.of(
          Right.LOOKUP, Right.READ, Right.INSERT, Right.CREATE, Right.DELETE, Right.ADMINISTER);

  ImapReply set(ImapCommand.SetAcl command, ImapSession session) throws StoreException {
    Optional<Rights> named = RightsText.parse(command.rights());
    if (named.isEmpty()) {
      return ImapReply.bad("Rights are some of " + RightsText.of(Rights.ALL));
    }
    Rights rights = named.get();
    UnaryOperator<Rights> change =
        switch (command.action()) {
          case ADD -> before -> before.plus(rights);
          case REMOVE -> before -> before.minus(rights);
          case REPLACE -> before -> rights;
        };
    return change(command.mailbox(), command.identifier(), change, session);
  }

  ImapReply delete(ImapCommand.DeleteAcl command, ImapSession session) throws StoreException {
    return change(command.mailbox(), command.identifier(), before -> Rights.NONE, session);
  }

  private static ImapReply change(
      String name, String identifier, UnaryOperator<Rights> change, ImapSession session)
      throws StoreException {
    Optional<String> prepared = prepared(identifier);
    if (prepared.isEmpty()) {
      return unprepared();
    }
    Optional<Reached> found = Namespaces.find(name, session);
    Optional<ImapReply> refusal = Reached.refusal(found, Right.ADMINISTER, Reached.nonexistent());
    if (refusal.isPresent()) {
      return refusal.get();
    }
    Optional<Grantee> grantee = grantee(prepared.get(), session);
    if (grantee.isEmpty()) {
      return unknown();
    }
    Reached mailbox = found.orElseThrow();
    if (grantee.get().account().equals(Optional.of(mailbox.mailbox().account()))) {
      return ImapReply.no(ResponseCode.CANNOT, "The owner of a mailbox has all rights, always");
    }
    session.store().sharing().change(mailbox.mailbox().id(), grantee.get(), change);
    log.info(
        "imap.access-changed session={} mailbox={} grantee={} negative={}",
        session.connection().id(),
        mailbox.mailbox().id().value(),
        grantee.get().account().map(account -> Long.toString(account.value())).orElse(ANYONE),
        grantee.get().negative());
    return ImapReply.ok("Rights changed");
  }

  ImapReply get(ImapCommand.GetAcl command, ImapSession session)
      throws IOException, StoreException {
    Optional<Reached> found = Namespaces.find(command.mailbox(), session);
    Optional<ImapReply> refusal = Reached.refusal(found, Right.ADMINISTER, Reached.nonexistent());
    if (refusal.isPresent()) {
      return refusal.get();
    }
    Reached mailbox = found.orElseThrow();
    List<String> words = new ArrayList<>();
    Grantee owner = Grantee.of(mailbox.mailbox().account());
    add(new Sharing.Entry(owner, Rights.ALL), words, session);
    for (Sharing.Entry entry : session.store().sharing().entries(mailbox.mailbox().id())) {
      add(entry, words, session);
    }
    ImapWriter writer = session.writer();
    writer.atom("* ACL ").mailbox(mailbox.name());
    for (String word : words) {
      writer.space().string(word);
    }
    writer.crlf();
    return ImapReply.ok("Access list given");
  }

  /** An account that was removed a moment ago has no entry any more. */
  private static void add(Sharing.Entry entry, List<String> words, ImapSession session)
      throws StoreException {
    Optional<String> name = Optional.of(ANYONE);
    Optional<AccountId> account = entry.grantee().account();
    if (account.isPresent()) {
      name = session.store().accounts().find(account.get()).map(one -> one.address().toString());
    }
    if (name.isPresent()) {
      words.add((entry.grantee().negative() ? "-" : "") + name.get());
      words.add(RightsText.of(entry.rights()));
    }
  }

  ImapReply listRights(ImapCommand.ListRights command, ImapSession session)
      throws IOException, StoreException {
    Optional<String> prepared = prepared(command.identifier());
    if (prepared.isEmpty()) {
      return unprepared();
    }
    Optional<Reached> found = Namespaces.find(command.mailbox(), session);
    Optional<ImapReply> refusal = Reached.refusal(found, Right.ADMINISTER, Reached.nonexistent());
    if (refusal.isPresent()) {
      return refusal.get();
    }
    Optional<Grantee> grantee = grantee(prepared.get(), session);
    if (grantee.isEmpty()) {
      return unknown();
    }
    boolean owner =
        grantee.get().account().equals(Optional.of(found.orElseThrow().mailbox().account()));
    ImapWriter writer = session.writer();
    writer.atom("* LISTRIGHTS ").mailbox(found.orElseThrow().name()).space();
    writer.string(command.identifier()).space();
    writer.string(owner ? RightsText.of(Rights.ALL) : "");
    if (!owner) {
      writer.space().atom(String.join(" ", RightsText.of(Rights.ALL).split("")));
    }
    writer.crlf();
    return ImapReply.ok("Rights listed");
  }

  ImapReply mine(ImapCommand.MyRights command, ImapSession session)
      throws IOException, StoreException {
    Optional<Reached> found =
        Namespaces.find(command.mailbox(), session).filter(AclHandler::tellsRights);
    if (found.isEmpty()) {
      return Reached.nonexistent();
    }
    writeMine(found.get(), session.writer());
    return ImapReply.ok("Rights given");
  }

  /** Whether the account may know which rights it has. */
  static boolean tellsRights(Reached mailbox) {
    return mailbox.rights().hasAny(FOR_MYRIGHTS);
  }

  /** {@code * MYRIGHTS}. */
  static void writeMine(Reached mailbox, ImapWriter writer) throws IOException {
    writer.atom("* MYRIGHTS ").mailbox(mailbox.name()).space();
    writer.string(RightsText.of(mailbox.rights())).crlf();
  }

  /**
   * The identifier in the one form that is compared; empty when it has none. RFC 4314 section 3
   * asks for RFC 4013, of which this is the part that addresses can differ by.
   */
  private static Optional<String> prepared(String identifier) {
    String normal = Normalizer.normalize(identifier, Normalizer.Form.NFKC);
    boolean text = normal.codePoints().noneMatch(Character::isISOControl);
    return text && !normal.isEmpty() && !normal.equals("-")
        ? Optional.of(normal)
        : Optional.empty();
  }

  private static ImapReply unprepared() {
    return ImapReply.bad("An identifier has letters and no control characters");
  }

  private static ImapReply unknown() {
    return ImapReply.no(
        ResponseCode.CANNOT, "No account has that name; 'anyone' stands for all accounts");
  }

  /** Whom {@code identifier} names: who may log in so. */
  private static Optional<Grantee> grantee(String identifier, ImapSession session)
      throws StoreException {
    boolean negative = identifier.startsWith("-");
    String name = negative ? identifier.substring(1) : identifier;
    if (name.equals(ANYONE)) {
      return Optional.of(new Grantee(Optional.empty(), negative));
    }
    List<String> domains = session.services().config().domains();
    boolean whole = name.indexOf('@') >= 0 || domains.isEmpty();
    Optional<MailAddress> address =
        MailAddress.parse(whole ? name : name + "@" + domains.getFirst());
    Optional<Account> account =
        address.isPresent() ? session.store().accounts().find(address.get()) : Optional.empty();
    return account.map(one -> new Grantee(Optional.of(one.id()), negative));
  }
}
