package dev.postrider.server.main;

/** What the program tells its caller, as in sysexits.h. */
final class ExitCode {

  static final int OK = 0;

  /** The answer is no, such as of a health check. */
  static final int NO = 1;

  /** The command line is wrong. */
  static final int USAGE = 64;

  /** What was given is wrong, such as a password that is empty, or could not be taken whole. */
  static final int DATA = 65;

  /** What is to be read is not there. */
  static final int NO_INPUT = 66;

  /** There is no such account or queue entry. */
  static final int NO_ENTRY = 67;

  /** Something that is needed is not there or taken: a port, the data directory. */
  static final int UNAVAILABLE = 69;

  /** A defect of ours. */
  static final int SOFTWARE = 70;

  /** A file cannot be made. */
  static final int CANNOT_CREATE = 73;

  /** Reading or writing failed. */
  static final int IO = 74;

  /** Later it may work. */
  static final int TEMPORARY = 75;

  /** Permission is missing, such as for a port below 1024. */
  static final int NO_PERMISSION = 77;

  /** The configuration is wrong. */
  static final int CONFIG = 78;

  private ExitCode() {}
}
