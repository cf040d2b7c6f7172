package dev.postrider.server.smtp;

import dev.postrider.protocol.smtp.SmtpReply;
import dev.postrider.storage.messages.MessageSource;
import dev.postrider.storage.messages.Spool;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A message being received. What goes wrong is kept until the peer has said all of it, for only
 * then a reply is due; from there on its octets are counted and thrown away.
 */
final class Reception implements AutoCloseable {

  private final Spool.Spooled spooled;
  private final long octetsMax;
  private long octets;
  private @Nullable IOException failure;

  private Reception(Spool.Spooled spooled, long octetsMax) {
    this.spooled = spooled;
    this.octetsMax = octetsMax;
  }

  static Reception begin(Spool spool, long octetsMax) throws IOException {
    return new Reception(spool.begin(), octetsMax);
  }

  void add(byte[] from, int offset, int length) {
    octets += length;
    if (octets > octetsMax || failure != null) {
      return;
    }
    try {
      spooled.out().write(from, offset, length);
    } catch (IOException e) {
      failure = e;
    }
  }

  long octets() {
    return octets;
  }

  /** Whether so much more than allowed has come that the rest is not worth waiting for. */
  boolean isHopeless() {
    return octets > 2 * octetsMax;
  }

  /** Why it cannot be taken; empty when all of it is there. */
  Optional<Answer> refusal() {
    if (octets > octetsMax) {
      return Optional.of(tooBig(octetsMax));
    }
    return Optional.ofNullable(failure).map(Reception::notWritten);
  }

  static Answer tooBig(long octetsMax) {
    return Answer.say(
        SmtpReply.of(552, "5.3.4", "Message is larger than the " + octetsMax + " octets allowed"));
  }

  static Answer notWritten(IOException cause) {
    return Answer.say(452, "4.3.1", "Out of space, try again later").because(cause.toString());
  }

  MessageSource message() {
    return spooled;
  }

  @Override
  public void close() {
    spooled.close();
  }
}
