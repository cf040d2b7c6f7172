package dev.postrider.protocol.sasl;

import dev.postrider.protocol.sasl.SaslStep.Challenge;
import dev.postrider.protocol.sasl.SaslStep.Reason;
import dev.postrider.protocol.sasl.SaslStep.Rejected;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** The server's half of one exchange: {@link #begin} once, then {@link #next} for every line. */
public abstract sealed class SaslServer
    permits BearerServer, ExternalServer, PlainServer, LoginServer, ScramServer {

  /** Characters of base64 in one response; RFC 4954 section 4 asks for 12288. */
  public static final int RESPONSE_CHARS_MAX = 12_288;

  private boolean over;

  SaslServer() {}

  /**
   * What is said of the connection that an exchange is made on.
   *
   * @param mechanisms that clients can choose from there
   * @param bindings of that connection
   * @param nonce that nobody can guess: printable ASCII without comma. RFC 5802 section 5.1
   */
  public record Offer(
      List<SaslMechanism> mechanisms, ChannelBinding.Source bindings, String nonce) {
    public Offer {
      mechanisms = List.copyOf(mechanisms);
    }

    boolean isBindingOffered() {
      return mechanisms.stream().anyMatch(SaslMechanism::isBound);
    }
  }

  /** A new exchange. */
  public static SaslServer of(SaslMechanism mechanism, Offer offer) {
    return switch (mechanism) {
      case EXTERNAL -> new ExternalServer();
      case SCRAM_SHA_256_PLUS -> new ScramServer(ScramHash.SHA_256, true, offer);
      case SCRAM_SHA_256 -> new ScramServer(ScramHash.SHA_256, false, offer);
      case SCRAM_SHA_1_PLUS -> new ScramServer(ScramHash.SHA_1, true, offer);
      case SCRAM_SHA_1 -> new ScramServer(ScramHash.SHA_1, false, offer);
      case PLAIN -> new PlainServer();
      case LOGIN -> new LoginServer();
      case OAUTHBEARER -> new BearerServer(false);
      case XOAUTH2 -> new BearerServer(true);
    };
  }

  /**
   * The first step.
   *
   * @param initialResponse base64 as the client wrote it behind the mechanism, where {@code =} is
   *     an empty response (RFC 4954 section 4, RFC 4959 section 3)
   */
  public final SaslStep begin(Optional<String> initialResponse) {
    if (initialResponse.isEmpty()) {
      return new Challenge(encode(firstChallenge()));
    }
    String written = initialResponse.get();
    return closing(written.equals("=") ? respond("") : decoded(written));
  }

  /** The step after a line of the client, without its CRLF: base64, or {@code *} to give up. */
  public final SaslStep next(String line) {
    return closing(line.equals("*") ? new Rejected(Reason.CANCELLED) : decoded(line));
  }

  /** What was rejected stays so. */
  private SaslStep closing(SaslStep step) {
    if (over) {
      return new Rejected(Reason.MALFORMED);
    }
    over = step instanceof Rejected;
    return step;
  }

  abstract String firstChallenge();

  abstract SaslStep respond(String response);

  static String encode(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private SaslStep decoded(String base64) {
    if (base64.length() > RESPONSE_CHARS_MAX) {
      return new Rejected(Reason.TOO_LONG);
    }
    byte[] octets;
    try {
      octets = Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException notBase64) {
      return new Rejected(Reason.NOT_BASE64);
    }
    try {
      return respond(
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(octets)).toString());
    } catch (CharacterCodingException notUtf8) {
      return new Rejected(Reason.MALFORMED);
    }
  }
}
