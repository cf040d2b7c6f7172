package dev.postrider.testkit.dialog;

import java.util.List;

/**
 * One line, or block, of a dialog. {@code connection} is the name of the connection it belongs to;
 * {@code line} where it stands in the file, from 1.
 */
sealed interface Step {

  String connection();

  int line();

  /** Sends {@code text}, {@code times} times. */
  record Send(String connection, int line, String text, boolean lineEnd, int times)
      implements Step {}

  /** Sends lines as they are, each with CRLF. */
  record SendBlock(String connection, int line, List<String> lines) implements Step {}

  /** Reads {@code times} lines that match. */
  record Expect(String connection, int line, String text, int times) implements Step {}

  /** Reads lines up to the one that matches {@code until}, which it reads, too. */
  record Skip(String connection, int line, String until) implements Step {}

  /** Reads the octets of {@code text}. */
  record ExpectOctets(String connection, int line, String text) implements Step {}

  /** Makes the TLS handshake. */
  record StartTls(String connection, int line) implements Step {}

  /** Closes. */
  record Close(String connection, int line) implements Step {}

  /** Closes our direction. */
  record HalfClose(String connection, int line) implements Step {}

  /** Requires that the server has nothing more to say and closed. */
  record ExpectClose(String connection, int line) implements Step {}
}
