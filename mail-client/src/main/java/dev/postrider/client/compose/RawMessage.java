package dev.postrider.client.compose;

import dev.postrider.client.ExitCode;
import dev.postrider.client.MailFailure;
import dev.postrider.client.session.Envelope;
import dev.postrider.client.session.Headers;
import dev.postrider.client.session.Person;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MailDateFormat;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Date;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * A message that somebody else wrote, ready to go as it is. Only Date and Message-ID are added, in
 * front, when they are missing. RFC 6409 section 8.
 */
public final class RawMessage {
  private final InstantSource clock;
  private final Supplier<UUID> ids;

  public RawMessage(InstantSource clock, Supplier<UUID> ids) {
    this.clock = clock;
    this.ids = ids;
  }

  /**
   * Takes a message from a stream.
   *
   * @param recipients who gets it; when empty, everybody in To, Cc and Bcc
   * @param sender the reverse-path; when empty, the address in From
   */
  public OutgoingMessage read(
      InputStream in, Path directory, List<InternetAddress> recipients, String sender)
      throws MailFailure {
    Envelope unknown = new Envelope("", List.of());
    try (OutgoingMessage draft =
        OutgoingMessage.spool(directory, unknown, List.of(), out -> in.transferTo(out))) {
      Headers headers = draft.headers();
      String from = sender.isEmpty() ? fromAddress(headers) : sender;
      Envelope envelope = new Envelope(from, recipients(headers, recipients));
      List<String> added = new ArrayList<>();
      if (headers.first("Date").isEmpty()) {
        added.add("Date: " + new MailDateFormat().format(Date.from(clock.instant())));
      }
      if (headers.first("Message-ID").isEmpty()) {
        String id = new MessageWriter(clock, ids).newMessageId(from);
        added.add("Message-ID: " + id);
      }
      return OutgoingMessage.spool(directory, envelope, added, out -> draft.copy().writeTo(out));
    } catch (IOException | MessagingException e) {
      throw new MailFailure(ExitCode.IO, "cannot read the message: " + e.getMessage()).causedBy(e);
    }
  }

  private static String fromAddress(Headers headers) throws MailFailure {
    List<Person> from = headers.people("From");
    if (from.isEmpty()) {
      throw new MailFailure(
          ExitCode.DATA,
          "the message has no From field",
          "a raw message begins with its header: From:, To:, Subject:, an empty line, the text");
    }
    return Addresses.of(from.getFirst()).getAddress();
  }

  private static List<String> recipients(Headers headers, List<InternetAddress> named)
      throws MailFailure {
    Set<String> addresses = new LinkedHashSet<>();
    named.forEach(a -> addresses.add(a.getAddress()));
    if (addresses.isEmpty()) {
      for (String field : List.of("To", "Cc", "Bcc")) {
        for (Person person : headers.people(field)) {
          addresses.add(Addresses.of("", person.address()).getAddress());
        }
      }
    }
    if (addresses.isEmpty()) {
      throw new MailFailure(
          ExitCode.USAGE, "there is no recipient", "name one with --to, or in the To field");
    }
    return new ArrayList<>(addresses);
  }
}
