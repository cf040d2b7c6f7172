package dev.postrider.protocol.text;

/**
 * A CR without LF, or a LF without CR, inside a line. Thrown at once, so that somebody who types
 * into netcat gets an answer; what follows up to the next CRLF belongs to the same bad line and is
 * thrown away by the next read, so that a command behind a bare LF is never executed.
 */
public final class BareLineEndingException extends LineException {

  BareLineEndingException(String what) {
    super(what);
  }
}
