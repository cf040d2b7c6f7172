package dev.postrider.server.config;

/** The table of keys as Markdown, for docs/configuration.md. */
final class ConfigReference {

  private ConfigReference() {}

  static String markdown() {
    StringBuilder out = new StringBuilder();
    String section = "-";
    for (ConfigKey<?> key : ConfigKeys.ALL) {
      if (!key.section().equals(section)) {
        section = key.section();
        out.append(out.isEmpty() ? "" : "\n").append("### ").append(title(section)).append("\n\n");
        out.append("| key | type | left out | variable | purpose |\n|---|---|---|---|---|\n");
      }
      boolean route = section.equals(ConfigKeys.ROUTE);
      out.append(
          "| `%s` | %s | %s | %s | %s |\n"
              .formatted(
                  key.name(),
                  key.format().type(),
                  key.value().isPresent() ? "`" + key.fallback() + "`" : key.fallback(),
                  "`" + (route ? RouteReader.VARIABLE : key.variable()) + "`",
                  key.purpose()));
    }
    return out.toString();
  }

  private static String title(String section) {
    if (section.isEmpty()) {
      return "At the top";
    }
    return section.equals(ConfigKeys.ROUTE) ? "`[[route]]`" : "`[" + section + "]`";
  }
}
