package dev.postrider.server.smtp;

import dev.postrider.protocol.smtp.DotReader;
import dev.postrider.protocol.smtp.SmtpReply;
import java.io.IOException;
import java.util.Optional;

/** DATA. RFC 5321 section 4.1.1.4. */
final class DataHandler {

  private static final int CHUNK_OCTETS = 16 * 1024;

  private final Services services;
  private final Acceptance acceptance;

  DataHandler(Services services, Acceptance acceptance) {
    this.services = services;
    this.acceptance = acceptance;
  }

  Answer handle(SessionState state, Transaction transaction, Peer peer) throws IOException {
    Reception reception;
    try {
      reception = Reception.begin(services.spool(), services.config().limits().messageOctetsMax());
    } catch (IOException e) {
      return Reception.notWritten(e);
    }
    transaction.receive(reception);
    peer.goOn(SmtpReply.plain(354, "Send the message, end it with a line of one dot"));
    DotReader text = new DotReader(peer.octets());
    byte[] chunk = new byte[CHUNK_OCTETS];
    for (int count = text.read(chunk, 0, chunk.length);
        count >= 0;
        count = text.read(chunk, 0, chunk.length)) {
      reception.add(chunk, 0, count);
      if (reception.isHopeless()) {
        return Answer.close(552, "5.3.4", "Message is far too large, closing");
      }
    }
    try {
      Optional<Answer> refusal =
          text.violation().map(violation -> Answer.say(violation.reply())).or(reception::refusal);
      return refusal.orElseGet(() -> acceptance.accept(state, transaction, reception.message()));
    } finally {
      state.endTransaction();
    }
  }
}
