package dev.postrider.testkit.sasl;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** One exchange: {@link #first}, {@link #last}, {@link #isServer}. Passwords in ASCII. */
public final class ScramClient {

  private final String digest;
  private final String gs2Header;
  private final byte[] binding;
  private final String bare;
  private final String password;
  private String authMessage = "";
  private byte[] salted = new byte[0];

  /**
   * @param digest "SHA-1" or "SHA-256"
   * @param gs2Header such as "n,,"
   * @param binding what names the connection; nothing without "p=" in the header
   * @param user with its commas and equals signs escaped
   */
  public ScramClient(
      String digest, String gs2Header, byte[] binding, String user, String password, String nonce) {
    this.digest = digest;
    this.gs2Header = gs2Header;
    this.binding = binding.clone();
    this.bare = "n=" + user + ",r=" + nonce;
    this.password = password;
  }

  /** The first message. */
  public String first() {
    return gs2Header + bare;
  }

  /** The second message, with the proof. */
  public String last(String serverFirst) {
    String[] parts = serverFirst.split(",", 3);
    byte[] salt = Base64.getDecoder().decode(parts[1].substring(2));
    salted = derive(salt, Integer.parseInt(parts[2].substring(2)));
    ByteArrayOutputStream bound = new ByteArrayOutputStream();
    bound.writeBytes(gs2Header.getBytes(UTF_8));
    bound.writeBytes(binding);
    String withoutProof = "c=" + base64(bound.toByteArray()) + "," + parts[0];
    authMessage = bare + "," + serverFirst + "," + withoutProof;
    byte[] clientKey = mac(salted, "Client Key".getBytes(UTF_8));
    byte[] proof = xor(clientKey, mac(hash(clientKey), authMessage.getBytes(UTF_8)));
    return withoutProof + ",p=" + base64(proof);
  }

  /** Whether the last word of the server shows that it knows the password. */
  public boolean isServer(String serverFinal) {
    byte[] serverKey = mac(salted, "Server Key".getBytes(UTF_8));
    return serverFinal.equals("v=" + base64(mac(serverKey, authMessage.getBytes(UTF_8))));
  }

  /** RFC 5802 section 2.2, as it is written there. */
  private byte[] derive(byte[] salt, int iterations) {
    byte[] key = password.getBytes(UTF_8);
    ByteArrayOutputStream first = new ByteArrayOutputStream();
    first.writeBytes(salt);
    first.writeBytes(new byte[] {0, 0, 0, 1});
    byte[] last = mac(key, first.toByteArray());
    byte[] all = last;
    for (int i = 1; i < iterations; i++) {
      last = mac(key, last);
      all = xor(all, last);
    }
    return all;
  }

  private byte[] mac(byte[] key, byte[] text) {
    try {
      String algorithm = "Hmac" + digest.replace("-", "");
      Mac mac = Mac.getInstance(algorithm);
      mac.init(new SecretKeySpec(key, algorithm));
      return mac.doFinal(text);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private byte[] hash(byte[] octets) {
    try {
      return MessageDigest.getInstance(digest).digest(octets);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] xor(byte[] one, byte[] other) {
    byte[] both = one.clone();
    for (int i = 0; i < both.length; i++) {
      both[i] ^= other[i];
    }
    return both;
  }

  private static String base64(byte[] octets) {
    return Base64.getEncoder().encodeToString(octets);
  }
}
