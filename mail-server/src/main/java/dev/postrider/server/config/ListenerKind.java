package dev.postrider.server.config;

/** What is spoken on a listener. */
public enum ListenerKind {
  /** Mail from other servers, RFC 5321; STARTTLS offered. */
  SMTP("smtp", 25, false),
  /** Mail from our users, RFC 6409; STARTTLS required before AUTH. */
  SUBMISSION("submission", 587, false),
  /** Mail from our users, TLS from the start, RFC 8314 section 3.3. */
  SUBMISSIONS("submissions", 465, true),
  /** Reading mail, RFC 3501; STARTTLS required before a login. */
  IMAP("imap", 143, false),
  /** Reading mail, TLS from the start, RFC 8314 section 3.2. */
  IMAPS("imaps", 993, true),
  /** Health. */
  HTTP("http", 80, false);

  private final String key;
  private final int standardPort;
  private final boolean tlsFromStart;

  ListenerKind(String key, int standardPort, boolean tlsFromStart) {
    this.key = key;
    this.standardPort = standardPort;
    this.tlsFromStart = tlsFromStart;
  }

  /** Key in the section {@code [listen]}. */
  public String key() {
    return key;
  }

  public int standardPort() {
    return standardPort;
  }

  /** Whether people log in there. */
  public boolean isForLogins() {
    return switch (this) {
      case SUBMISSION, SUBMISSIONS, IMAP, IMAPS -> true;
      case SMTP, HTTP -> false;
    };
  }

  public boolean tlsFromStart() {
    return tlsFromStart;
  }
}
