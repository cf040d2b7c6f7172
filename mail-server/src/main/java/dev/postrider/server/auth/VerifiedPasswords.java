package dev.postrider.server.auth;

import dev.postrider.storage.accounts.Account;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Passwords that were right a moment ago, so that a client that opens five connections does not
 * cost five hashes. What is kept is a MAC under a key that dies with the process; it covers the
 * account and its stored credential, so a changed password is never taken for the old one. Threads:
 * any.
 */
final class VerifiedPasswords {

  private static final Duration KEPT = Duration.ofMinutes(10);
  private static final int KEPT_MAX = 10_000;
  private static final String ALGORITHM = "HmacSHA256";

  private final SecretKeySpec key;
  private final Map<String, Instant> verified =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Instant> eldest) {
          return size() > KEPT_MAX;
        }
      };

  VerifiedPasswords() {
    byte[] random = new byte[32];
    new SecureRandom().nextBytes(random);
    key = new SecretKeySpec(random, ALGORITHM);
  }

  boolean contains(Account account, byte[] password, Instant now) {
    String mac = mac(account, password);
    synchronized (verified) {
      Instant when = verified.get(mac);
      return when != null && now.isBefore(when.plus(KEPT)) && !now.isBefore(when);
    }
  }

  void add(Account account, byte[] password, Instant now) {
    String mac = mac(account, password);
    synchronized (verified) {
      verified.remove(mac);
      verified.put(mac, now);
    }
  }

  private String mac(Account account, byte[] password) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      byte[] credential = account.credential().getBytes(StandardCharsets.UTF_8);
      mac.update(
          ByteBuffer.allocate(Long.BYTES + Integer.BYTES)
              .putLong(account.id().value())
              .putInt(credential.length)
              .flip());
      mac.update(credential);
      return Base64.getEncoder().encodeToString(mac.doFinal(password));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has " + ALGORITHM, e);
    }
  }
}
