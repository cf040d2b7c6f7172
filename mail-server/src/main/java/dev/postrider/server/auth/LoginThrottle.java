package dev.postrider.server.auth;

import dev.postrider.server.net.ClientNetwork;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Slows down who guesses passwords.
 *
 * <p>A network that failed too often within {@link #WINDOW} is not listened to until its oldest
 * failure is that old. A name at which too many guesses failed in a row, from wherever, has to wait
 * after each further one, up to {@link #NAME_DELAY_MAX}: long enough to make guessing hopeless,
 * short enough that its owner is never locked out for long. Names are counted whether they exist or
 * not. Both maps forget who was seen longest ago. Threads: any.
 */
final class LoginThrottle {

  static final Duration WINDOW = Duration.ofMinutes(10);
  static final Duration NAME_DELAY_MAX = Duration.ofSeconds(30);

  /** Failures in a row that cost a name nothing: a client with an old password tries some times. */
  static final int NAME_FAILURES_FREE = 10;

  private static final int REMEMBERED_MAX = 20_000;

  /** Failures in a row at one name. */
  private record Name(int failures, Instant last) {}

  private final int failuresPerNetworkMax;
  private final Map<ClientNetwork, ArrayDeque<Instant>> networks = new Recent<>();
  private final Map<String, Name> names = new Recent<>();

  LoginThrottle(int failuresPerNetworkMax) {
    this.failuresPerNetworkMax = failuresPerNetworkMax;
  }

  /** How long that network has to wait; empty when it may try. */
  synchronized Optional<Duration> network(ClientNetwork from, Instant now) {
    ArrayDeque<Instant> failures = networks.get(from);
    if (failures == null) {
      return Optional.empty();
    }
    dropOld(failures, now);
    Instant oldest = failures.peekFirst();
    if (oldest == null || failures.size() < failuresPerNetworkMax) {
      return Optional.empty();
    }
    return Optional.of(Duration.between(now, oldest.plus(WINDOW)));
  }

  /** How long nobody may try that name, in lower case; empty when it may be tried. */
  synchronized Optional<Duration> name(String name, Instant now) {
    Name known = names.get(name);
    if (known == null || known.failures() < NAME_FAILURES_FREE) {
      return Optional.empty();
    }
    int doublings = Math.min(known.failures() - NAME_FAILURES_FREE, 5);
    Duration delay = Duration.ofSeconds(1L << doublings);
    Duration bounded = delay.compareTo(NAME_DELAY_MAX) > 0 ? NAME_DELAY_MAX : delay;
    Duration left = Duration.between(now, known.last().plus(bounded));
    return left.isPositive() ? Optional.of(left) : Optional.empty();
  }

  synchronized void failed(String name, ClientNetwork from, Instant now) {
    failed(from, now);
    Name known = names.get(name);
    names.put(name, new Name(known == null ? 1 : known.failures() + 1, now));
  }

  /** A failure by something that nobody guesses for one name. */
  synchronized void failed(ClientNetwork from, Instant now) {
    ArrayDeque<Instant> failures = networks.computeIfAbsent(from, n -> new ArrayDeque<>());
    dropOld(failures, now);
    if (failures.size() < failuresPerNetworkMax) {
      failures.addLast(now);
    }
  }

  synchronized void succeeded(String name) {
    names.remove(name);
  }

  private static void dropOld(ArrayDeque<Instant> failures, Instant now) {
    Instant start = now.minus(WINDOW);
    while (!failures.isEmpty() && failures.getFirst().isBefore(start)) {
      failures.removeFirst();
    }
  }

  /** Forgets what was not looked at for longest. */
  private static final class Recent<K, V> extends LinkedHashMap<K, V> {
    private static final long serialVersionUID = 1L;

    Recent() {
      super(16, 0.75f, true);
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
      return size() > REMEMBERED_MAX;
    }
  }
}
