package dev.postrider.storage.objects;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/**
 * A bucket, and how it is reached.
 *
 * @param endpoint of a service that is compatible with S3; empty: that of Amazon in the region
 * @param region as the service names it
 * @param prefix before every key, such as {@code "mail/"}; may be empty
 * @param pathStyle the bucket is named in the path and not in the host, as most services want that
 *     are not Amazon's
 * @param accessKey empty: where Amazon's tools look, which is the environment, {@code ~/.aws}, the
 *     role of the machine
 */
public record S3Settings(
    Optional<URI> endpoint,
    String region,
    String bucket,
    String prefix,
    boolean pathStyle,
    Optional<AccessKey> accessKey,
    Limits limits) {

  /** Who asks, and how it is proven. */
  public record AccessKey(String id, String secret) {
    /** Without the secret. */
    @Override
    public String toString() {
      return id;
    }
  }

  /**
   * How long and how often.
   *
   * @param connect until a connection is made
   * @param silence of the service while an answer or octets are awaited
   * @param attempts of one call, in all
   * @param firstPause before the second attempt; it doubles with each, up to {@link #PAUSE_MAX}
   */
  public record Limits(Duration connect, Duration silence, int attempts, Duration firstPause) {

    static final Duration PAUSE_MAX = Duration.ofSeconds(5);

    /** A peer that waits for our 250 gives up after minutes: RFC 5321 section 4.5.3.2.6. */
    public static final Limits DEFAULTS =
        new Limits(Duration.ofSeconds(5), Duration.ofSeconds(15), 4, Duration.ofMillis(200));
  }

  /** As an operator knows it: {@code bucket mail at https://s3.example.test}. */
  String place() {
    return "bucket "
        + bucket
        + " at "
        + endpoint.map(URI::toString).orElse("Amazon S3, region " + region);
  }
}
