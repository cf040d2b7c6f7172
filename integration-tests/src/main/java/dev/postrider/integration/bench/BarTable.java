package dev.postrider.integration.bench;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What was measured, each with the bar it is held to. Rows are printed as they come. */
final class BarTable {

  private final PrintStream out;
  private final List<String> missed = new ArrayList<>();

  BarTable(PrintStream out) {
    this.out = out;
  }

  void heading(String text) {
    out.println();
    out.println(text);
  }

  /** Something that no bar is set for. */
  void note(String what, String value) {
    out.printf(Locale.ROOT, "  %-56s %14s%n", what, value);
  }

  void note(String what, double value, String unit) {
    note(what, amount(value, unit));
  }

  /** Kept when {@code value} is at most {@code bar}. */
  void atMost(String what, double value, double bar, String unit) {
    row(what, amount(value, unit), "<= " + amount(bar, unit), value <= bar);
  }

  /** Kept when {@code value} is at least {@code bar}. */
  void atLeast(String what, double value, double bar, String unit) {
    row(what, amount(value, unit), ">= " + amount(bar, unit), value >= bar);
  }

  private void row(String what, String value, String bar, boolean kept) {
    out.printf(Locale.ROOT, "  %-56s %14s  %-14s %s%n", what, value, bar, kept ? "kept" : "MISSED");
    if (!kept) {
      missed.add(what);
    }
  }

  private static String amount(double value, String unit) {
    String number =
        value >= 1000
            ? String.format(Locale.ROOT, "%,.0f", value)
            : String.format(Locale.ROOT, value >= 100 ? "%.0f" : "%.2f", value);
    return number + " " + unit;
  }

  /** Names what was missed. */
  void end() {
    out.println();
    out.println(missed.isEmpty() ? "every bar was kept" : "missed: " + String.join("; ", missed));
  }
}
