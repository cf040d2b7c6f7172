package dev.postrider.server.smtp;

import dev.postrider.protocol.address.MailAddress;
import dev.postrider.protocol.smtp.MailParameters;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** From MAIL to the reply to the message. RFC 5321 section 3.3. */
final class Transaction implements AutoCloseable {

  private final String id;
  private final Optional<MailAddress> sender;
  private final MailParameters parameters;
  private final List<MailAddress> recipients = new ArrayList<>();
  private @Nullable Reception reception;

  Transaction(String id, Optional<MailAddress> sender, MailParameters parameters) {
    this.id = id;
    this.sender = sender;
    this.parameters = parameters;
  }

  String id() {
    return id;
  }

  Optional<MailAddress> sender() {
    return sender;
  }

  MailParameters parameters() {
    return parameters;
  }

  List<MailAddress> recipients() {
    return recipients;
  }

  /** The message, once DATA or the first chunk has come. */
  Optional<Reception> reception() {
    return Optional.ofNullable(reception);
  }

  void receive(Reception begun) {
    reception = begun;
  }

  @Override
  public void close() {
    if (reception != null) {
      reception.close();
    }
  }
}
