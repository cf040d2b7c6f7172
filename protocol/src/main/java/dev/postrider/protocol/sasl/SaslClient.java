package dev.postrider.protocol.sasl;

import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** The client's half of one exchange. */
public final class SaslClient {

  /** What is spoken here, best first. */
  private static final List<String> MECHANISMS = List.of("PLAIN", "LOGIN");

  private final String mechanism;
  private final String user;
  private final String password;
  private int responses;

  private SaslClient(String mechanism, String user, String password) {
    if (user.isEmpty() || user.indexOf('\0') >= 0 || password.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("user and password must be there and without NUL");
    }
    this.mechanism = mechanism;
    this.user = user;
    this.password = password;
  }

  /** RFC 4616. */
  public static SaslClient plain(String user, String password) {
    return new SaslClient("PLAIN", user, password);
  }

  /** For servers that know no better. */
  public static SaslClient login(String user, String password) {
    return new SaslClient("LOGIN", user, password);
  }

  /** The best that both sides know; {@code offered} in upper case. */
  public static Optional<SaslClient> choose(
      Collection<String> offered, String user, String password) {
    return MECHANISMS.stream()
        .filter(offered::contains)
        .findFirst()
        .map(mechanism -> new SaslClient(mechanism, user, password));
  }

  public String mechanism() {
    return mechanism;
  }

  /** What may be sent along with the mechanism, in base64; empty when the mechanism has none. */
  public Optional<String> initialResponse() {
    if (!mechanism.equals("PLAIN")) {
      return Optional.empty();
    }
    responses++;
    return Optional.of(plainResponse());
  }

  /**
   * The answer to the next challenge, in base64. Empty when the server asks more than the mechanism
   * has to say; then {@code *} ends the exchange. What the challenge says does not matter to either
   * mechanism.
   */
  public Optional<String> next() {
    responses++;
    if (mechanism.equals("PLAIN")) {
      return responses == 1 ? Optional.of(plainResponse()) : Optional.empty();
    }
    return switch (responses) {
      case 1 -> Optional.of(SaslServer.encode(user));
      case 2 -> Optional.of(SaslServer.encode(password));
      default -> Optional.empty();
    };
  }

  private String plainResponse() {
    return SaslServer.encode("\0" + user + "\0" + password);
  }
}
