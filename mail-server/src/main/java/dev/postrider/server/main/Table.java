package dev.postrider.server.main;

import dev.postrider.server.observe.JsonText;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Prints rows for a person or a program. */
final class Table {

  /** Characters of a cell that are shown to a person. */
  private static final int CELL_MAX = 60;

  private Table() {}

  /** Columns under their names; nothing when there is no row. */
  static void print(PrintStream out, List<Map<String, String>> rows) {
    if (rows.isEmpty()) {
      return;
    }
    List<String> columns = new ArrayList<>(rows.getFirst().keySet());
    List<Integer> widths =
        columns.stream()
            .map(
                column ->
                    rows.stream()
                        .mapToInt(row -> cell(row, column).length())
                        .reduce(column.length(), Math::max))
            .toList();
    line(out, columns.stream().map(name -> name.toUpperCase(Locale.ROOT)).toList(), widths);
    for (Map<String, String> row : rows) {
      line(out, columns.stream().map(column -> cell(row, column)).toList(), widths);
    }
  }

  /** {@code {"version":1,"queue":[…]}}. */
  static void printJson(PrintStream out, String name, List<Map<String, String>> rows) {
    out.println("{\"version\":1,\"" + name + "\":" + JsonText.list(rows) + "}");
  }

  private static void line(PrintStream out, List<String> cells, List<Integer> widths) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < cells.size(); i++) {
      line.append(cells.get(i));
      if (i < cells.size() - 1) {
        line.repeat(' ', widths.get(i) - cells.get(i).length() + 2);
      }
    }
    out.println(line.toString().stripTrailing());
  }

  /** Peers wrote some of it: no control character reaches the terminal. */
  private static String cell(Map<String, String> row, String column) {
    String text = row.getOrDefault(column, "").replaceAll("\\p{Cntrl}", " ");
    return text.length() <= CELL_MAX ? text : text.substring(0, CELL_MAX - 1) + "…";
  }
}
