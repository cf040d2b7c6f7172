package dev.postrider.protocol.sasl;

import dev.postrider.protocol.sasl.SaslStep.External;
import dev.postrider.protocol.sasl.SaslStep.Reason;
import dev.postrider.protocol.sasl.SaslStep.Rejected;
import java.util.Optional;

/** Whom the client wants to act as, if it says so. RFC 4422 appendix A. */
final class ExternalServer extends SaslServer {

  @Override
  String firstChallenge() {
    return "";
  }

  @Override
  SaslStep respond(String response) {
    return response.indexOf('\0') >= 0
        ? new Rejected(Reason.MALFORMED)
        : new External(Optional.of(response).filter(id -> !id.isEmpty()));
  }
}
