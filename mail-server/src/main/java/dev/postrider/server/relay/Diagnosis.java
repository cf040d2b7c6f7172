package dev.postrider.server.relay;

import java.util.Optional;

/**
 * What decided an attempt: a peer's reply, or what we found ourselves. Made for senders and
 * operators alike, so it holds no exception text.
 *
 * @param status enhanced status code, RFC 3463, such as "5.1.1"
 * @param text one line; of a peer its reply with the code, such as "550 5.1.1 no such user"
 * @param host the peer whose reply it is; empty when it is our own finding
 */
record Diagnosis(String status, String text, Optional<String> host) {

  /** Longer texts are cut: a peer decides how long its replies are. */
  static final int TEXT_CHARS_MAX = 800;

  Diagnosis {
    text = oneLine(text);
  }

  static Diagnosis ours(String status, String text) {
    return new Diagnosis(status, text, Optional.empty());
  }

  static Diagnosis reply(String host, String status, String text) {
    return new Diagnosis(status, text, Optional.of(host));
  }

  /** For the queue listing and the log. */
  String summary() {
    return host.map(name -> name + " said: " + text).orElse(text);
  }

  private static String oneLine(String text) {
    StringBuilder line = new StringBuilder(Math.min(text.length(), TEXT_CHARS_MAX));
    for (int i = 0; i < text.length() && line.length() < TEXT_CHARS_MAX; i++) {
      char each = text.charAt(i);
      line.append(Character.isISOControl(each) ? ' ' : each);
    }
    return line.toString().strip();
  }
}
