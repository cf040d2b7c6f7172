package dev.postrider.client.render;

import dev.postrider.client.ExitCode;
import dev.postrider.client.MailFailure;
import dev.postrider.client.session.MessageContent;
import dev.postrider.client.session.MessagePart;
import dev.postrider.client.session.ServerMessage;
import dev.postrider.client.session.TextCharset;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The text of a message that people read: which parts it is in, and what they say. */
public final class BodyText {
  /** What is shown of one part; more is a file, not a letter. Octets. */
  private static final int SHOWN_OCTETS_MAX = 8 << 20;

  private BodyText() {}

  /** The body as text: plain parts as they are, HTML ones rendered. */
  public static String text(MessageContent message) throws MailFailure {
    StringBuilder out = new StringBuilder();
    for (MessagePart part : chosen(message.structure(), "text/plain")) {
      String content = content(message, part);
      boolean html = part.mediaType().equals("text/html");
      if (!out.isEmpty()) {
        out.append('\n');
      }
      out.append(html ? HtmlText.render(content) : content);
    }
    return out.toString().replace("\r\n", "\n");
  }

  /** The HTML as it was sent, or empty when there is none. */
  public static Optional<String> html(MessageContent message) throws MailFailure {
    for (MessagePart part : chosen(message.structure(), "text/html")) {
      if (part.mediaType().equals("text/html")) {
        return Optional.of(content(message, part));
      }
    }
    return Optional.empty();
  }

  /** The parts that make up the body, one of each set of alternatives. RFC 2046 section 5.1.4. */
  private static List<MessagePart> chosen(MessagePart part, String preferred) {
    if (part.isBodyText()) {
      return List.of(part);
    }
    List<MessagePart> found = new ArrayList<>();
    if (part.mediaType().equals("multipart/alternative")) {
      for (MessagePart child : part.children()) {
        List<MessagePart> candidate = chosen(child, preferred);
        boolean better =
            found.isEmpty() || candidate.stream().anyMatch(p -> p.mediaType().equals(preferred));
        if (!candidate.isEmpty() && better) {
          found = candidate;
        }
        if (found.stream().anyMatch(p -> p.mediaType().equals(preferred))) {
          return found;
        }
      }
      return found;
    }
    for (MessagePart child : part.children()) {
      found.addAll(chosen(child, preferred));
    }
    return found;
  }

  private static String content(MessageContent message, MessagePart part) throws MailFailure {
    try (InputStream in = message.open(part)) {
      byte[] octets = in.readNBytes(SHOWN_OCTETS_MAX);
      String cut = octets.length == SHOWN_OCTETS_MAX ? "\n[… cut here; save the part]\n" : "";
      return TextCharset.decode(octets, part.parameters().getOrDefault("charset", "")) + cut;
    } catch (ServerMessage.BrokenFetch e) {
      throw e.failure();
    } catch (IOException e) {
      throw new MailFailure(ExitCode.IO, "cannot read part " + part.id() + ": " + e.getMessage())
          .causedBy(e);
    }
  }
}
