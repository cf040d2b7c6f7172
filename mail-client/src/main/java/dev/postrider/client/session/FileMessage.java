package dev.postrider.client.session;

import dev.postrider.client.ExitCode;
import dev.postrider.client.MailFailure;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.apache.james.mime4j.MimeException;
import org.apache.james.mime4j.stream.BodyDescriptor;
import org.apache.james.mime4j.stream.EntityState;
import org.apache.james.mime4j.stream.Field;
import org.apache.james.mime4j.stream.MimeConfig;
import org.apache.james.mime4j.stream.MimeTokenStream;
import org.apache.james.mime4j.stream.RecursionMode;

/**
 * A message in a file, read by Mime4j, which gives up on nothing. Parts are numbered as IMAP
 * numbers them. Each part that is opened costs one pass over the file; nothing is kept in memory.
 */
public final class FileMessage implements MessageContent, AutoCloseable {
  /** RFC 5322 has no limit on the header; this is far above what is seen. Octets. */
  private static final int HEADER_OCTETS_MAX = 1 << 20;

  /** Whatever cannot be taken apart is one piece of text. */
  private static final MessagePart WHOLE =
      new MessagePart("1", "text/plain", Map.of(), "", "", "", -1, List.of());

  private final Path file;
  private final boolean temporary;

  private FileMessage(Path file, boolean temporary) {
    this.file = file;
    this.temporary = temporary;
  }

  public static FileMessage of(Path file) {
    return new FileMessage(file, false);
  }

  /** A message in a file that is removed on {@link #close()}. */
  public static FileMessage temporary(Path file) {
    return new FileMessage(file, true);
  }

  @Override
  public void close() throws IOException {
    if (temporary) {
      Files.deleteIfExists(file);
    }
  }

  @Override
  public Headers headers() throws MailFailure {
    try (InputStream in = raw()) {
      return Headers.parse(in.readNBytes(HEADER_OCTETS_MAX));
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  @Override
  public InputStream raw() throws MailFailure {
    try {
      return Files.newInputStream(file);
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private MailFailure unreadable(Exception e) {
    return new MailFailure(ExitCode.IO, "cannot read " + file + ": " + e.getMessage()).causedBy(e);
  }

  @Override
  public MessagePart structure() throws MailFailure {
    if (headers().all().isEmpty()) {
      return WHOLE;
    }
    try (InputStream in = raw()) {
      return new Walk(in).structure();
    } catch (IOException | MimeException e) {
      return WHOLE;
    }
  }

  @Override
  public InputStream open(MessagePart part) throws MailFailure {
    InputStream in = raw();
    if (part.equals(WHOLE)) {
      return in;
    }
    try {
      return new Walk(in).content(part.id());
    } catch (IOException | MimeException e) {
      return new ByteArrayInputStream(new byte[0]);
    }
  }

  /** One pass over the message. */
  private static final class Walk {
    private final MimeTokenStream tokens;
    private final Deque<Node> open = new ArrayDeque<>();

    /** A multipart that has begun and not ended. */
    private static final class Node {
      final String id;
      final Headers headers;
      final BodyDescriptor descriptor;
      final List<MessagePart> children = new ArrayList<>();
      int nextChild = 1;

      Node(String id, Headers headers, BodyDescriptor descriptor) {
        this.id = id;
        this.headers = headers;
        this.descriptor = descriptor;
      }
    }

    Walk(InputStream in) {
      MimeConfig lenient =
          MimeConfig.custom()
              .setMaxLineLen(-1)
              .setMaxHeaderCount(-1)
              .setMaxHeaderLen(-1)
              .setMalformedHeaderStartsBody(true)
              .build();
      tokens = new MimeTokenStream(lenient);
      tokens.setRecursionMode(RecursionMode.M_NO_RECURSE);
      tokens.parse(in);
    }

    MessagePart structure() throws IOException, MimeException {
      MessagePart last = null;
      List<Headers.Field> fields = new ArrayList<>();
      for (EntityState state = tokens.getState();
          state != EntityState.T_END_OF_STREAM;
          state = tokens.next()) {
        switch (state) {
          case T_START_HEADER -> fields = new ArrayList<>();
          case T_FIELD -> fields.add(field(tokens.getField()));
          case T_START_MULTIPART ->
              open.push(new Node(nextId(true), new Headers(fields), tokens.getBodyDescriptor()));
          case T_BODY -> {
            MessagePart leaf = leaf(nextId(false), new Headers(fields), octets());
            last = leaf;
            addToParent(leaf);
          }
          case T_END_MULTIPART -> {
            Node node = open.pop();
            MessagePart part = part(node.id, node.headers, node.descriptor, -1, node.children);
            last = part;
            addToParent(part);
          }
          default -> {}
        }
      }
      while (!open.isEmpty()) {
        Node node = open.pop();
        last = part(node.id, node.headers, node.descriptor, -1, node.children);
        addToParent(last);
      }
      return Objects.requireNonNullElseGet(
          last, () -> new MessagePart("1", "text/plain", Map.of(), "", "", "", 0, List.of()));
    }

    private void addToParent(MessagePart part) {
      Node parent = open.peek();
      if (parent != null) {
        parent.children.add(part);
      }
    }

    InputStream content(String id) throws IOException, MimeException {
      for (EntityState state = tokens.getState();
          state != EntityState.T_END_OF_STREAM;
          state = tokens.next()) {
        switch (state) {
          case T_START_MULTIPART ->
              open.push(new Node(nextId(true), new Headers(List.of()), tokens.getBodyDescriptor()));
          case T_END_MULTIPART -> open.pop();
          case T_BODY -> {
            if (nextId(false).equals(id)) {
              return tokens.getDecodedInputStream();
            }
          }
          default -> {}
        }
      }
      return new ByteArrayInputStream(new byte[0]);
    }

    /** RFC 9051 section 6.4.5.1: the root has no number unless it is a single part. */
    private String nextId(boolean multipart) {
      Node parent = open.peek();
      if (parent == null) {
        return multipart ? "" : "1";
      }
      String prefix = parent.id.isEmpty() ? "" : parent.id + ".";
      return prefix + parent.nextChild++;
    }

    private long octets() throws IOException {
      return tokens.getInputStream().transferTo(java.io.OutputStream.nullOutputStream());
    }

    private static Headers.Field field(Field field) {
      String raw =
          field.getRaw() == null
              ? field.getName() + ": " + field.getBody()
              : Headers.text(field.getRaw().toByteArray());
      Headers one = Headers.parse(raw.getBytes(java.nio.charset.StandardCharsets.UTF_8));
      return one.all().isEmpty() ? new Headers.Field(field.getName(), "") : one.all().getFirst();
    }

    private MessagePart leaf(String id, Headers headers, long size) {
      return part(id, headers, tokens.getBodyDescriptor(), size, List.of());
    }

    private static MessagePart part(
        String id,
        Headers headers,
        BodyDescriptor descriptor,
        long size,
        List<MessagePart> children) {
      Map<String, String> parameters = new TreeMap<>();
      if (descriptor.getCharset() != null) {
        parameters.put("charset", descriptor.getCharset());
      }
      HeaderValue disposition = HeaderValue.parse(headers.first("Content-Disposition").orElse(""));
      HeaderValue type = HeaderValue.parse(headers.first("Content-Type").orElse(""));
      String name = disposition.parameter("filename");
      return new MessagePart(
          id,
          descriptor.getMimeType().toLowerCase(Locale.ROOT),
          parameters,
          Objects.requireNonNullElse(descriptor.getTransferEncoding(), "").toLowerCase(Locale.ROOT),
          disposition.value().toLowerCase(Locale.ROOT),
          Headers.decode(name.isEmpty() ? type.parameter("name") : name),
          size,
          children);
    }
  }
}
