package dev.postrider.server.smtp;

import dev.postrider.protocol.smtp.SmtpReply;
import dev.postrider.protocol.text.LineReader;
import java.io.IOException;

/** What a handler may do with the peer within one command; the session does it. */
interface Peer {

  /** Sends a reply of the kind "go on" (3yz) at once. */
  void goOn(SmtpReply reply) throws IOException;

  /** A line after it, at most so long. */
  byte[] line(int octetsMax) throws IOException;

  /** What the peer sends, for the message behind DATA and BDAT. */
  LineReader octets() throws IOException;
}
