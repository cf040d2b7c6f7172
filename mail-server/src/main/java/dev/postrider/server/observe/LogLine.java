package dev.postrider.server.observe;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.helpers.MessageFormatter;

/**
 * One log line as fields. Our own events are written {@code "smtp.accepted session={} from={}"}:
 * the name of the event, then keys with their arguments. What libraries say becomes the event
 * {@code log} with the text as {@code message}.
 *
 * <p>Arguments come from peers: no value can begin a new line or look like another field.
 */
record LogLine(Instant time, String level, Map<String, String> fields) {

  private static final Pattern OUR_EVENT =
      Pattern.compile(
          "([a-z0-9-]+(?:\\.[a-z0-9-]+)+)((?: [a-zA-Z0-9_.-]+=(?:\"?\\{\\}\"?|[^ {}\"]*))*)");
  private static final Pattern FIELD =
      Pattern.compile(" ([a-zA-Z0-9_.-]+)=\"?(\\{\\}|[^ {}\"]*)\"?");

  /** Our own templates are literals, so they are few; this is if one ever is not. */
  private static final int TEMPLATES_MAX = 2_000;

  private static final Map<String, Optional<Template>> TEMPLATES = new ConcurrentHashMap<>();

  /** One of our events, taken apart once. */
  private record Template(String event, List<Field> fields) {

    /** A key with its value, or with none when that is the next argument. */
    private record Field(String key, Optional<String> value) {}

    static Optional<Template> of(String text) {
      Optional<Template> known = TEMPLATES.get(text);
      if (known != null) {
        return known;
      }
      Optional<Template> parsed = parse(text);
      if (parsed.isPresent() && TEMPLATES.size() < TEMPLATES_MAX) {
        TEMPLATES.put(text, parsed);
      }
      return parsed;
    }

    private static Optional<Template> parse(String text) {
      Matcher ours = OUR_EVENT.matcher(text);
      if (!ours.matches()) {
        return Optional.empty();
      }
      List<Field> fields =
          FIELD
              .matcher(ours.group(2))
              .results()
              .map(
                  field ->
                      new Field(
                          field.group(1),
                          Optional.of(field.group(2)).filter(value -> !value.equals("{}"))))
              .toList();
      return Optional.of(new Template(ours.group(1), fields));
    }

    void fill(Map<String, String> fields, @Nullable Object @Nullable [] arguments) {
      int next = 0;
      for (Field field : this.fields) {
        String value = field.value().orElse("{}");
        if (field.value().isEmpty() && arguments != null && next < arguments.length) {
          value = MessageFormatter.format("{}", arguments[next]).getMessage();
          next++;
        }
        fields.put(field.key(), String.valueOf(value));
      }
    }
  }

  static LogLine of(ILoggingEvent event) {
    Map<String, String> fields = new LinkedHashMap<>();
    Optional<Template> ours = Template.of(event.getMessage());
    if (ours.isPresent()) {
      fields.put("event", ours.get().event());
      ours.get().fill(fields, event.getArgumentArray());
    } else {
      fields.put("event", "log");
      fields.put("logger", event.getLoggerName());
      fields.put("message", event.getFormattedMessage());
    }
    IThrowableProxy thrown = event.getThrowableProxy();
    if (thrown != null) {
      fields.put("cause", causeOf(thrown));
      if (event.getLevel().isGreaterOrEqual(Level.ERROR)) {
        fields.put("stack", ThrowableProxyUtil.asString(thrown).strip());
      }
    }
    return new LogLine(
        event.getInstant().truncatedTo(ChronoUnit.MILLIS),
        event.getLevel().toString().toLowerCase(Locale.ROOT),
        fields);
  }

  private static String causeOf(IThrowableProxy thrown) {
    StringBuilder text = new StringBuilder();
    for (IThrowableProxy at = thrown; at != null; at = at.getCause()) {
      String name = at.getClassName();
      text.append(text.isEmpty() ? "" : ": ").append(name.substring(name.lastIndexOf('.') + 1));
      if (at.getMessage() != null) {
        text.append(": ").append(at.getMessage());
      }
    }
    return text.toString();
  }

  /** {@code 2026-11-23T10:00:00.000Z info smtp.accepted session=… from="…"}. */
  String asText() {
    StringBuilder line = new StringBuilder().append(time).append(' ').append(level);
    fields.forEach(
        (key, value) -> {
          line.append(' ');
          if (!key.equals("event")) {
            line.append(key).append('=');
          }
          if (isBare(value)) {
            line.append(value);
          } else {
            JsonText.quote(line, value);
          }
        });
    return line.append('\n').toString();
  }

  /** Whether it needs no quotes: visible ASCII but for the quote and the equals sign. */
  private static boolean isBare(String value) {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c <= ' ' || c > '~' || c == '"' || c == '=') {
        return false;
      }
    }
    return !value.isEmpty();
  }

  String asJson() {
    StringBuilder line = new StringBuilder("{\"time\":\"").append(time).append("\",\"level\":");
    JsonText.quote(line, level);
    fields.forEach(
        (key, value) -> {
          line.append(',');
          JsonText.quote(line, key);
          line.append(':');
          JsonText.quote(line, value);
        });
    return line.append("}\n").toString();
  }
}
