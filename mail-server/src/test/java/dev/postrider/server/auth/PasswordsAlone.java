package dev.postrider.server.auth;

import dev.postrider.protocol.sasl.SaslMechanism;
import dev.postrider.protocol.sasl.SaslStep;
import dev.postrider.protocol.sasl.ScramHash;
import dev.postrider.protocol.sasl.ScramKeys;
import dev.postrider.server.net.Connection;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/** Offers PLAIN and LOGIN over TLS, so that nobody comes with anything but a password. */
@FunctionalInterface
public interface PasswordsAlone extends Authenticator {

  @Override
  default List<SaslMechanism> mechanisms(Connection connection) {
    return connection.tls().isPresent()
        ? List.of(SaslMechanism.PLAIN, SaslMechanism.LOGIN)
        : List.of();
  }

  @Override
  default ScramKeys scramKeys(String name, ScramHash hash) {
    throw notOffered();
  }

  @Override
  default Outcome authenticate(SaslStep.ScramProof proof, InetAddress from) {
    throw notOffered();
  }

  @Override
  default Outcome authenticate(List<String> names, Optional<String> wanted, InetAddress from) {
    throw notOffered();
  }

  @Override
  default Outcome authenticate(SaslStep.Bearer bearer, InetAddress from) {
    throw notOffered();
  }

  @Override
  default TokenHint tokenHint() {
    return TokenHint.NONE;
  }

  private static AssertionError notOffered() {
    return new AssertionError("only passwords are offered");
  }
}
