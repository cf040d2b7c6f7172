package dev.postrider.server.net;

import dev.postrider.server.config.LimitsConfig;
import java.net.InetAddress;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Counts connections and says who may have one more. All listeners share it.
 *
 * <p>Addresses are counted by {@link ClientNetwork}. One is remembered as long as it has
 * connections, or connected in this minute or the last, so the map is bounded by what connects
 * within two minutes. Methods may be called from any thread.
 */
final class Admission {

  /** How one address stands. {@code previous}: connections in the minute before this one. */
  private static final class Standing {
    private int open;
    private long minute;
    private int current;
    private int previous;
  }

  private final LimitsConfig limits;
  private final InstantSource clock;
  private final Map<ClientNetwork, Standing> standings = new HashMap<>();
  private int open;
  private long sweptMinute;

  Admission(LimitsConfig limits, InstantSource clock) {
    this.limits = limits;
    this.clock = clock;
  }

  /** Empty: it was admitted, and must be given back by {@link #release}. */
  synchronized Optional<Refusal> admit(InetAddress address) {
    long second = clock.instant().getEpochSecond();
    sweep(second / 60);
    if (open >= limits.connectionsMax()) {
      return Optional.of(Refusal.SERVER_FULL);
    }
    Standing standing = standings.computeIfAbsent(ClientNetwork.of(address), a -> new Standing());
    roll(standing, second / 60);
    if (standing.open >= limits.connectionsPerAddressMax()) {
      return Optional.of(Refusal.ADDRESS_FULL);
    }
    if (!address.isLoopbackAddress() && tooFast(standing, second % 60)) {
      return Optional.of(Refusal.ADDRESS_TOO_FAST);
    }
    standing.current++;
    standing.open++;
    open++;
    return Optional.empty();
  }

  synchronized void release(InetAddress address) {
    open--;
    Standing standing = standings.get(ClientNetwork.of(address));
    if (standing != null) {
      standing.open--;
    }
  }

  synchronized int open() {
    return open;
  }

  /** The last sixty seconds: this minute, and of the one before as much as is still within. */
  private boolean tooFast(Standing standing, long secondOfMinute) {
    double recent = standing.current + standing.previous * (60 - secondOfMinute) / 60.0;
    return recent >= limits.connectionsPerAddressPerMinute();
  }

  private static void roll(Standing standing, long minute) {
    if (minute != standing.minute) {
      standing.previous = minute == standing.minute + 1 ? standing.current : 0;
      standing.current = 0;
      standing.minute = minute;
    }
  }

  private void sweep(long minute) {
    if (minute != sweptMinute) {
      sweptMinute = minute;
      standings.values().removeIf(s -> s.open == 0 && s.minute < minute - 1);
    }
  }
}
