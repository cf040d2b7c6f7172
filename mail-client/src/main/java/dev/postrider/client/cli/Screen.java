package dev.postrider.client.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** The size of the terminal. */
final class Screen {
  private static final int USUAL_CELLS = 100;

  private Screen() {}

  /** Its width, or 0 when the output is no terminal and lines need not fit. */
  static int cells(Terminal terminal) {
    if (!terminal.outIsTerminal()) {
      return 0;
    }
    String columns = terminal.environment().getOrDefault("COLUMNS", "");
    if (columns.matches("[0-9]{2,4}")) {
      return Integer.parseInt(columns);
    }
    return asked();
  }

  private static int asked() {
    try {
      Process stty =
          new ProcessBuilder("stty", "size")
              .redirectInput(ProcessBuilder.Redirect.INHERIT)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      String[] words =
          new String(stty.getInputStream().readNBytes(64), StandardCharsets.US_ASCII)
              .strip()
              .split(" ");
      boolean ended = stty.waitFor(1, TimeUnit.SECONDS);
      boolean good = ended && words.length == 2 && words[1].matches("[1-9][0-9]{1,3}");
      return good ? Integer.parseInt(words[1]) : USUAL_CELLS;
    } catch (IOException | InterruptedException e) {
      return USUAL_CELLS;
    }
  }
}
