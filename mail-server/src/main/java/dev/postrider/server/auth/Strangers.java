package dev.postrider.server.auth;

import dev.postrider.protocol.sasl.ScramHash;
import dev.postrider.protocol.sasl.ScramKeys;
import dev.postrider.protocol.text.Octets;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Keys of names without an account. SCRAM tells a client the salt of whomever it names, before it
 * has proved anything; so a name without an account has a salt as well, the same each time, of a
 * secret that nobody else knows. RFC 5802 section 9.
 */
final class Strangers {

  /** The file in the data directory. */
  static final String FILE = "login.secret";

  private static final int SECRET_OCTETS = 32;
  private static final int SALT_OCTETS = 16;
  private static final String ALGORITHM = "HmacSHA256";

  private final SecretKeySpec secret;

  Strangers(byte[] secret) {
    this.secret = new SecretKeySpec(secret, ALGORITHM);
  }

  /** Of a secret that is forgotten at the end. */
  static Strangers ofChance() {
    return new Strangers(random());
  }

  /**
   * Of the secret in {@code file}, which is made if it is not there, for its owner alone.
   *
   * @throws IOException also when it is shorter than 16 octets
   */
  static Strangers readOrMake(Path file) throws IOException {
    if (!Files.exists(file)) {
      make(file);
    }
    byte[] octets = Files.readAllBytes(file);
    if (octets.length < SALT_OCTETS) {
      throw new IOException(file + ": has less than " + SALT_OCTETS + " octets");
    }
    return new Strangers(octets);
  }

  private static void make(Path file) throws IOException {
    String text = Base64.getEncoder().encodeToString(random()) + "\n";
    Path unfinished = file.resolveSibling(file.getFileName() + ".new");
    Files.deleteIfExists(unfinished);
    Files.createFile(
        unfinished,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(unfinished, text, StandardOpenOption.WRITE);
    Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
  }

  /** Always the same for the same name; nobody can prove that he knows them. */
  ScramKeys keys(String name, ScramHash hash) {
    return new ScramKeys(
        octets("salt", name, hash, SALT_OCTETS),
        Credential.ITERATIONS,
        octets("stored", name, hash, hash.octets()),
        octets("server", name, hash, hash.octets()));
  }

  private Octets octets(String what, String name, ScramHash hash, int count) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(secret);
      byte[] all = mac.doFinal((what + '\0' + hash + '\0' + name).getBytes(StandardCharsets.UTF_8));
      return Octets.of(Arrays.copyOf(all, count));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has " + ALGORITHM, e);
    }
  }

  private static byte[] random() {
    byte[] octets = new byte[SECRET_OCTETS];
    new SecureRandom().nextBytes(octets);
    return octets;
  }
}
