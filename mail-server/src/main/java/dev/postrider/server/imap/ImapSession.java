package dev.postrider.server.imap;

import static java.util.Objects.requireNonNull;

import dev.postrider.protocol.imap.CommandFacts;
import dev.postrider.protocol.imap.CommandReader;
import dev.postrider.protocol.imap.CommandReader.Received;
import dev.postrider.protocol.imap.Extension;
import dev.postrider.protocol.imap.ImapCommand;
import dev.postrider.protocol.imap.ImapReply;
import dev.postrider.protocol.imap.ImapWriter;
import dev.postrider.protocol.imap.ResponseCode;
import dev.postrider.protocol.imap.SessionState;
import dev.postrider.protocol.imap.UndiscardableLiteralException;
import dev.postrider.server.net.Connection;
import dev.postrider.server.net.ConnectionHandler.Drain;
import dev.postrider.storage.Store;
import dev.postrider.storage.StoreException;
import dev.postrider.storage.accounts.Account;
import dev.postrider.storage.mailboxes.Right;
import dev.postrider.storage.mailboxes.Rights;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.time.Instant;
import java.util.BitSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One IMAP session, from the greeting to the end.
 *
 * <p>It reads a command, checks it against its {@link CommandFacts}, lets its handler carry it out,
 * tells the client what has changed in the selected mailbox meanwhile, and completes the command;
 * in this order, so that a client that has seen the completion has seen everything the command
 * brought about. Counting, logging and the mapping of failures to replies happen here alone.
 *
 * <p>Invariants. There is an account from a successful login to the end, or to UNAUTHENTICATE, and
 * nothing that came of it outlives it; a mailbox is selected, and octets are compressed, only with
 * an account. The lock of {@link ImapStreams} is held whenever a command is carried out, and
 * released whenever this thread waits for a command.
 */
final class ImapSession {

  /** Commands in a row that are wrong, after which nobody sensible is on the other side. */
  static final int BAD_COMMANDS_MAX = 20;

  /** The largest unwanted literal that is read over; a larger one ends the session. */
  static final long DISCARD_OCTETS_MAX = 256L * 1024 * 1024;

  /** Silence within a command, such as between the octets of a message. */
  private static final Duration WITHIN_COMMAND = Duration.ofMinutes(5);

  private static final Logger log = LoggerFactory.getLogger(ImapSession.class);

  private final ImapServices services;
  private final Connection connection;
  private final Drain drain;
  private final ImapStreams streams;
  private final Dialect dialect;
  private final Notifications notifications = new Notifications(this);
  private final SessionCounts counts = new SessionCounts();
  private final Instant began;
  private @Nullable Account account;
  private @Nullable SelectedMailbox selected;
  private @Nullable String ended;
  private String tag = "*";
  private boolean tlsAfterReply;
  private boolean compressAfterReply;
  private boolean saidBye;
  private int badCommands;
  private int loginFailures;

  ImapSession(ImapServices services, Connection connection, Drain drain) {
    this.services = services;
    this.connection = connection;
    this.drain = drain;
    this.began = services.clock().instant();
    this.streams =
        new ImapStreams(
            connection,
            services.clock(),
            services.config().limits().idleTimeout(),
            DISCARD_OCTETS_MAX);
    this.dialect = new Dialect(services.spoken());
    streams.reader().speak(services.spoken());
  }

  /** Runs the session. Whatever goes wrong ends here, as a line of the log. */
  void run() {
    beginLogin();
    drain.onDrain(this::sayGoodbyeFromOutside);
    try {
      greet();
      while (ended == null) {
        step();
      }
      streams.flush();
    } catch (SessionEndException e) {
      end(e.bye());
    } catch (SocketTimeoutException e) {
      end(ImapReply.bye(account == null ? "Login took too long" : "Silent for too long"));
    } catch (UndiscardableLiteralException e) {
      end(ImapReply.bye("Literal too large"));
    } catch (ZipException e) {
      log.warn("imap.compression-broken session={} cause=\"{}\"", connection.id(), e.getMessage());
      end(ImapReply.bye("What you sent is not DEFLATE"));
    } catch (IOException e) {
      ended = "connection lost: " + e.getMessage();
    } catch (RuntimeException e) {
      log.error("imap.bug session={}", connection.id(), e);
      end(ImapReply.bye("Internal error"));
    } finally {
      close();
      logEnd();
    }
  }

  private void close() {
    streams.lock().lock();
    try {
      notifications.close();
      unselect();
    } finally {
      streams.lock().unlock();
    }
    streams.close();
  }

  private void logEnd() {
    Stream<Object> session =
        Stream.of(
            connection.id(),
            account == null ? "-" : account.address(),
            ended,
            Duration.between(began, services.clock().instant()).toSeconds());
    log.info(
        "imap.end session={} account={} reason=\"{}\" seconds={} commands={} bad={} bodies={}"
            + " body-octets={} appended={} expunged={}",
        Stream.concat(session, counts.inOrder()).toArray());
  }

  private void greet() throws IOException {
    streams.lock().lock();
    try {
      ImapReply greeting =
          ImapReply.ok(
              ResponseCode.capability(capabilities()),
              services.config().hostname() + " IMAP4rev1 Postrider ready");
      writer().untagged(greeting);
    } finally {
      streams.lock().unlock();
    }
  }

  private void step() throws IOException {
    if (drain.isDraining()) {
      throw new SessionEndException("Server is shutting down");
    }
    CommandReader reader = streams.reader();
    if (reader.buffered() == 0) {
      reader.releaseBuffer();
    }
    streams.patience(services.config().limits().idleTimeout());
    Received received = reader.next();
    streams.patience(WITHIN_COMMAND);
    streams.lock().lock();
    try {
      switch (received) {
        case Received.Command c -> execute(c.tag(), c.command());
        case Received.Unacceptable u -> {
          if (u.emptiesSaved() && selected != null) {
            selected.save(new BitSet());
          }
          refuse(u.tag(), u.reply());
        }
        case Received.End e -> ended = "client closed the connection";
      }
    } finally {
      streams.lock().unlock();
    }
    if (tlsAfterReply) {
      startTls();
    } else if (compressAfterReply) {
      compressAfterReply = false;
      streams.compress(services.deflaters());
    } else if (account == null && streams.isCompressed()) {
      // RFC 8437 section 4.1: behind the answer, and behind the command that asked for it.
      streams.decompress();
    }
  }

  private void execute(String commandTag, ImapCommand command) throws IOException {
    CommandFacts facts = CommandFacts.of(command);
    tag = commandTag;
    counts.command();
    ImapReply reply = allowed(facts);
    if (reply == null) {
      reply = carryOut(command, facts);
    }
    streams.reader().finish();
    if (reply.status() == ImapReply.Status.BAD) {
      refuse(tag, reply);
      return;
    }
    badCommands = 0;
    notifications.refresh(facts.expungeMayFollow(), facts.removesMessages());
    writer().completion(tag, reply);
  }

  private @Nullable ImapReply allowed(CommandFacts facts) {
    if (!facts.states().contains(state())) {
      return ImapReply.bad(
          switch (state()) {
            case NOT_AUTHENTICATED -> facts.name() + " needs a login first";
            case AUTHENTICATED ->
                facts.states().contains(SessionState.SELECTED)
                    ? facts.name() + " needs a selected mailbox"
                    : facts.name() + " is not possible after the login";
            case SELECTED -> facts.name() + " is not possible after the login";
          });
    }
    if (facts.countsMessages() && dialect.isUidsAlone()) {
      return ImapReply.bad(
          ResponseCode.UID_REQUIRED, facts.name() + " counts messages; you enabled UIDONLY");
    }
    if (facts.needsTls() && connection.tls().isEmpty()) {
      return ImapReply.no(
          ResponseCode.PRIVACY_REQUIRED,
          "Use STARTTLS first: a password would travel in the clear");
    }
    return null;
  }

  private ImapReply carryOut(ImapCommand command, CommandFacts facts) throws IOException {
    if (command.isCondstoreEnabling()) {
      enableCondstore();
    }
    try {
      if (facts.isOfSelected() && !(command instanceof ImapCommand.Unselect)) {
        lookAtRights();
      }
      return CommandHandlers.handle(command, this);
    } catch (StoreException e) {
      return failure(facts.name(), e);
    }
  }

  /**
   * Rights in a mailbox of somebody else can be taken at any time: nothing more of it is shown
   * then. RFC 4314 section 5.1.1.
   */
  void lookAtRights() throws IOException, StoreException {
    SelectedMailbox mailbox = selected;
    if (mailbox == null || mailbox.reached().own()) {
      return;
    }
    Rights rights = store().sharing().rights(mailbox.mailbox(), account().id());
    if (!rights.has(Right.READ)) {
      throw new SessionEndException(
          "The selected mailbox was deleted, or is not shared with you any more");
    }
    if (!rights.equals(mailbox.reached().rights())) {
      mailbox.reached(rights);
      SelectHandler.tellFlags(mailbox, writer());
      SelectHandler.tellPermanentFlags(mailbox, writer());
    }
  }

  /** What the client is told, and the operator. */
  ImapReply failure(String doing, StoreException e) throws SessionEndException {
    StoreFailure failure = StoreFailure.of(e.kind());
    if (failure.operatorsBusiness()) {
      log.warn(
          "imap.store-failed session={} command=\"{}\" kind={} cause=\"{}\"",
          connection.id(),
          doing,
          e.kind(),
          e.getMessage());
    }
    if (failure.endsSession()) {
      throw new SessionEndException(failure.reply().text());
    }
    return failure.reply();
  }

  private void refuse(String tag, ImapReply reply) throws IOException {
    counts.badCommand();
    writer().completion(tag, reply);
    log.debug("imap.refused session={} reply=\"{}\"", connection.id(), reply);
    badCommands++;
    if (badCommands >= BAD_COMMANDS_MAX) {
      throw new SessionEndException("Too many bad commands");
    }
  }

  private void startTls() throws IOException {
    tlsAfterReply = false;
    streams.flush();
    if (streams.reader().buffered() > 0) {
      // Whoever put them there may be somebody else than will speak through TLS.
      log.warn("imap.starttls-injection session={}", connection.id());
      throw new SessionEndException("Octets in the clear behind STARTTLS");
    }
    connection.startTls();
    log.debug("imap.tls session={} tls={}", connection.id(), connection.tls());
  }

  private void end(ImapReply bye) {
    ended = bye.text();
    sayBye(bye);
  }

  /** The last word, once; from any thread. It waits for a command that is being carried out. */
  void sayBye(ImapReply bye) {
    streams.lock().lock();
    try {
      if (!saidBye) {
        saidBye = true;
        writer().untagged(bye);
        streams.flush();
      }
    } catch (IOException e) {
      log.debug("imap.bye-unheard session={} cause=\"{}\"", connection.id(), e.getMessage());
    } finally {
      streams.lock().unlock();
    }
  }

  /** Runs on a thread of its own. */
  private void sayGoodbyeFromOutside() {
    sayBye(ImapReply.bye("Server is shutting down"));
    connection.close();
  }

  // What handlers need.

  ImapServices services() {
    return services;
  }

  Store store() {
    return services.store();
  }

  Connection connection() {
    return connection;
  }

  ImapStreams streams() {
    return streams;
  }

  ImapWriter writer() {
    return streams.writer();
  }

  Notifications notifications() {
    return notifications;
  }

  SessionCounts counts() {
    return counts;
  }

  /** Of the command that is carried out. */
  String tag() {
    return tag;
  }

  SessionState state() {
    return account == null
        ? SessionState.NOT_AUTHENTICATED
        : selected == null ? SessionState.AUTHENTICATED : SessionState.SELECTED;
  }

  Dialect dialect() {
    return dialect;
  }

  boolean speaks(Extension extension) {
    return dialect.speaks(extension);
  }

  List<String> capabilities() {
    return ImapCapabilities.of(
        connection.tls().isPresent(),
        account != null,
        streams.isCompressed(),
        services.authenticator().mechanisms(connection),
        dialect.spoken(),
        Upload.messageOctetsMax(services),
        services.config().imap().messageLimit());
  }

  /** Who is logged in; the command's facts have made sure that somebody is. */
  Account account() {
    return requireNonNull(account, "nobody is logged in");
  }

  /** The selected mailbox; the command's facts have made sure that there is one. */
  SelectedMailbox mailbox() {
    return requireNonNull(selected, "no mailbox is selected");
  }

  boolean isSelected() {
    return selected != null;
  }

  /** From now on. The first time the client is told from where on it will know all. */
  void enableCondstore() throws IOException {
    if (dialect.knowsModSeqs()) {
      return;
    }
    if (selected != null) {
      writer().untagged(SelectHandler.highestModSeq(selected));
    }
    dialect.aware(Awareness.CONDSTORE);
  }

  /** From now on. */
  void enableRev2() {
    dialect.enableRev2();
    streams.utf8(true);
    if (selected != null) {
      selected.keepRecentSecret();
    }
  }

  /** From now on these may be used. */
  private void speak(Set<Extension> extensions) {
    dialect.speak(extensions);
    streams.reader().speak(extensions);
  }

  void logIn(Account who) {
    account = who;
    speak(services.spokenWith(who.address()));
    streams.deadline(null);
  }

  /** Forgets everything that came of the login, and by whom it was. RFC 8437 section 4. */
  void logOff() {
    notifications.close();
    unselect();
    account = null;
    dialect.forget();
    streams.utf8(false);
    speak(services.spoken());
    beginLogin();
  }

  /** Somebody must log in before long. */
  private void beginLogin() {
    Duration atMost = services.config().limits().unauthenticatedTimeout();
    streams.deadline(services.clock().instant().plus(atMost));
  }

  /** One more; how many there are now. */
  int countLoginFailure() {
    return ++loginFailures;
  }

  void select(SelectedMailbox mailbox) {
    selected = mailbox;
    if (dialect.isRev2()) {
      mailbox.keepRecentSecret();
    }
    notifications.selected();
  }

  void unselect() {
    notifications.deselected();
    SelectedMailbox present = selected;
    selected = null;
    if (present != null) {
      present.close();
    }
  }

  void compressAfterReply() {
    compressAfterReply = true;
  }

  void tlsAfterReply() {
    tlsAfterReply = true;
  }

  /** The session ends once the command is answered. */
  void endAfterReply(String why) {
    ended = why;
    saidBye = true;
  }
}
