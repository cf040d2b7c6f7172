package dev.postrider.server.smtp;

import dev.postrider.protocol.smtp.LineEndingCheck;
import dev.postrider.protocol.smtp.SmtpCommand.Bdat;
import dev.postrider.protocol.smtp.SmtpReply;
import dev.postrider.protocol.text.LineReader;
import java.io.EOFException;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * BDAT. RFC 3030 section 2.
 *
 * <p>The octets of a chunk follow the command whatever the reply will be, and must never be taken
 * for commands: they are read first, and the reply comes after. A chunk that is refused ends the
 * transaction, so the ones that were pipelined behind it find none. The message is ours to relay by
 * DATA, so its lines are held to the same rule as there.
 */
final class BdatHandler {

  private static final int CHUNK_OCTETS = 16 * 1024;

  private final Services services;
  private final Acceptance acceptance;

  /** Of the message being received; a session has one handler. */
  private @Nullable LineEndingCheck lines;

  BdatHandler(Services services, Acceptance acceptance) {
    this.services = services;
    this.acceptance = acceptance;
  }

  Answer handle(Bdat bdat, SessionState state, Peer peer) throws IOException {
    long octetsMax = services.config().limits().messageOctetsMax();
    if (bdat.octets() > 2 * octetsMax) {
      state.endTransaction();
      return Answer.close(552, "5.3.4", "Chunk is far too large, closing");
    }
    Optional<SmtpReply> missing =
        Verb.Need.TRANSACTION.missing(state).or(() -> Verb.Need.RECIPIENT.missing(state));
    Optional<Transaction> open = state.transaction();
    if (missing.isPresent() || open.isEmpty()) {
      peer.octets().skip(bdat.octets());
      state.endTransaction();
      return Answer.say(missing.orElseGet(() -> SmtpReply.of(503, "5.5.1", "Say MAIL FROM first")));
    }
    Transaction transaction = open.get();
    Reception reception;
    try {
      reception = reception(transaction, octetsMax);
    } catch (IOException e) {
      peer.octets().skip(bdat.octets());
      state.endTransaction();
      return Reception.notWritten(e);
    }
    LineEndingCheck check = lines == null ? new LineEndingCheck() : lines;
    lines = check;
    receive(bdat.octets(), peer.octets(), reception, check);
    if (!bdat.last()) {
      Optional<Answer> refusal = reception.refusal();
      refusal.ifPresent(r -> state.endTransaction());
      return refusal.orElseGet(() -> Answer.say(250, "2.0.0", bdat.octets() + " octets received"));
    }
    try {
      return reception
          .refusal()
          .or(() -> check.end().map(violation -> Answer.say(violation.reply())))
          .orElseGet(() -> acceptance.accept(state, transaction, reception.message()));
    } finally {
      state.endTransaction();
    }
  }

  private Reception reception(Transaction transaction, long octetsMax) throws IOException {
    Optional<Reception> begun = transaction.reception();
    if (begun.isPresent()) {
      return begun.get();
    }
    Reception first = Reception.begin(services.spool(), octetsMax);
    transaction.receive(first);
    lines = null;
    return first;
  }

  private static void receive(
      long octets, LineReader in, Reception reception, LineEndingCheck check) throws IOException {
    byte[] buffer = new byte[(int) Math.min(octets, CHUNK_OCTETS)];
    for (long left = octets; left > 0; ) {
      int count = in.read(buffer, 0, (int) Math.min(left, buffer.length));
      if (count < 0) {
        throw new EOFException("the connection ended within a chunk");
      }
      check.update(buffer, 0, count);
      reception.add(buffer, 0, count);
      left -= count;
    }
  }
}
