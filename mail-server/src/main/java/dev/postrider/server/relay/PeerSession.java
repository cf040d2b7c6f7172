package dev.postrider.server.relay;

import dev.postrider.protocol.smtp.DotWriter;
import dev.postrider.protocol.smtp.EhloCapabilities;
import dev.postrider.protocol.smtp.MailParameters;
import dev.postrider.protocol.smtp.RcptParameters;
import dev.postrider.protocol.smtp.SmtpCommand;
import dev.postrider.protocol.smtp.SmtpReply;
import dev.postrider.protocol.smtp.SmtpReplyException;
import dev.postrider.protocol.smtp.SmtpReplyReader;
import dev.postrider.server.net.TlsFacts;
import dev.postrider.storage.messages.MessageSource;
import dev.postrider.storage.queue.QueueEntry;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The client's side of SMTP, from MAIL on, over a connection on which the peer has been greeted.
 *
 * <p>Invariants. Every recipient of a transaction gets exactly one fate: an outcome, or left over
 * for a transaction of its own. A recipient counts as delivered only by a positive reply to the
 * final dot. After the first failure of the connection nothing more is sent, and those without a
 * fate are deferred. The final dot is written only after every octet of the body, so a message that
 * our disk or the connection cuts short is never taken for a whole one. Used by one thread.
 */
final class PeerSession implements Closeable {

  private static final Logger log = LoggerFactory.getLogger(PeerSession.class);

  private final PeerConnection connection;
  private final String host;
  private final EhloCapabilities offered;
  private final PeerTimeouts timeouts;

  /** Transactions that were begun. */
  private int begun;

  /** Whether the peer may still hold parts of a transaction. */
  private boolean resetDue;

  PeerSession(
      PeerConnection connection, String host, EhloCapabilities offered, PeerTimeouts timeouts) {
    this.connection = connection;
    this.host = host;
    this.offered = offered;
    this.timeouts = timeouts;
  }

  String host() {
    return host;
  }

  int begun() {
    return begun;
  }

  Optional<TlsFacts> tls() {
    return connection.tls();
  }

  /** Address of the peer, for logs. */
  String address() {
    return connection.remoteAddress().getHostAddress();
  }

  /**
   * Hands the message over.
   *
   * @throws StaleSessionException when the peer had gone before the transaction began, on a session
   *     that was used before
   */
  Attempt deliver(Transaction transaction, MessageSource body) throws StaleSessionException {
    Course course = new Course(transaction);
    Optional<Diagnosis> unfit = unfit(transaction, body);
    if (unfit.isPresent()) {
      course.rest(new Outcome.Failed(unfit.get()));
      return course.result(true);
    }
    connection.whole(timeouts.transaction(body.octets()));
    try {
      boolean usable = converse(course, body);
      connection.rest();
      return course.result(usable);
    } catch (StaleSessionException stale) {
      throw stale;
    } catch (UnreadableBodyException ours) {
      log.error(
          "relay.body-unreadable body={} cause=\"{}\"",
          transaction.key().body().value(),
          ours.getMessage());
      course.rest(
          new Outcome.Deferred(
              Diagnosis.ours("4.3.0", "The message could not be read from this server's disk.")));
      return course.result(false);
    } catch (IOException lost) {
      course.rest(new Outcome.Deferred(lost(connection, host, lost)));
      return course.result(false);
    }
  }

  /** Why the peer cannot take this message at all, as far as can be known beforehand. */
  private Optional<Diagnosis> unfit(Transaction transaction, MessageSource body) {
    OptionalLong most = offered.sizeMax();
    if (most.isPresent() && body.octets() > most.getAsLong()) {
      return Optional.of(
          Diagnosis.ours(
              "5.3.4",
              "The message has "
                  + body.octets()
                  + " octets, and "
                  + host
                  + " takes at most "
                  + most.getAsLong()
                  + "."));
    }
    if (transaction.key().smtpUtf8() && !offered.smtpUtf8()) {
      return Optional.of(
          Diagnosis.ours(
              "5.6.7",
              "The message has a non-ASCII address, and "
                  + host
                  + " takes no such mail (it does not offer SMTPUTF8)."));
    }
    if (!offered.eightBitMime() && hasEightBit(body)) {
      return Optional.of(
          Diagnosis.ours(
              "5.6.3",
              "The message has 8-bit content, and "
                  + host
                  + " takes only 7-bit (it does not offer 8BITMIME)."));
    }
    return Optional.empty();
  }

  /**
   * What counts is the body and not its declaration: much 7-bit mail is declared 8BITMIME. Only
   * asked for peers without the extension, and they are rare.
   */
  private static boolean hasEightBit(MessageSource body) {
    byte[] block = new byte[PeerConnection.BLOCK_OCTETS];
    try (InputStream in = body.open()) {
      for (int count = in.read(block); count >= 0; count = in.read(block)) {
        for (int i = 0; i < count; i++) {
          if (block[i] < 0) {
            return true;
          }
        }
      }
      return false;
    } catch (IOException unreadable) {
      // Whoever sends it will meet the same failure and say so.
      return false;
    }
  }

  /** Returns whether the session may be used again. */
  private boolean converse(Course course, MessageSource body) throws IOException {
    if (resetDue) {
      reset();
    }
    begun++;
    resetDue = true;
    return offered.pipelining() ? pipelined(course, body) : stepByStep(course, body);
  }

  private void reset() throws IOException {
    try {
      SmtpReply reply = ask("resetting the session", new SmtpCommand.Rset(), timeouts.quit());
      if (!reply.isPositive()) {
        throw new StaleSessionException("RSET: " + reply);
      }
    } catch (IOException gone) {
      throw stale(gone);
    }
  }

  private static StaleSessionException stale(IOException gone) {
    StaleSessionException stale = new StaleSessionException(gone.toString());
    stale.initCause(gone);
    return stale;
  }

  /** All envelope commands in one go, then their replies in order. RFC 2920 section 3.1. */
  private boolean pipelined(Course course, MessageSource body) throws IOException {
    connection.stage("sending the envelope", timeouts.mail());
    SmtpReply mailReply;
    try {
      connection.out().write(mail(course.transaction, body).encode());
      for (QueueEntry entry : course.transaction.entries()) {
        connection.out().write(rcpt(entry).encode());
      }
      connection.out().write(new SmtpCommand.Data().encode());
      connection.out().flush();
      mailReply = reply("waiting for the answer to MAIL", timeouts.mail());
    } catch (IOException gone) {
      throw begun > 1 && !connection.overdue() ? stale(gone) : gone;
    }
    requireAlive(mailReply);
    if (!isUsable(mailReply)) {
      course.rest(verdict(mailReply));
      return false;
    }
    for (QueueEntry entry : course.transaction.entries()) {
      SmtpReply reply = reply("waiting for the answer to RCPT", timeouts.rcpt());
      course.rcpt(entry, mailReply.isPositive() ? reply : mailReply);
      if (!isUsable(reply)) {
        course.rest(verdict(reply));
        return false;
      }
    }
    SmtpReply data = reply("waiting for the answer to DATA", timeouts.dataStart());
    if (course.accepted.isEmpty()) {
      if (data.isIntermediate()) {
        // RFC 2920 section 3.1: a peer that wants a message for nobody gets an empty one.
        connection.out().write(new byte[] {'.', '\r', '\n'});
        connection.out().flush();
        reply("waiting for the answer to an empty message", timeouts.dataEnd());
      }
      return isUsable(data);
    }
    return dataAnswered(course, body, data);
  }

  private boolean stepByStep(Course course, MessageSource body) throws IOException {
    SmtpReply mailReply;
    try {
      mailReply = ask("sending MAIL", mail(course.transaction, body), timeouts.mail());
    } catch (IOException gone) {
      throw begun > 1 && !connection.overdue() ? stale(gone) : gone;
    }
    requireAlive(mailReply);
    for (QueueEntry entry : course.transaction.entries()) {
      if (!mailReply.isPositive()) {
        course.rcpt(entry, mailReply);
        continue;
      }
      SmtpReply reply = ask("sending RCPT", rcpt(entry), timeouts.rcpt());
      course.rcpt(entry, reply);
      if (!isUsable(reply)) {
        course.rest(verdict(reply));
        return false;
      }
    }
    if (course.accepted.isEmpty()) {
      return isUsable(mailReply);
    }
    SmtpReply data = ask("sending DATA", new SmtpCommand.Data(), timeouts.dataStart());
    return dataAnswered(course, body, data);
  }

  private boolean dataAnswered(Course course, MessageSource body, SmtpReply data)
      throws IOException {
    if (!data.isIntermediate()) {
      course.accepted(verdict(data));
      return isUsable(data);
    }
    sendBody(body);
    // If the connection is lost between here and the reply, nobody can know whether the peer took
    // the message. Deferring it may deliver it twice, failing it may lose it: RFC 1047 explains why
    // no client can do better, and a copy is the smaller harm.
    SmtpReply done = reply("waiting for the answer to the message", timeouts.dataEnd());
    course.accepted(verdict(done));
    resetDue = !done.isPositive();
    return isUsable(done);
  }

  private void sendBody(MessageSource body) throws IOException {
    DotWriter dots = new DotWriter(connection.out());
    byte[] block = new byte[PeerConnection.BLOCK_OCTETS];
    try (InputStream in = open(body)) {
      for (int count = read(in, block); count >= 0; count = read(in, block)) {
        connection.stage("sending the message", timeouts.dataBlock());
        dots.write(block, 0, count);
      }
    }
    connection.stage("sending the end of the message", timeouts.dataBlock());
    dots.finish();
    connection.out().flush();
  }

  private static InputStream open(MessageSource body) throws UnreadableBodyException {
    try {
      return body.open();
    } catch (IOException failure) {
      throw new UnreadableBodyException(failure);
    }
  }

  private static int read(InputStream in, byte[] block) throws UnreadableBodyException {
    try {
      return in.read(block);
    } catch (IOException failure) {
      throw new UnreadableBodyException(failure);
    }
  }

  private SmtpCommand mail(Transaction transaction, MessageSource body) {
    MailParameters parameters = MailParameters.NONE;
    if (offered.size()) {
      parameters = parameters.withSize(body.octets());
    }
    if (transaction.key().eightBit() && offered.eightBitMime()) {
      parameters = parameters.withBody(MailParameters.BodyType.EIGHT_BIT_MIME);
    }
    if (transaction.key().smtpUtf8()) {
      parameters = parameters.withSmtpUtf8();
    }
    return new SmtpCommand.Mail(transaction.key().sender(), parameters);
  }

  private static SmtpCommand rcpt(QueueEntry entry) {
    return new SmtpCommand.Rcpt(entry.recipient(), RcptParameters.NONE);
  }

  private SmtpReply ask(String doing, SmtpCommand command, Duration atMost) throws IOException {
    connection.stage(doing, atMost);
    connection.out().write(command.encode());
    connection.out().flush();
    return SmtpReplyReader.read(connection.in());
  }

  private SmtpReply reply(String doing, Duration atMost) throws IOException {
    connection.stage(doing, atMost);
    return SmtpReplyReader.read(connection.in());
  }

  /** A peer that says goodbye to a session that was used before has only grown tired of it. */
  private void requireAlive(SmtpReply mailReply) throws StaleSessionException {
    if (mailReply.code() == CLOSING && begun > 1) {
      throw new StaleSessionException("MAIL: " + mailReply);
    }
  }

  /** RFC 5321 section 4.2.2: the server closes the connection. */
  static final int CLOSING = 421;

  private static boolean isUsable(SmtpReply reply) {
    return reply.code() != CLOSING;
  }

  private Outcome verdict(SmtpReply reply) {
    return verdict(host, reply);
  }

  /** What a final reply means for a recipient. */
  static Outcome verdict(String host, SmtpReply reply) {
    Diagnosis diagnosis = diagnosis(host, reply);
    if (reply.isPositive()) {
      return new Outcome.Delivered(diagnosis);
    }
    // A 3yz where none belongs is a confused peer: later it may be another one.
    return reply.isPermanent() ? new Outcome.Failed(diagnosis) : new Outcome.Deferred(diagnosis);
  }

  static Diagnosis diagnosis(String host, SmtpReply reply) {
    int kind = reply.isPermanent() ? 5 : reply.isPositive() ? 2 : 4;
    String status = reply.status().map(Object::toString).orElse(kind + ".0.0");
    return Diagnosis.reply(host, status, reply.toString());
  }

  /** Why a connection failed, in words that tell a sender nothing of our insides. */
  static Diagnosis lost(PeerConnection connection, String host, IOException cause) {
    String doing = " while " + connection.stage();
    log.info(
        "relay.connection-lost host={} address={} overdue={} stage=\"{}\" cause=\"{}\"",
        host,
        connection.remoteAddress().getHostAddress(),
        connection.overdue(),
        connection.stage(),
        cause.getMessage());
    if (connection.overdue()) {
      return Diagnosis.ours("4.4.2", "The server " + host + " took too long" + doing + ".");
    }
    if (cause instanceof SmtpReplyException) {
      return Diagnosis.ours(
          "4.5.0", "The server " + host + " broke the rules of SMTP" + doing + ".");
    }
    return Diagnosis.ours("4.4.2", "The connection to " + host + " was lost" + doing + ".");
  }

  /** Says goodbye, for which the peer has a moment, and closes. */
  void quit() {
    try {
      ask("saying goodbye", new SmtpCommand.Quit(), timeouts.quit());
      connection.closeGently();
    } catch (IOException gone) {
      log.debug("relay.quit-unanswered host={} cause=\"{}\"", host, gone.getMessage());
    } finally {
      close();
    }
  }

  @Override
  public void close() {
    connection.close();
  }

  /** What the peer said so far about each recipient of one transaction. */
  private final class Course {

    private final Transaction transaction;
    private final Map<QueueEntry, Outcome> outcomes = new HashMap<>();
    private final List<QueueEntry> accepted = new ArrayList<>();
    private final List<QueueEntry> leftOver = new ArrayList<>();

    Course(Transaction transaction) {
      this.transaction = transaction;
    }

    void rcpt(QueueEntry entry, SmtpReply reply) {
      if (reply.isPositive()) {
        accepted.add(entry);
      } else if (!accepted.isEmpty() && isTooMany(reply)) {
        leftOver.add(entry);
      } else {
        outcomes.put(entry, verdict(reply));
      }
    }

    /** The fate of those whom the peer accepted. */
    void accepted(Outcome outcome) {
      accepted.forEach(entry -> outcomes.put(entry, outcome));
    }

    /** The fate of all who have none yet. */
    void rest(Outcome outcome) {
      leftOver.clear();
      transaction.entries().forEach(entry -> outcomes.putIfAbsent(entry, outcome));
    }

    Attempt result(boolean usable) {
      return new Attempt(outcomes, leftOver, usable);
    }
  }

  /**
   * RFC 5321 section 4.5.3.1.10: 452, of old 552, stands for "no more recipients in this
   * transaction", unless the enhanced status says that it is about something else.
   */
  private static boolean isTooMany(SmtpReply reply) {
    String status = reply.status().map(Object::toString).orElse("");
    return (reply.code() == 452 && (status.isEmpty() || status.equals("4.5.3")))
        || (reply.code() == 552 && status.equals("5.5.3"));
  }

  /** Our own disk failed, not the peer. */
  private static final class UnreadableBodyException extends IOException {
    private static final long serialVersionUID = 1L;

    UnreadableBodyException(IOException cause) {
      super(cause.toString(), cause);
    }
  }
}
