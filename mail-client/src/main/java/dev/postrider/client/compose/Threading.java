package dev.postrider.client.compose;

import dev.postrider.client.session.Headers;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How an answer hangs on the message it answers.
 *
 * @param references the conversation's Message-IDs, the answered message last; RFC 5322 section
 *     3.6.4
 * @param subject the answered message's subject
 */
public record Threading(List<String> references, String subject) {
  /** The first and the newest matter; a longer list only grows. Message-IDs. */
  private static final int REFERENCES_MAX = 50;

  /** Where the end of a header is looked for. Octets. */
  private static final int HEADER_OCTETS_MAX = 1 << 20;

  private static final Pattern MESSAGE_ID = Pattern.compile("<[^<>\\s]+>");

  public Threading {
    references = List.copyOf(references);
  }

  public static Threading of(Headers answered) {
    List<String> ids = ids(answered.first("References").orElse(""));
    if (ids.isEmpty()) {
      ids.addAll(ids(answered.first("In-Reply-To").orElse("")));
    }
    ids.addAll(ids(answered.first("Message-ID").orElse("")));
    while (ids.size() > REFERENCES_MAX) {
      ids.remove(1);
    }
    return new Threading(ids, answered.decoded("Subject"));
  }

  /** From a message that is read up to the end of its header. */
  public static Threading of(InputStream message) throws IOException {
    return of(Headers.parse(message.readNBytes(HEADER_OCTETS_MAX)));
  }

  private static List<String> ids(String field) {
    List<String> ids = new ArrayList<>();
    Matcher matcher = MESSAGE_ID.matcher(field);
    while (matcher.find()) {
      ids.add(matcher.group());
    }
    return ids;
  }

  public String replySubject() {
    return prefixed("Re: ", "re:");
  }

  public String forwardSubject() {
    return prefixed("Fwd: ", "fwd:");
  }

  private String prefixed(String prefix, String present) {
    String plain = subject.strip();
    return plain.toLowerCase(Locale.ROOT).startsWith(present) ? plain : prefix + plain;
  }
}
