package dev.postrider.server.smtp;

import dev.postrider.protocol.message.HeaderField;
import dev.postrider.protocol.message.HeaderLimitException;
import dev.postrider.protocol.message.Headers;
import dev.postrider.protocol.message.TraceHeaders;
import dev.postrider.protocol.smtp.SmtpReply;
import dev.postrider.server.intake.Envelope;
import dev.postrider.server.intake.Intake;
import dev.postrider.server.policy.Candidate;
import dev.postrider.server.policy.Verdict;
import dev.postrider.storage.StoreException;
import dev.postrider.storage.messages.MessageSource;
import dev.postrider.storage.queue.QueueId;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * From the last octet of a message to the reply: judged, given its trace, stored. The reply is
 * positive only when the message is on disk.
 */
final class Acceptance {

  private static final Logger log = LoggerFactory.getLogger(Acceptance.class);

  private final Services services;

  Acceptance(Services services) {
    this.services = services;
  }

  Answer accept(SessionState state, Transaction transaction, MessageSource received) {
    try {
      Headers headers = readHeaders(received);
      Candidate candidate =
          new Candidate(
              transaction.id(),
              state.connection().remote().getAddress(),
              heloName(state),
              transaction.sender(),
              headers);
      return switch (services.policy().judge(candidate)) {
        case Verdict.Reject reject -> Answer.say(reject.reply()).because(reject.reason());
        case Verdict.Defer defer -> Answer.say(defer.reply()).because(defer.reason());
        case Verdict.Accept accept ->
            store(state, transaction, complete(state, transaction, received, headers, accept));
      };
    } catch (HeaderLimitException e) {
      return Answer.say(552, "5.3.4", "Message header is too large").because(e.toString());
    } catch (IOException e) {
      return Answer.say(451, "4.3.0", "Message could not be read back, try again later")
          .because(e.toString());
    }
  }

  private static Headers readHeaders(MessageSource message) throws IOException {
    try (InputStream in = new BufferedInputStream(message.open())) {
      return Headers.read(in);
    }
  }

  private MessageSource complete(
      SessionState state,
      Transaction transaction,
      MessageSource received,
      Headers headers,
      Verdict.Accept accept) {
    OffsetDateTime now = services.clock().instant().atOffset(ZoneOffset.UTC);
    String host = services.config().hostname();
    MessageSource message = received;
    if (state.isSubmission()) {
      Headers mended =
          SubmittedHeaders.complete(headers, transaction.id(), transaction.sender(), host, now);
      message = SubmittedHeaders.replaced(received, headers, mended);
    }
    ByteArrayOutputStream top = new ByteArrayOutputStream();
    top.writeBytes(trace(state, transaction, now).octets());
    for (HeaderField field : accept.fields()) {
      top.writeBytes(field.octets());
    }
    return message.prefixed(top.toByteArray());
  }

  private HeaderField trace(SessionState state, Transaction transaction, OffsetDateTime now) {
    boolean extended = state.hello().map(SessionState.Hello::extended).orElse(false);
    return TraceHeaders.received(
        new TraceHeaders.Hop(
            heloName(state),
            state.connection().remote().getAddress().getHostAddress(),
            services.config().hostname(),
            TraceHeaders.protocol(
                extended,
                transaction.parameters().smtpUtf8(),
                state.isEncrypted(),
                state.account().isPresent()),
            transaction.id(),
            transaction.recipients().size() == 1
                ? Optional.of(transaction.recipients().getFirst())
                : Optional.empty(),
            state.connection().tls().map(tls -> tls.protocol() + " " + tls.cipherSuite()),
            now));
  }

  private static String heloName(SessionState state) {
    return state.hello().map(SessionState.Hello::name).orElse("unknown");
  }

  private Answer store(SessionState state, Transaction transaction, MessageSource message) {
    Envelope envelope =
        new Envelope(
            transaction.sender(),
            transaction.recipients(),
            transaction.id(),
            transaction.parameters().smtpUtf8(),
            transaction.parameters().eightBit());
    try {
      Intake.Accepted accepted = services.intake().accept(envelope, message, List.of());
      log.info(
          "smtp.accepted session={} transaction={} account={} from={} octets={} recipients={}"
              + " delivered={} queued={}",
          state.sessionId(),
          transaction.id(),
          state.account().map(account -> account.address().toString()).orElse("-"),
          transaction.sender().map(Object::toString).orElse("<>"),
          message.octets(),
          transaction.recipients().size(),
          accepted.delivered(),
          accepted.queued().stream().map(QueueId::value).toList());
      return Answer.say(250, "2.0.0", "Accepted as " + transaction.id());
    } catch (StoreException e) {
      return refused(e);
    }
  }

  /** What a peer is told of a failure of the store; the operator gets its own words. */
  static Answer refused(StoreException e) {
    Answer answer =
        switch (e.kind()) {
          case OVER_QUOTA -> Answer.say(452, "4.2.2", "A mailbox is full, try again later");
          case NO_SPACE -> Answer.say(452, "4.3.1", "Out of space, try again later");
          case UNAVAILABLE ->
              Answer.say(451, "4.3.0", "The mail store does not answer, try again later");
          case NOT_FOUND -> Answer.say(450, "4.2.1", "A mailbox went away, try again");
          case FATAL -> Answer.close(421, "4.3.0", "The server has failed, try again later");
          case CLOSED -> Answer.close(421, "4.3.2", "The server is stopping, try again later");
          case EXISTS, REFUSED, CORRUPT, UNUSABLE ->
              Answer.say(
                  SmtpReply.of(451, "4.3.0", "Message could not be stored, try again later"));
        };
    return answer.because(e.kind() + ": " + e.getMessage());
  }
}
