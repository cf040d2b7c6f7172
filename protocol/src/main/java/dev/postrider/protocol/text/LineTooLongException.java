package dev.postrider.protocol.text;

/** A line was longer than the caller allows; all of it has been read and thrown away. */
public final class LineTooLongException extends LineException {

  LineTooLongException(int octetsMax) {
    super("line longer than " + octetsMax + " octets");
  }
}
