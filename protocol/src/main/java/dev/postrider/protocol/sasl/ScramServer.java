package dev.postrider.protocol.sasl;

import dev.postrider.protocol.sasl.SaslStep.Challenge;
import dev.postrider.protocol.sasl.SaslStep.Finished;
import dev.postrider.protocol.sasl.SaslStep.Reason;
import dev.postrider.protocol.sasl.SaslStep.Rejected;
import dev.postrider.protocol.sasl.SaslStep.ScramProof;
import dev.postrider.protocol.sasl.SaslStep.ScramUser;
import dev.postrider.protocol.text.Octets;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * SCRAM. RFC 5802, RFC 7677.
 *
 * <p>The client says who it is: {@link ScramUser}, and whoever runs the exchange looks for keys and
 * calls {@link #keys}. The client's proof comes: {@link ScramProof}; if it is taken, {@link
 * #granted} tells the client that the server knows the password as well, and an empty line of the
 * client is the end, {@link Finished}. Nothing tells a client whether there is such a user before
 * its proof.
 */
public final class ScramServer extends SaslServer {

  /** What is waited for. */
  private enum State {
    FIRST,
    KEYS,
    PROOF,
    CHECKED,
    OVER
  }

  private final ScramHash hash;
  private final boolean bound;
  private final Offer offer;

  private State state = State.FIRST;
  private String gs2Header = "";
  private byte[] bindingData = new byte[0];
  private Optional<String> authorizationId = Optional.empty();
  private String user = "";
  private String clientFirstBare = "";
  private String clientNonce = "";
  private String serverFirst = "";
  private String serverSignature = "";
  private @Nullable ScramKeys keys;

  /** {@code bound}: to the connection, so that nobody can be between its ends. */
  ScramServer(ScramHash hash, boolean bound, Offer offer) {
    this.hash = hash;
    this.bound = bound;
    this.offer = offer;
  }

  @Override
  String firstChallenge() {
    return "";
  }

  @Override
  SaslStep respond(String response) {
    State now = state;
    state = State.OVER;
    return switch (now) {
      case FIRST -> first(response);
      case PROOF -> proof(response);
      case CHECKED -> response.isEmpty() ? new Finished() : malformed();
      case KEYS, OVER -> malformed();
    };
  }

  /** After {@link ScramUser}: what is known of the user, or what looks like it. */
  public Challenge keys(ScramKeys known) {
    require(State.KEYS);
    keys = known;
    serverFirst =
        "r="
            + clientNonce
            + offer.nonce()
            + ",s="
            + Base64.getEncoder().encodeToString(known.salt().toByteArray())
            + ",i="
            + known.iterations();
    state = State.PROOF;
    return new Challenge(encode(serverFirst));
  }

  /** After a {@link ScramProof} that was taken. */
  public Challenge granted() {
    require(State.CHECKED);
    return new Challenge(encode("v=" + serverSignature));
  }

  private void require(State wanted) {
    if (state != wanted) {
      throw new IllegalStateException(state + " is not " + wanted);
    }
  }

  /** gs2-header client-first-message-bare. RFC 5802 section 7. */
  private SaslStep first(String message) {
    int afterFlag = message.indexOf(',');
    int afterHeader = message.indexOf(',', afterFlag + 1);
    if (afterFlag < 0 || afterHeader < 0) {
      return malformed();
    }
    Optional<Reason> refused = bind(message.substring(0, afterFlag));
    if (refused.isPresent()) {
      return new Rejected(refused.get());
    }
    String authzid = message.substring(afterFlag + 1, afterHeader);
    Optional<String> actsAs = authzid.startsWith("a=") ? name(authzid) : Optional.empty();
    if (!authzid.isEmpty() && actsAs.isEmpty()) {
      return malformed();
    }
    gs2Header = message.substring(0, afterHeader + 1);
    clientFirstBare = message.substring(afterHeader + 1);
    // What comes behind the nonce is an extension that asks for nothing; one before would.
    String[] attributes = clientFirstBare.split(",", -1);
    if (attributes.length < 2 || !attributes[0].startsWith("n=") || !isNonce(attributes[1])) {
      return malformed();
    }
    Optional<String> named = name(attributes[0]);
    if (named.isEmpty()) {
      return malformed();
    }
    user = named.get();
    authorizationId = actsAs.filter(id -> !id.equals(user));
    clientNonce = attributes[1].substring(2);
    state = State.KEYS;
    return new ScramUser(hash, user);
  }

  /** Takes the flag of the channel binding. RFC 5802 section 6. */
  private Optional<Reason> bind(String flag) {
    if (flag.startsWith("p=")) {
      Optional<byte[]> data =
          ChannelBinding.called(flag.substring(2)).flatMap(offer.bindings()::of);
      if (!bound || data.isEmpty()) {
        return Optional.of(Reason.CHANNEL_BINDING);
      }
      bindingData = data.get();
      return Optional.empty();
    }
    boolean unbound = flag.equals("n") || flag.equals("y");
    if (!unbound) {
      return Optional.of(Reason.MALFORMED);
    }
    // Whoever can bind and did not see that this server can: somebody has removed it.
    boolean deceived = flag.equals("y") && offer.isBindingOffered();
    return bound || deceived ? Optional.of(Reason.CHANNEL_BINDING) : Optional.empty();
  }

  /** client-final-message. RFC 5802 section 7. */
  private SaslStep proof(String message) {
    int beforeProof = message.lastIndexOf(",p=");
    ScramKeys known = keys;
    if (beforeProof < 0 || known == null) {
      return malformed();
    }
    String withoutProof = message.substring(0, beforeProof);
    List<String> attributes = new ArrayList<>(Arrays.asList(withoutProof.split(",", -1)));
    byte[] proof = octets(message.substring(beforeProof + 3));
    if (attributes.size() < 2
        || !attributes.get(0).startsWith("c=")
        || !attributes.get(1).startsWith("r=")
        || proof.length != hash.octets()) {
      return malformed();
    }
    if (!Arrays.equals(octets(attributes.get(0).substring(2)), expectedBinding())) {
      return new Rejected(Reason.CHANNEL_BINDING);
    }
    if (!attributes.get(1).substring(2).equals(clientNonce + offer.nonce())) {
      return malformed();
    }
    String all = clientFirstBare + "," + serverFirst + "," + withoutProof;
    byte[] clientKey = hash.mac(known.storedKey().toByteArray(), all);
    for (int i = 0; i < clientKey.length; i++) {
      clientKey[i] ^= proof[i];
    }
    serverSignature =
        Base64.getEncoder().encodeToString(hash.mac(known.serverKey().toByteArray(), all));
    state = State.CHECKED;
    return new ScramProof(authorizationId, user, hash, known, Octets.of(clientKey));
  }

  private byte[] expectedBinding() {
    byte[] header = gs2Header.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(header.length + bindingData.length)
        .put(header)
        .put(bindingData)
        .array();
  }

  private static Rejected malformed() {
    return new Rejected(Reason.MALFORMED);
  }

  /** RFC 5802 section 7: printable is %x21-2B / %x2D-7E. */
  private static boolean isNonce(String attribute) {
    return attribute.length() > 2
        && attribute.startsWith("r=")
        && attribute.chars().allMatch(c -> c > 0x20 && c < 0x7F);
  }

  /** A saslname behind its letter; empty when it is none. RFC 5802 section 5.1. */
  static Optional<String> name(String attribute) {
    String written = attribute.substring(2);
    for (int at = written.indexOf('='); at >= 0; at = written.indexOf('=', at + 1)) {
      if (!written.startsWith("=2C", at) && !written.startsWith("=3D", at)) {
        return Optional.empty();
      }
    }
    return written.isEmpty() || written.indexOf('\0') >= 0
        ? Optional.empty()
        : Optional.of(written.replace("=2C", ",").replace("=3D", "="));
  }

  /** None where it is not base64 as everybody writes it, with its padding. RFC 4648 section 4. */
  private static byte[] octets(String base64) {
    try {
      byte[] octets = Base64.getDecoder().decode(base64);
      boolean usual = Base64.getEncoder().encodeToString(octets).equals(base64);
      return usual ? octets : new byte[0];
    } catch (IllegalArgumentException notBase64) {
      return new byte[0];
    }
  }
}
