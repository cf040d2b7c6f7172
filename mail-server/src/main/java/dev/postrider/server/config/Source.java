package dev.postrider.server.config;

import dev.postrider.server.config.Format.Unfit;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.tomlj.TomlArray;
import org.tomlj.TomlPosition;
import org.tomlj.TomlTable;

/**
 * Where values come from: the environment first, then the file. It collects every mistake, and
 * answers with the value that holds without the key, so that reading can go on to the next one.
 */
final class Source {

  private final TomlTable file;
  private final String fileName;
  private final Map<String, String> environment;
  private final List<ConfigProblem> problems = new ArrayList<>();

  Source(TomlTable file, String fileName, Map<String, String> environment) {
    this.file = file;
    this.fileName = fileName;
    this.environment = environment;
  }

  List<ConfigProblem> problems() {
    return problems;
  }

  void problem(String place, String text) {
    problems.add(new ConfigProblem(place, text));
  }

  /** The value of a key that has one of its own. */
  <T> T value(ConfigKey<T> key) {
    return find(key).orElseGet(() -> key.value().orElseThrow());
  }

  /** The value that was written, if one was. An empty variable means: as if left out. */
  <T> Optional<T> find(ConfigKey<T> key) {
    String variable = environment.get(key.variable());
    if (variable != null) {
      return variable.isBlank()
          ? Optional.empty()
          : read(key, key.format().text(), variable.strip(), key.variable());
    }
    return find(key, file, pathOf(key));
  }

  /** The value in one table, such as a route. */
  <T> Optional<T> find(ConfigKey<T> key, TomlTable table, List<String> path) {
    Object written = get(table, path);
    return written == null
        ? Optional.empty()
        : read(key, key.format().toml(), written, place(table, path));
  }

  /** Where the key was written, for a message about it. */
  String place(ConfigKey<?> key) {
    return environment.containsKey(key.variable()) ? key.variable() : place(file, pathOf(key));
  }

  String place(TomlTable table, List<String> path) {
    TomlPosition position = table.inputPositionOf(path);
    return position == null ? fileName : fileName + ":" + position.line();
  }

  /** A path as meant by whoever wrote it: relative to the file, or to where the program runs. */
  Path resolve(ConfigKey<Path> key, Path written, Path directoryOfFile) {
    return environment.containsKey(key.variable())
        ? written.toAbsolutePath().normalize()
        : directoryOfFile.resolve(written).toAbsolutePath().normalize();
  }

  /** Whether the key was written, in the environment or the file, rightly or not. */
  boolean isSet(ConfigKey<?> key) {
    String variable = environment.get(key.variable());
    return variable != null ? !variable.isBlank() : get(file, pathOf(key)) != null;
  }

  /** Whether a variable says that the key is to be taken as left out. */
  boolean isCleared(ConfigKey<?> key) {
    String variable = environment.get(key.variable());
    return variable != null && variable.isBlank();
  }

  /** A variable that is no single key; empty when it is not set, or blank. */
  Optional<String> variable(String name) {
    return Optional.ofNullable(environment.get(name)).map(String::strip).filter(v -> !v.isEmpty());
  }

  boolean hasSection(String section) {
    return get(file, List.of(section)) != null;
  }

  String placeOfSection(String section) {
    return place(file, List.of(section));
  }

  /** The line where a table begins, as near as it is known: that of its first key. */
  String placeOf(TomlTable table) {
    return table.keySet().stream()
        .map(name -> place(table, List.of(name)))
        .findFirst()
        .orElse(fileName);
  }

  /** The tables of {@code [[name]]}. */
  List<TomlTable> tables(String name) {
    Object written = get(file, List.of(name));
    if (written == null) {
      return List.of();
    }
    if (written instanceof TomlArray array
        && array.toList().stream().allMatch(TomlTable.class::isInstance)) {
      return array.toList().stream().map(TomlTable.class::cast).toList();
    }
    problem(
        place(file, List.of(name)),
        "'" + name + "' must be written as a section in double brackets, [[" + name + "]]");
    return List.of();
  }

  /** Reports everything in the file that no key stands for. */
  void refuseUnknownKeys(List<ConfigKey<?>> keys) {
    for (String name : file.keySet()) {
      Object written = get(file, List.of(name));
      if (keys.stream().anyMatch(key -> key.section().equals(name))) {
        refuseUnknownIn(name, written, keys);
      } else if (keys.stream().noneMatch(key -> key.path().equals(name))) {
        if (written instanceof TomlTable) {
          unknown(place(file, List.of(name)), "section", name, sectionsOf(keys));
        } else {
          unknown(place(file, List.of(name)), "key", name, pathsIn("", keys));
        }
      }
    }
  }

  /**
   * Reports variables that look like ours and are not. Others that begin alike belong to other
   * programs, such as the client.
   */
  void refuseUnknownVariables(List<ConfigKey<?>> keys, Set<String> others) {
    List<String> known = new ArrayList<>(keys.stream().map(ConfigKey::variable).toList());
    known.addAll(others);
    for (String variable : environment.keySet()) {
      if (!variable.startsWith(ConfigKey.VARIABLE_PREFIX) || known.contains(variable)) {
        continue;
      }
      boolean ofASection =
          sectionsOf(keys).stream()
              .anyMatch(
                  section ->
                      variable.startsWith(
                          ConfigKey.VARIABLE_PREFIX
                              + section.replace('.', '_').toUpperCase(Locale.ROOT)
                              + "_"));
      Optional<String> meant =
          known.stream().filter(name -> Spelling.distance(name, variable) <= 2).findFirst();
      if (ofASection || meant.isPresent()) {
        problem(
            variable,
            "the variable is not known"
                + meant
                    .or(() -> Spelling.closest(variable, known))
                    .map(name -> "; did you mean " + name + "?")
                    .orElse("; unset it"));
      }
    }
  }

  private void refuseUnknownIn(String section, @Nullable Object written, List<ConfigKey<?>> keys) {
    if (written instanceof TomlTable table) {
      refuseUnknownIn(section, table, keys);
    } else if (written instanceof TomlArray array) {
      array.toList().stream()
          .filter(TomlTable.class::isInstance)
          .forEach(table -> refuseUnknownIn(section, (TomlTable) table, keys));
    } else {
      problem(
          place(file, List.of(section.split("\\."))),
          "'" + section + "' is a section; write [" + section + "] and its keys below");
    }
  }

  private void refuseUnknownIn(String section, TomlTable table, List<ConfigKey<?>> keys) {
    for (String name : table.keySet()) {
      String path = section + "." + name;
      if (keys.stream().anyMatch(key -> key.section().equals(path))) {
        refuseUnknownIn(path, get(table, List.of(name)), keys);
      } else if (keys.stream().noneMatch(key -> key.path().equals(path))) {
        unknown(place(table, List.of(name)), "key", path, pathsIn(section, keys));
      }
    }
  }

  private void unknown(String place, String what, String name, List<String> known) {
    problem(
        place,
        what
            + " '"
            + name
            + "' is not known; "
            + Spelling.closest(name, known)
                .map(meant -> "did you mean '" + meant + "'?")
                .orElseGet(() -> "known are: " + String.join(", ", known)));
  }

  private static List<String> sectionsOf(List<ConfigKey<?>> keys) {
    Set<String> sections = new LinkedHashSet<>();
    keys.forEach(key -> sections.add(key.section()));
    sections.remove("");
    return List.copyOf(sections);
  }

  private static List<String> pathsIn(String section, List<ConfigKey<?>> keys) {
    return keys.stream().filter(key -> key.section().equals(section)).map(ConfigKey::path).toList();
  }

  private <A, T> Optional<T> read(
      ConfigKey<T> key, Format.Reading<A, T> reading, A written, String place) {
    try {
      return Optional.of(reading.read(written));
    } catch (Unfit unfit) {
      problem(place, "key '" + key.path() + "': " + unfit.reason());
      return Optional.empty();
    }
  }

  private static List<String> pathOf(ConfigKey<?> key) {
    return List.of(key.path().split("\\."));
  }

  /** As {@code table.get(path)}, which throws when a part of the path is not a table. */
  private static @Nullable Object get(TomlTable table, List<String> path) {
    Object at = table;
    for (String name : path) {
      at = at instanceof TomlTable inner ? inner.get(List.of(name)) : null;
    }
    return at;
  }
}
