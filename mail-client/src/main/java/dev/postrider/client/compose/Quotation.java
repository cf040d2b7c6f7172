package dev.postrider.client.compose;

import dev.postrider.client.session.Headers;
import dev.postrider.client.session.Person;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The message that is answered or passed on, as text in the new one. */
public final class Quotation {
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("EEE, d MMM yyyy 'at' HH:mm", Locale.ENGLISH);

  private Quotation() {}

  /** Each line behind a {@code >}, below a line that says who wrote it and when. */
  public static String reply(Headers headers, String text, ZoneId zone) {
    List<Person> from = headers.people("From");
    String who = from.isEmpty() ? "somebody" : from.getFirst().shortForm();
    String when = headers.date().map(d -> "On " + d.atZone(zone).format(DATE) + ", ").orElse("");
    return when + who + " wrote:\n" + quoted(text);
  }

  private static String quoted(String text) {
    return text.stripTrailing()
            .lines()
            .map(line -> line.startsWith(">") ? ">" + line : line.isEmpty() ? ">" : "> " + line)
            .collect(Collectors.joining("\n"))
        + "\n";
  }

  /** The text below the fields that matter. */
  public static String forward(Headers headers, String text) {
    StringBuilder out = new StringBuilder("-------- Forwarded message --------\n");
    for (String name : List.of("Subject", "Date", "From", "To", "Cc")) {
      String value = headers.decoded(name);
      if (!value.isEmpty()) {
        out.append(name).append(": ").append(value).append('\n');
      }
    }
    return out.append('\n').append(text).toString();
  }
}
