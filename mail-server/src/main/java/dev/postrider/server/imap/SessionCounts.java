package dev.postrider.server.imap;

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

  void append() {
    appended++;
  }

  void expunge(int messages) {
    expunged += messages;
  }

  @Override
  public String toString() {
    return "commands="
        + commands
        + " bad="
        + bad
        + " bodies="
        + bodies
        + " body-octets="
        + bodyOctets
        + " appended="
        + appended
        + " expunged="
        + expunged;
  }
}
