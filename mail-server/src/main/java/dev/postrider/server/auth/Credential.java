package dev.postrider.server.auth;

import dev.postrider.protocol.sasl.ScramHash;
import dev.postrider.protocol.sasl.ScramKeys;
import dev.postrider.protocol.text.Octets;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What is stored of a password: PHC strings with a space between them. First {@link PasswordHash},
 * for mechanisms that carry the password; then keys for SCRAM, {@code
 * $scram-sha-256$i=60000$salt$stored-key$server-key}, as far as they were wanted when the password
 * was set or last used.
 */
public final class Credential {

  /**
   * More than RFC 7677 section 4 asks for: who steals the store has to pay it for every guess. No
   * more than 65536: Cyrus SASL refuses that, and with it mbsync, mutt and others.
   */
  static final int ITERATIONS = 60_000;

  private static final int SALT_OCTETS = 16;

  private static final Pattern KEYS =
      Pattern.compile(
          "\\$scram-sha-(1|256)\\$i=(\\d{1,8})"
              + "\\$([A-Za-z0-9+/=]{4,88})\\$([A-Za-z0-9+/=]{28,44})\\$([A-Za-z0-9+/=]{28,44})");

  private static final SecureRandom RANDOM = new SecureRandom();

  private final String stored;
  private final Optional<PasswordHash> hash;
  private final Map<ScramHash, ScramKeys> keys;

  private Credential(String stored, Optional<PasswordHash> hash, Map<ScramHash, ScramKeys> keys) {
    this.stored = stored;
    this.hash = hash;
    this.keys = keys;
  }

  /** The credential to store for {@code password}, which is UTF-8; the caller wipes it. */
  public static String create(byte[] password, Set<ScramHash> scram) {
    return parse(PasswordHash.create(password)).with(scram, password).toString();
  }

  /** Never fails: what is not understood lets nobody in. */
  static Credential parse(String stored) {
    String[] parts = stored.split(" ", -1);
    Map<ScramHash, ScramKeys> keys = new EnumMap<>(ScramHash.class);
    for (int i = 1; i < parts.length; i++) {
      Matcher matcher = KEYS.matcher(parts[i]);
      if (matcher.matches()) {
        ScramHash hash = matcher.group(1).equals("1") ? ScramHash.SHA_1 : ScramHash.SHA_256;
        keys(matcher, hash).ifPresent(found -> keys.put(hash, found));
      }
    }
    return new Credential(stored, PasswordHash.parse(parts[0]), keys);
  }

  /** What every credential has that has keys for {@code hash}. */
  static String markOf(ScramHash hash) {
    return switch (hash) {
      case SHA_256 -> "$scram-sha-256$";
      case SHA_1 -> "$scram-sha-1$";
    };
  }

  Optional<PasswordHash> hash() {
    return hash;
  }

  Optional<ScramKeys> keys(ScramHash wanted) {
    return Optional.ofNullable(keys.get(wanted));
  }

  /** The same with keys for all of {@code wanted}; {@code password} is the right one. */
  Credential with(Set<ScramHash> wanted, byte[] password) {
    StringBuilder text = new StringBuilder(stored);
    String characters = new String(password, StandardCharsets.UTF_8);
    for (ScramHash one : ScramHash.values()) {
      if (wanted.contains(one) && !keys.containsKey(one)) {
        byte[] salt = new byte[SALT_OCTETS];
        RANDOM.nextBytes(salt);
        text.append(' ').append(show(one, ScramKeys.of(one, characters, salt, ITERATIONS)));
      }
    }
    return text.length() == stored.length() ? this : parse(text.toString());
  }

  /** As it is stored. */
  @Override
  public String toString() {
    return stored;
  }

  private static String show(ScramHash hash, ScramKeys keys) {
    return markOf(hash)
        + "i="
        + keys.iterations()
        + "$"
        + base64(keys.salt())
        + "$"
        + base64(keys.storedKey())
        + "$"
        + base64(keys.serverKey());
  }

  private static String base64(Octets octets) {
    return Base64.getEncoder().encodeToString(octets.toByteArray());
  }

  private static Optional<ScramKeys> keys(Matcher matcher, ScramHash hash) {
    int iterations = Integer.parseInt(matcher.group(2));
    try {
      Base64.Decoder base64 = Base64.getDecoder();
      Octets salt = Octets.of(base64.decode(matcher.group(3)));
      Octets storedKey = Octets.of(base64.decode(matcher.group(4)));
      Octets serverKey = Octets.of(base64.decode(matcher.group(5)));
      boolean sane =
          iterations >= ScramKeys.ITERATIONS_MIN
              && iterations <= ScramKeys.ITERATIONS_MAX
              && storedKey.length() == hash.octets()
              && serverKey.length() == hash.octets();
      return sane
          ? Optional.of(new ScramKeys(salt, iterations, storedKey, serverKey))
          : Optional.empty();
    } catch (IllegalArgumentException notBase64) {
      return Optional.empty();
    }
  }
}
