package dev.postrider.storage;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** A process that opens a store and says in one line how that went. Argument: data directory. */
final class OpenChild {

  static final String OPENED = "opened";

  private OpenChild() {}

  public static void main(String[] arguments) throws Exception {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    try {
      new StoreFixture(Path.of(arguments[0])).close();
      out.println(OPENED);
    } catch (StoreException e) {
      out.println(e.kind() + " " + e.getMessage());
    }
  }
}
