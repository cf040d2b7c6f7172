package dev.postrider.protocol.sasl;

import dev.postrider.protocol.text.Octets;
import java.security.MessageDigest;

/**
 * What a server keeps of a password for SCRAM: enough to know it again, too little to log in with.
 * Whoever has it can try passwords, each for {@code iterations} hashes. RFC 5802 section 3.
 *
 * @param salt at least one octet
 * @param iterations of PBKDF2; at least 1
 * @param storedKey the hash of the client's key; as long as a digest
 * @param serverKey by which the server shows that it knows the password; as long as a digest
 */
public record ScramKeys(Octets salt, int iterations, Octets storedKey, Octets serverKey) {

  /** RFC 5802 section 5.1 and RFC 7677 section 4 ask for at least 4096. */
  public static final int ITERATIONS_MIN = 4096;

  /** A client is not asked for more work than this: some seconds of a slow one. */
  public static final int ITERATIONS_MAX = 10_000_000;

  public ScramKeys {
    if (salt.length() == 0 || iterations < 1) {
      throw new IllegalArgumentException("no salt or no iterations");
    }
  }

  /**
   * Keys of {@code password}, which is prepared by RFC 4013 where that is possible, and taken as it
   * is where not.
   */
  public static ScramKeys of(ScramHash hash, String password, byte[] salt, int iterations) {
    String prepared = SaslPrep.prepare(password).filter(p -> !p.isEmpty()).orElse(password);
    byte[] salted = hash.derive(prepared, salt, iterations);
    return new ScramKeys(
        Octets.of(salt),
        iterations,
        Octets.of(hash.digest(hash.mac(salted, "Client Key"))),
        Octets.of(hash.mac(salted, "Server Key")));
  }

  /** Whether that is the key of a client that knows the password; takes the same time if not. */
  public boolean areOf(ScramHash hash, Octets clientKey) {
    return MessageDigest.isEqual(hash.digest(clientKey.toByteArray()), storedKey.toByteArray());
  }

  /** Without the keys. */
  @Override
  public String toString() {
    return "ScramKeys[" + iterations + "]";
  }
}
