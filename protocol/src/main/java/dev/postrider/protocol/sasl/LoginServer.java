package dev.postrider.protocol.sasl;

import dev.postrider.protocol.sasl.SaslStep.Challenge;
import dev.postrider.protocol.sasl.SaslStep.Credentials;
import dev.postrider.protocol.sasl.SaslStep.Reason;
import dev.postrider.protocol.sasl.SaslStep.Rejected;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Asks for a name and for a password. No standard describes it; the two prompts are those that
 * Outlook compares letter by letter.
 */
final class LoginServer extends SaslServer {

  private @Nullable String user;

  @Override
  String firstChallenge() {
    return "Username:";
  }

  @Override
  SaslStep respond(String response) {
    if (response.isEmpty() || response.indexOf('\0') >= 0) {
      return new Rejected(Reason.MALFORMED);
    }
    String known = user;
    if (known == null) {
      user = response;
      return new Challenge(encode("Password:"));
    }
    return new Credentials(Optional.empty(), known, response);
  }
}
