package dev.postrider.protocol.sasl;

import dev.postrider.protocol.sasl.SaslStep.Credentials;
import dev.postrider.protocol.sasl.SaslStep.Reason;
import dev.postrider.protocol.sasl.SaslStep.Rejected;
import java.util.Optional;

/** {@code [authzid] NUL authcid NUL passwd}. RFC 4616 section 2. */
final class PlainServer extends SaslServer {

  @Override
  String firstChallenge() {
    return "";
  }

  @Override
  SaslStep respond(String response) {
    String[] parts = response.split("\0", -1);
    if (parts.length != 3 || parts[1].isEmpty() || parts[2].isEmpty()) {
      return new Rejected(Reason.MALFORMED);
    }
    Optional<String> authorizationId =
        Optional.of(parts[0]).filter(id -> !id.isEmpty() && !id.equals(parts[1]));
    return new Credentials(authorizationId, parts[1], parts[2]);
  }
}
