package dev.postrider.client.cli;

import dev.postrider.client.render.Columns;
import dev.postrider.client.render.Dates;
import dev.postrider.client.render.JsonObject;
import dev.postrider.client.render.Palette;
import dev.postrider.client.render.SafeText;
import dev.postrider.client.render.Sizes;
import dev.postrider.client.session.MessagePart;
import dev.postrider.client.session.MessageSummary;
import dev.postrider.client.session.Person;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Messages and people as lines and as JSON, the same in every verb. */
final class Messages {
  private static final int FROM_CELLS = 24;
  private static final int DATE_CELLS = 12;

  private Messages() {}

  static JsonObject json(MessageSummary message) {
    return new JsonObject()
        .put("uid", message.uid())
        .put("date", message.headers().date())
        .put("received", message.received())
        .put("from", people(message.headers().people("From")))
        .put("to", people(message.headers().people("To")))
        .put("cc", people(message.headers().people("Cc")))
        .put("subject", message.headers().decoded("Subject"))
        .put("flags", message.sortedFlags())
        .put("size", message.size())
        .put("messageId", message.headers().first("Message-ID"))
        .put("mayHaveAttachments", message.mayHaveAttachments());
  }

  static List<JsonObject> people(List<Person> people) {
    return people.stream()
        .map(p -> new JsonObject().put("name", p.name()).put("address", p.address()))
        .toList();
  }

  static List<JsonObject> parts(Collection<MessagePart> parts) {
    List<JsonObject> all = new ArrayList<>();
    for (MessagePart part : parts) {
      all.add(
          new JsonObject()
              .put("part", part.id())
              .put("name", part.fileName())
              .put("type", part.mediaType())
              .put("size", part.decodedSize()));
    }
    return all;
  }

  /** One line of a list; {@code cells} is the width of the terminal, or 0 for no limit. */
  static String line(MessageSummary message, Palette palette, Clock clock, int cells) {
    List<Person> from = message.headers().people("From");
    String sender = from.isEmpty() ? "" : SafeText.line(from.getFirst().shortForm());
    String date = message.date().map(d -> Dates.brief(d, clock)).orElse("");
    String uid = String.format(java.util.Locale.ROOT, "%6d", message.uid());
    String marks = marks(message);
    String subject = SafeText.line(message.headers().decoded("Subject"));
    String size = Sizes.of(message.size());
    String left = uid + " " + marks + " " + Columns.fit(date, DATE_CELLS) + "  ";
    int room = cells - Columns.width(left) - FROM_CELLS - 2 - 6;
    String shown = cells > 0 && room > 10 ? Columns.fit(subject, room) : subject + " ";
    boolean unread = !message.has("\\Seen");
    String middle = Columns.fit(sender, FROM_CELLS) + "  " + shown;
    return palette.dim(left)
        + (unread ? palette.bold(middle) : middle)
        + palette.dim(String.format(java.util.Locale.ROOT, "%6s", size));
  }

  private static String marks(MessageSummary message) {
    return (message.has("\\Seen") ? " " : "N")
        + (message.has("\\Flagged") ? "!" : " ")
        + (message.has("\\Answered") ? "r" : message.has("$Forwarded") ? "f" : " ")
        + (message.has("\\Deleted") ? "D" : message.mayHaveAttachments() ? "@" : " ");
  }
}
