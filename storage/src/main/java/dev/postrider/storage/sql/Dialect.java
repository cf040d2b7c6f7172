package dev.postrider.storage.sql;

import java.util.ArrayList;
import java.util.List;

/** Where H2 and PostgreSQL do not understand the same words. */
enum Dialect {
  H2,
  POSTGRESQL;

  /** Inserts one row, or gives the row of the same key these values. */
  String upsert(String table, String keys, String columns) {
    return upsert(
        table, keys, columns, "values (" + "?, ".repeat(columns.split(",").length - 1) + "?)");
  }

  /**
   * The same with the rows of {@code source}.
   *
   * @param keys columns, separated by commas
   * @param columns all of them
   * @param source {@code values} or {@code select}
   */
  String upsert(String table, String keys, String columns, String source) {
    return switch (this) {
      case H2 -> "merge into %s (%s) key (%s) %s".formatted(table, columns, keys, source);
      case POSTGRESQL ->
          "insert into %s (%s) %s on conflict (%s) do %s"
              .formatted(table, columns, source, keys, update(keys, columns));
    };
  }

  private static String update(String keys, String columns) {
    List<String> keyColumns = List.of(keys.split(", "));
    List<String> set = new ArrayList<>();
    for (String column : columns.split(", ")) {
      if (!keyColumns.contains(column)) {
        set.add(column + " = excluded." + column);
      }
    }
    return set.isEmpty() ? "nothing" : "update set " + String.join(", ", set);
  }
}
