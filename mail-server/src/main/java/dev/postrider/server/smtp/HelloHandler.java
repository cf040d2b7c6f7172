package dev.postrider.server.smtp;

import dev.postrider.protocol.sasl.SaslMechanism;
import dev.postrider.protocol.smtp.SmtpReply;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** EHLO and HELO. RFC 5321 section 4.1.1.1. */
final class HelloHandler {

  private final Services services;

  HelloHandler(Services services) {
    this.services = services;
  }

  Answer ehlo(String name, SessionState state) {
    state.greeted(new SessionState.Hello(name, true));
    return Answer.say(SmtpReply.plain(250, extensions(state).toArray(String[]::new)));
  }

  Answer helo(String name, SessionState state) {
    state.greeted(new SessionState.Hello(name, false));
    return Answer.say(SmtpReply.plain(250, services.config().hostname()));
  }

  private List<String> extensions(SessionState state) {
    List<String> lines = new ArrayList<>();
    lines.add(services.config().hostname());
    lines.add("PIPELINING");
    lines.add("SIZE " + services.config().limits().messageOctetsMax());
    lines.add("8BITMIME");
    lines.add("SMTPUTF8");
    lines.add("ENHANCEDSTATUSCODES");
    lines.add("CHUNKING");
    if (!state.isEncrypted()) {
      lines.add("STARTTLS");
    } else if (state.isSubmission() && state.account().isEmpty()) {
      lines.add(
          services.authenticator().mechanisms(state.connection()).stream()
              .map(SaslMechanism::word)
              .collect(Collectors.joining(" ", "AUTH ", "")));
    }
    return lines;
  }
}
