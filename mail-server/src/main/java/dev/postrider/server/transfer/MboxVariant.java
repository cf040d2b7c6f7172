package dev.postrider.server.transfer;

/**
 * How the writer of an mbox kept lines of text that begin with {@code From } apart from its own.
 */
public enum MboxVariant {
  /** A message whose Content-Length fits is as in {@link #CL2}, every other as in {@link #RD}. */
  AUTO,
  /** Such lines got a {@code >}, those with {@code >} another one. */
  RD,
  /** Such lines got a {@code >}, and nobody can tell those that had one. */
  O,
  /** Content-Length says where a message ends, if it fits; nothing was changed. */
  CL2
}
