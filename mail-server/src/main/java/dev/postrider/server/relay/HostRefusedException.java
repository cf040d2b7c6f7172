package dev.postrider.server.relay;

/** A host will not take any message now; another one of the destination may. */
final class HostRefusedException extends Exception {

  private static final long serialVersionUID = 1L;

  private final transient Outcome outcome;

  HostRefusedException(Outcome outcome) {
    super(outcome.diagnosis().summary());
    this.outcome = outcome;
  }

  /** What it means for messages if no other host takes them. */
  Outcome outcome() {
    return outcome;
  }
}
