package dev.postrider.testkit.time;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** A clock that stands still until a test moves it. */
public final class FakeClock extends Clock {

  private final Hand hand;
  private final ZoneId zone;

  public FakeClock(Instant start) {
    this(new Hand(start), ZoneOffset.UTC);
  }

  /** Starts at 2026-11-23T12:00:00Z. */
  public FakeClock() {
    this(Instant.parse("2026-11-23T12:00:00Z"));
  }

  private FakeClock(Hand hand, ZoneId zone) {
    this.hand = hand;
    this.zone = zone;
  }

  public void advance(Duration by) {
    hand.advance(by);
  }

  public void set(Instant instant) {
    hand.set(instant);
  }

  @Override
  public Instant instant() {
    return hand.at();
  }

  @Override
  public ZoneId getZone() {
    return zone;
  }

  /** The same clock, moved together with this one, in another zone. */
  @Override
  public Clock withZone(ZoneId other) {
    return new FakeClock(hand, other);
  }

  /** What the time is, for this clock and its copies in other zones. */
  private static final class Hand {
    private Instant at;

    Hand(Instant at) {
      this.at = at;
    }

    synchronized Instant at() {
      return at;
    }

    synchronized void set(Instant instant) {
      at = instant;
    }

    synchronized void advance(Duration by) {
      at = at.plus(by);
    }
  }
}
