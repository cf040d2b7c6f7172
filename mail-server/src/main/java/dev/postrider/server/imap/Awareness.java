package dev.postrider.server.imap;

/** What a client has said that it understands, each with what is before it. RFC 7162 section 3. */
enum Awareness {
  /** Sequence numbers and flags. */
  PLAIN,
  /** Mod-sequences. */
  CONDSTORE,
  /** {@code VANISHED} in the place of {@code EXPUNGE}. */
  QRESYNC;

  boolean knowsModSeqs() {
    return this != PLAIN;
  }
}
