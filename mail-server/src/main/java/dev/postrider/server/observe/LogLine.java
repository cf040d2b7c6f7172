package dev.postrider.server.observe;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
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
  private static final Pattern BARE = Pattern.compile("[!#-<>-~]+");

  static LogLine of(ILoggingEvent event) {
    Map<String, String> fields = new LinkedHashMap<>();
    String template = event.getMessage();
    Matcher ours = OUR_EVENT.matcher(template);
    Object[] arguments = event.getArgumentArray();
    if (ours.matches()) {
      fields.put("event", ours.group(1));
      putFields(fields, ours.group(2), arguments);
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

  private static void putFields(
      Map<String, String> fields, String template, Object @Nullable [] arguments) {
    Matcher field = FIELD.matcher(template);
    int next = 0;
    while (field.find()) {
      String value = field.group(2);
      if (value.equals("{}")) {
        Object argument = arguments != null && next < arguments.length ? arguments[next] : "{}";
        value = MessageFormatter.format("{}", argument).getMessage();
        next++;
      }
      fields.put(field.group(1), String.valueOf(value));
    }
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
          if (BARE.matcher(value).matches()) {
            line.append(value);
          } else {
            JsonText.quote(line, value);
          }
        });
    return line.append('\n').toString();
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
