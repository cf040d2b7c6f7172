package dev.postrider.server.imap;

import dev.postrider.protocol.message.HeaderField;
import dev.postrider.protocol.message.HeaderText;
import dev.postrider.protocol.message.Headers;
import dev.postrider.protocol.message.Part;
import dev.postrider.storage.StoreException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.apache.james.mime4j.codec.Base64InputStream;
import org.apache.james.mime4j.codec.DecodeMonitor;
import org.apache.james.mime4j.codec.QuotedPrintableInputStream;

/**
 * The text of a message as a person reads it: encoded words, transfer encodings and charsets
 * decoded. Of the body, the text parts, and the headers of messages inside; other parts are no
 * text. Streams; the header alone is held.
 */
final class SearchedContent {

  private final MessageContent content;

  SearchedContent(MessageContent content) {
    this.content = content;
  }

  Headers headers() throws IOException {
    return content.headers();
  }

  boolean headerContains(FoldedWord word) throws IOException {
    return contains(content.headers(), word);
  }

  boolean bodyContains(FoldedWord word) throws IOException, StoreException {
    return contains(content.structure(), word);
  }

  private boolean contains(Part part, FoldedWord word) throws IOException {
    if (part.isMessage()) {
      Part message = part.children().get(0);
      return contains(content.headersOf(message), word) || contains(message, word);
    }
    for (Part child : part.children()) {
      if (contains(child, word)) {
        return true;
      }
    }
    if (!part.isText()) {
      return false;
    }
    try (InputStream in = content.open(part.bodyOffset(), part.bodyOctets());
        InputStreamReader text =
            new InputStreamReader(decoded(in, part.encoding()), charset(part))) {
      return word.isIn(text);
    }
  }

  private static boolean contains(Headers headers, FoldedWord word) {
    for (HeaderField field : headers.fields()) {
      if (word.isIn(field.name() + ": " + HeaderText.decode(field.rawValue()))) {
        return true;
      }
    }
    return false;
  }

  private static InputStream decoded(InputStream in, String encoding) {
    return switch (encoding.toLowerCase(Locale.ROOT)) {
      case "base64" -> new Base64InputStream(in, DecodeMonitor.SILENT);
      case "quoted-printable" -> new QuotedPrintableInputStream(in, DecodeMonitor.SILENT);
      default -> in;
    };
  }

  /** US-ASCII and what nobody knows are read as UTF-8, which reads ASCII and much else. */
  private static Charset charset(Part part) {
    String name = HeaderText.parameter(part.parameters(), "charset").orElse("UTF-8").strip();
    try {
      return name.equalsIgnoreCase("us-ascii") ? StandardCharsets.UTF_8 : Charset.forName(name);
    } catch (IllegalArgumentException e) {
      return StandardCharsets.UTF_8;
    }
  }
}
