package dev.postrider.server.relay;

/** What became of one recipient in one attempt. */
sealed interface Outcome {

  Diagnosis diagnosis();

  /** The peer has taken the responsibility over. RFC 5321 section 4.2.5. */
  record Delivered(Diagnosis diagnosis) implements Outcome {}

  /** Not now; to be tried again. */
  record Deferred(Diagnosis diagnosis) implements Outcome {}

  /** Never; the sender is told. */
  record Failed(Diagnosis diagnosis) implements Outcome {}
}
