package dev.postrider.protocol.smtp;

import java.io.IOException;

/** A server answered something that is not a reply. The connection is of no more use. */
public final class SmtpReplyException extends IOException {

  SmtpReplyException(String message) {
    super(message);
  }
}
