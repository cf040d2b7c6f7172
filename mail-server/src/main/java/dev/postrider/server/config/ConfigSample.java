package dev.postrider.server.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Writes a configuration file that explains itself. */
public final class ConfigSample {

  private static final int COLUMNS = 96;

  private ConfigSample() {}

  /**
   * Every key with its purpose; those in {@code values} set, the others as comments.
   *
   * @param values TOML by path, such as {@code "listen.smtp" -> "\"*:25\""}
   */
  public static String write(Map<String, String> values) {
    StringBuilder out = new StringBuilder();
    out.append(
        "# Configuration of postriderd. A key that is left out or commented has the value\n");
    out.append(
        "# shown. Each can also be set by a variable: [listen] smtp by POSTRIDER_LISTEN_SMTP.\n");
    String section = "";
    for (ConfigKey<?> key : ConfigKeys.ALL) {
      if (!key.section().equals(section)) {
        section = key.section();
        out.append('\n').append(header(section, values)).append('\n');
      }
      out.append('\n');
      wrap(key.purpose()).forEach(line -> out.append("# ").append(line).append('\n'));
      if (key.value().isEmpty()) {
        wrap("Left out: " + key.fallback() + ".")
            .forEach(line -> out.append("# ").append(line).append('\n'));
      }
      String value = values.get(key.path());
      out.append(value == null ? "#" : "").append(key.name()).append(" = ");
      out.append(value == null ? key.sample() : value).append('\n');
    }
    return out.toString();
  }

  private static String header(String section, Map<String, String> values) {
    if (!section.equals(ConfigKeys.ROUTE)) {
      return "[" + section + "]";
    }
    boolean set = values.keySet().stream().anyMatch(path -> path.startsWith(section + "."));
    return (set ? "" : "#") + "[[" + section + "]]";
  }

  private static List<String> wrap(String text) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    for (String word : text.split(" ")) {
      if (!line.isEmpty() && line.length() + 1 + word.length() > COLUMNS) {
        lines.add(line.toString());
        line.setLength(0);
      }
      line.append(line.isEmpty() ? "" : " ").append(word);
    }
    lines.add(line.toString());
    return lines;
  }
}
