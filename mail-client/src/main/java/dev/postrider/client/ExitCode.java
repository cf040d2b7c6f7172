package dev.postrider.client;

/** How the program ends, in the numbers of BSD's sysexits.h, which scripts already know. */
public enum ExitCode {
  OK(0),
  /** Wrong flags or arguments. */
  USAGE(64),
  /** The input is malformed: an address, a query, a raw message. */
  DATA(65),
  /** A recipient was refused for good, or no such message exists. */
  NO_USER(67),
  /** The host has no address. */
  NO_HOST(68),
  /** The server cannot be reached, or refused the work for good. */
  UNAVAILABLE(69),
  /** A fault of this program. */
  SOFTWARE(70),
  /** A file cannot be made. */
  CANNOT_CREATE(73),
  /** Reading or writing a file, or the connection, broke. */
  IO(74),
  /** It may work later: a 4xx reply, a timeout. */
  TEMPORARY(75),
  /** The server said something the protocol does not allow. */
  PROTOCOL(76),
  /** Wrong user or password, or a certificate that is not trusted. */
  NO_PERMISSION(77),
  /** The configuration is missing or wrong. */
  CONFIG(78);

  private final int number;

  ExitCode(int number) {
    this.number = number;
  }

  /** The process exit status. */
  public int number() {
    return number;
  }
}
