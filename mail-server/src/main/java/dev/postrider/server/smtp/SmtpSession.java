package dev.postrider.server.smtp;

import dev.postrider.protocol.smtp.SmtpCommand;
import dev.postrider.protocol.smtp.SmtpCommandParser;
import dev.postrider.protocol.smtp.SmtpReply;
import dev.postrider.protocol.smtp.SmtpSyntaxException;
import dev.postrider.protocol.text.BareLineEndingException;
import dev.postrider.protocol.text.LineEnding;
import dev.postrider.protocol.text.LineReader;
import dev.postrider.protocol.text.LineTooLongException;
import dev.postrider.server.config.ListenerKind;
import dev.postrider.server.net.Connection;
import dev.postrider.server.net.ConnectionHandler.Drain;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * One SMTP session, from the greeting to the end.
 *
 * <p>A loop: read a line, parse it, look up the facts of its command, call its handler, write the
 * reply. Replies collect while more commands are buffered, and go out before anything is waited for
 * (RFC 2920 section 3.2). Only this class writes, but for one line: when the server stops while the
 * session waits for a command, {@link Idleness} says goodbye from another thread.
 */
final class SmtpSession {

  private static final Logger log = LoggerFactory.getLogger(SmtpSession.class);

  /** Refused commands since the last message that was accepted, after which a stranger goes. */
  static final int REFUSALS_MAX = 20;

  /** The same for somebody who has logged in: a list of recipients may be old. */
  static final int REFUSALS_OF_USERS_MAX = 200;

  /** Commands since the last message that was accepted. Nobody needs as many. */
  static final int COMMANDS_MAX = 20_000;

  private final Services services;
  private final SessionState state;
  private final Connection connection;
  private final LineReader lines;
  private final Idleness idleness;
  private final Peer peer = new SessionPeer();
  private final Handlers handlers;
  private int refusals;
  private int commands;

  SmtpSession(Services services, Connection connection, ListenerKind kind, Drain drain) {
    this.services = services;
    this.connection = connection;
    this.state = new SessionState(connection, kind);
    this.lines = new LineReader(new FlushingInput(connection));
    this.idleness = new Idleness(connection, drain);
    this.handlers = new Handlers(services);
  }

  void run() throws IOException {
    connection.readTimeout(services.config().limits().commandTimeout());
    try {
      if (greet()) {
        converse();
      }
    } catch (SocketTimeoutException e) {
      String text = "Nothing heard for " + services.config().limits().commandTimeout().toSeconds();
      write(SmtpReply.of(421, "4.4.2", text + " seconds, closing"));
      connection.out().flush();
      log.info("smtp.timeout session={}", connection.id());
    } finally {
      state.endTransaction();
    }
  }

  /** A client that talks before it was greeted does not listen, as programs that send spam do. */
  private boolean greet() throws IOException {
    if (!state.isSubmission() && connection.in().available() > 0) {
      write(SmtpReply.of(554, "5.5.1", "Wait for the greeting before you talk"));
      connection.out().flush();
      log.info("smtp.refused session={} reason={}", connection.id(), "talked before the greeting");
      return false;
    }
    write(SmtpReply.plain(220, services.config().hostname() + " ESMTP Postrider"));
    connection.out().flush();
    return true;
  }

  private void converse() throws IOException {
    while (true) {
      Optional<Answer> answered = next();
      if (answered.isEmpty()) {
        return;
      }
      Answer answer = answered.get();
      write(answer.reply());
      switch (answer.next()) {
        case COMMAND -> {}
        case HANDSHAKE -> {
          connection.out().flush();
          connection.startTls();
          state.forgetAll();
        }
        case CLOSE -> {
          connection.out().flush();
          return;
        }
      }
    }
  }

  /** The answer to the next line; empty when there is none any more. */
  private Optional<Answer> next() throws IOException {
    try {
      byte[] line = readCommand();
      return line == null ? Optional.empty() : Optional.of(count(answer(line)));
    } catch (LineTooLongException e) {
      return Optional.of(
          count(
              Answer.say(
                  500,
                  "5.5.2",
                  "Line longer than " + SmtpCommandParser.LINE_OCTETS_MAX + " octets")));
    } catch (BareLineEndingException e) {
      return Optional.of(
          count(Answer.say(500, "5.5.2", "End every line with CRLF, a CR or LF alone is refused")));
    }
  }

  private byte @Nullable [] readCommand() throws IOException {
    if (lines.lineBuffered()) {
      return lines.readLine(SmtpCommandParser.LINE_OCTETS_MAX, LineEnding.STRICT);
    }
    connection.out().flush();
    lines.releaseBuffer();
    if (!idleness.begin()) {
      return null;
    }
    try {
      return lines.readLine(SmtpCommandParser.LINE_OCTETS_MAX, LineEnding.STRICT);
    } catch (IOException e) {
      if (idleness.saidGoodbye()) {
        return null;
      }
      throw e;
    } finally {
      idleness.end();
    }
  }

  private Answer answer(byte[] line) throws IOException {
    SmtpCommand command;
    try {
      command = SmtpCommandParser.parse(line);
    } catch (SmtpSyntaxException e) {
      return Answer.say(e.reply());
    }
    Verb verb = Verb.of(command);
    Optional<SmtpReply> missing = verb.missing(state);
    Answer answer =
        missing.isPresent()
            ? Answer.say(missing.get())
            : handlers.handle(command, state, peer, lines.buffered());
    if (verb == Verb.DATA || verb == Verb.BDAT) {
      acceptedOrNot(answer);
    }
    return answer;
  }

  /** Whoever brings mail starts with a clean slate. */
  private void acceptedOrNot(Answer answer) {
    if (!answer.refuses()) {
      refusals = 0;
      commands = 0;
    }
  }

  /** Logs a refusal, and ends a session that has had too many. */
  private Answer count(Answer answer) {
    commands++;
    if (answer.refuses()) {
      refusals++;
      log.atLevel(answer.ownFault() ? Level.WARN : Level.INFO)
          .log(
              "smtp.refused session={} remote={} account={} from={} reply={} reason={}",
              connection.id(),
              connection.remote().getAddress().getHostAddress(),
              state.account().map(account -> account.address().toString()).orElse("-"),
              state
                  .transaction()
                  .map(t -> t.sender().map(Object::toString).orElse("<>"))
                  .orElse("-"),
              answer.reply(),
              answer.reason().isEmpty() ? "-" : answer.reason());
    }
    int refusalsMax = state.account().isPresent() ? REFUSALS_OF_USERS_MAX : REFUSALS_MAX;
    if (answer.next() == Answer.Next.COMMAND && refusals >= refusalsMax) {
      return tooMuch("Too many errors, closing");
    }
    if (answer.next() == Answer.Next.COMMAND && commands >= COMMANDS_MAX) {
      return tooMuch("Too many commands without a message, closing");
    }
    return answer;
  }

  private Answer tooMuch(String text) {
    log.info("smtp.cut-off session={} reason={}", connection.id(), text);
    return Answer.close(421, "4.7.0", text);
  }

  private void write(SmtpReply reply) throws IOException {
    connection.out().write(reply.encode());
  }

  /** What handlers see of the peer. */
  private final class SessionPeer implements Peer {
    @Override
    public void goOn(SmtpReply reply) throws IOException {
      write(reply);
      connection.out().flush();
    }

    @Override
    public byte[] line(int octetsMax) throws IOException {
      byte[] line = lines.readLine(octetsMax, LineEnding.STRICT);
      if (line == null) {
        throw new EOFException("the peer went away within a command");
      }
      return line;
    }

    @Override
    public LineReader octets() throws IOException {
      connection.out().flush();
      return lines;
    }
  }
}
