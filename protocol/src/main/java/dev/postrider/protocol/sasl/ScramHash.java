package dev.postrider.protocol.sasl;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/** Hash functions of SCRAM, best first. RFC 5802 section 4, RFC 7677 section 3. */
public enum ScramHash {
  SHA_256("SHA-256", "HmacSHA256", "PBKDF2WithHmacSHA256", 32),
  SHA_1("SHA-1", "HmacSHA1", "PBKDF2WithHmacSHA1", 20);

  private static final String MISSING = "every JDK has it";

  private final String digest;
  private final String mac;
  private final String derivation;
  private final int octets;

  ScramHash(String digest, String mac, String derivation, int octets) {
    this.digest = digest;
    this.mac = mac;
    this.derivation = derivation;
    this.octets = octets;
  }

  /** Octets of a digest, and so of every key. */
  public int octets() {
    return octets;
  }

  byte[] digest(byte[] octetsOf) {
    try {
      return MessageDigest.getInstance(digest).digest(octetsOf);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(MISSING, e);
    }
  }

  byte[] mac(byte[] key, String text) {
    try {
      Mac computing = Mac.getInstance(mac);
      computing.init(new SecretKeySpec(key, mac));
      return computing.doFinal(text.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(MISSING, e);
    }
  }

  /** Hi of RFC 5802 section 2.2; as long as a digest. */
  byte[] derive(String password, byte[] salt, int iterations) {
    PBEKeySpec spec = new PBEKeySpec(password.toCharArray(), salt, iterations, octets * Byte.SIZE);
    try {
      return SecretKeyFactory.getInstance(derivation).generateSecret(spec).getEncoded();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(MISSING, e);
    } finally {
      spec.clearPassword();
    }
  }
}
