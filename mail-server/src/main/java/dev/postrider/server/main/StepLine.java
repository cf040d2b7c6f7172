package dev.postrider.server.main;

import dev.postrider.storage.Progress;
import java.io.PrintStream;

/** Shows how far something is, on one line of a terminal; elsewhere nothing. */
final class StepLine implements Progress, AutoCloseable {

  /** Back to the start of the line, and what was there away. */
  private static final String CLEAR = "\r\u001b[K";

  private final PrintStream err;
  private final boolean terminal;
  private String shown = "";

  StepLine(Shell shell) {
    this.err = shell.err();
    this.terminal = shell.console().isPresent();
  }

  @Override
  public void at(String what, long done, long total) {
    if (!terminal) {
      return;
    }
    String now = what + (total > 0 ? " " + Math.min(100, done * 100 / total) + " %" : " …");
    if (!now.equals(shown)) {
      shown = now;
      err.print(CLEAR + now);
      err.flush();
    }
  }

  @Override
  public void close() {
    if (!shown.isEmpty()) {
      err.print(CLEAR);
      err.flush();
    }
  }
}
