package dev.postrider.server.auth;

import dev.postrider.server.config.OAuthConfig;
import dev.postrider.server.http.Fetch;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.lang.JoseException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keys of an issuer, RFC 7517, as they were when they were last looked at. While one session
 * asks for them, others wait. When the issuer does not answer, keys that are known stay good.
 * Threads: any.
 */
final class IssuerKeys {

  /** An issuer may take a key away. */
  static final Duration KEPT = Duration.ofHours(1);

  /** Between two questions: a token with a key of its own invention costs no more than this. */
  static final Duration PAUSE = Duration.ofMinutes(1);

  private static final int FILE_OCTETS_MAX = Fetch.ANSWER_OCTETS_MAX;

  private static final Logger log = LoggerFactory.getLogger(IssuerKeys.class);

  private final OAuthConfig config;
  private final Fetch fetch;
  private final InstantSource clock;
  private final ReentrantLock asking = new ReentrantLock();
  private volatile List<JsonWebKey> keys = List.of();
  private Instant asked = Instant.MIN;
  private Instant known = Instant.MIN;

  IssuerKeys(OAuthConfig config, Fetch fetch, InstantSource clock) {
    this.config = config;
    this.fetch = fetch;
    this.clock = clock;
  }

  /**
   * All of them.
   *
   * @throws IOException when none are known
   */
  List<JsonWebKey> known() throws IOException {
    asking.lock();
    try {
      Instant now = clock.instant();
      if (!now.isBefore(later(known, KEPT))) {
        ask(now);
      }
    } finally {
      asking.unlock();
    }
    if (keys.isEmpty()) {
      throw new IOException("no keys of the issuer are known");
    }
    return keys;
  }

  /** Asks again, unless that was just done; whether it was. */
  boolean refresh() {
    asking.lock();
    try {
      return ask(clock.instant());
    } finally {
      asking.unlock();
    }
  }

  private boolean ask(Instant now) {
    if (now.isBefore(later(asked, PAUSE))) {
      return false;
    }
    asked = now;
    try {
      keys = List.copyOf(new JsonWebKeySet(text()).getJsonWebKeys());
      known = now;
      log.info("auth.issuer-keys count={}", keys.size());
      return true;
    } catch (IOException | JoseException | RuntimeException e) {
      log.warn("auth.issuer-keys-unknown cause=\"{}\"", e.getMessage());
      return false;
    }
  }

  private String text() throws IOException {
    if (config.keysAddress().isPresent()) {
      return fetch.get(config.keysAddress().get());
    }
    Path file = config.keysFile().orElseThrow();
    if (Files.size(file) > FILE_OCTETS_MAX) {
      throw new IOException(file + " has more than " + FILE_OCTETS_MAX + " octets");
    }
    return Files.readString(file, StandardCharsets.UTF_8);
  }

  private static Instant later(Instant instant, Duration by) {
    return instant.equals(Instant.MIN) ? instant : instant.plus(by);
  }
}
