package dev.postrider.server.imap;

import java.util.stream.Stream;

/** What a session has done, for its last line in the log. Belongs to the session's thread. */
final class SessionCounts {

  private long commands;
  private long bad;
  private long bodies;
  private long bodyOctets;
  private long appended;
  private long expunged;

  void command() {
    commands++;
  }

  void badCommand() {
    bad++;
  }

  void body(long octets) {
    bodies++;
    bodyOctets += octets;
  }

  void append(int messages) {
    appended += messages;
  }

  void expunge(int messages) {
    expunged += messages;
  }

  /** As arguments of the log, in this order: commands, bad, bodies, octets, appended, expunged. */
  Stream<Object> inOrder() {
    return Stream.of(commands, bad, bodies, bodyOctets, appended, expunged);
  }
}
