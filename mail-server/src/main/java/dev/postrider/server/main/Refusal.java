package dev.postrider.server.main;

/** What the operator asked for cannot be done. The message says why and what to do, on a line. */
final class Refusal extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final int exitCode;
  private final String what;

  /** {@code what}; {@code remedy}. */
  Refusal(int exitCode, String what, String remedy) {
    super(what + "; " + remedy);
    this.exitCode = exitCode;
    this.what = what;
  }

  Refusal(int exitCode, String what) {
    super(what);
    this.exitCode = exitCode;
    this.what = what;
  }

  /** The same, with something else to do about it. */
  Refusal withRemedy(String remedy) {
    return new Refusal(exitCode, what, remedy);
  }

  int exitCode() {
    return exitCode;
  }
}
