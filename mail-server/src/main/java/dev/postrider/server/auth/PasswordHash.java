package dev.postrider.server.auth;

import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/**
 * A password that cannot be read back: Argon2id (RFC 9106) as a PHC string, {@code
 * $argon2id$v=19$m=19456,t=2,p=1$salt$hash}.
 */
public final class PasswordHash {

  /** KiB. With two passes the least that OWASP asks for; about 50 ms of one core. */
  private static final int MEMORY_KIB = 19_456;

  private static final int PASSES = 2;
  private static final int LANES = 1;
  private static final int SALT_OCTETS = 16;
  private static final int HASH_OCTETS = 32;

  /** A stored string may come from elsewhere; beyond these it is not computed. */
  private static final int MEMORY_KIB_MAX = 1024 * 1024;

  private static final int PASSES_MAX = 64;
  private static final int LANES_MAX = 16;

  private static final Pattern PHC =
      Pattern.compile(
          "\\$argon2id\\$v=19\\$m=(\\d{1,9}),t=(\\d{1,4}),p=(\\d{1,3})"
              + "\\$([A-Za-z0-9+/]{11,88})\\$([A-Za-z0-9+/]{16,88})");

  private static final SecureRandom RANDOM = new SecureRandom();

  private final int memoryKib;
  private final int passes;
  private final int lanes;
  private final byte[] salt;
  private final byte[] hash;

  private PasswordHash(int memoryKib, int passes, int lanes, byte[] salt, byte[] hash) {
    this.memoryKib = memoryKib;
    this.passes = passes;
    this.lanes = lanes;
    this.salt = salt;
    this.hash = hash;
  }

  /** The credential to store for {@code password}, which is UTF-8; the caller wipes it. */
  public static String create(byte[] password) {
    byte[] salt = new byte[SALT_OCTETS];
    RANDOM.nextBytes(salt);
    byte[] hash = compute(password, salt, MEMORY_KIB, PASSES, LANES, HASH_OCTETS);
    return new PasswordHash(MEMORY_KIB, PASSES, LANES, salt, hash).toString();
  }

  /**
   * A hash that no password has and that takes as long to check as any other. Nothing is computed:
   * its octets are chance, so that making it does not slow the start.
   */
  static PasswordHash ofNobody() {
    byte[] salt = new byte[SALT_OCTETS];
    byte[] hash = new byte[HASH_OCTETS];
    RANDOM.nextBytes(salt);
    RANDOM.nextBytes(hash);
    return new PasswordHash(MEMORY_KIB, PASSES, LANES, salt, hash);
  }

  /** A stored credential; empty when it is not of this kind, or asks for too much work. */
  static Optional<PasswordHash> parse(String credential) {
    Matcher matcher = PHC.matcher(credential);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    int memoryKib = Integer.parseInt(matcher.group(1));
    int passes = Integer.parseInt(matcher.group(2));
    int lanes = Integer.parseInt(matcher.group(3));
    boolean sane =
        lanes >= 1
            && lanes <= LANES_MAX
            && passes >= 1
            && passes <= PASSES_MAX
            && memoryKib >= 8 * lanes
            && memoryKib <= MEMORY_KIB_MAX;
    if (!sane) {
      return Optional.empty();
    }
    try {
      Base64.Decoder base64 = Base64.getDecoder();
      return Optional.of(
          new PasswordHash(
              memoryKib,
              passes,
              lanes,
              base64.decode(matcher.group(4)),
              base64.decode(matcher.group(5))));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** Takes as long for a wrong password as for the right one. */
  boolean matches(byte[] password) {
    byte[] computed = compute(password, salt, memoryKib, passes, lanes, hash.length);
    return MessageDigest.isEqual(computed, hash);
  }

  @Override
  public String toString() {
    Base64.Encoder base64 = Base64.getEncoder().withoutPadding();
    return "$argon2id$v=19$m="
        + memoryKib
        + ",t="
        + passes
        + ",p="
        + lanes
        + "$"
        + base64.encodeToString(salt)
        + "$"
        + base64.encodeToString(hash);
  }

  private static byte[] compute(
      byte[] password, byte[] salt, int memoryKib, int passes, int lanes, int octets) {
    Argon2BytesGenerator generator = new Argon2BytesGenerator();
    generator.init(
        new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
            .withVersion(Argon2Parameters.ARGON2_VERSION_13)
            .withMemoryAsKB(memoryKib)
            .withIterations(passes)
            .withParallelism(lanes)
            .withSalt(salt)
            .build());
    byte[] out = new byte[octets];
    generator.generateBytes(password, out);
    return out;
  }
}
