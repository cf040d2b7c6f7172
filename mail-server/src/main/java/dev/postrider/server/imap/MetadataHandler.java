package dev.postrider.server.imap;

import dev.postrider.protocol.imap.ImapCommand;
import dev.postrider.protocol.imap.ImapCommand.MetadataDepth;
import dev.postrider.protocol.imap.ImapReply;
import dev.postrider.protocol.imap.ImapWriter;
import dev.postrider.protocol.imap.ResponseCode;
import dev.postrider.protocol.text.Octets;
import dev.postrider.storage.StoreException;
import dev.postrider.storage.mailboxes.Annotations;
import dev.postrider.storage.mailboxes.Annotations.Annotation;
import dev.postrider.storage.mailboxes.Mailbox;
import dev.postrider.storage.mailboxes.Right;
import dev.postrider.storage.mailboxes.Rights;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * GETMETADATA and SETMETADATA, and what LIST says of annotations. RFC 5464, RFC 9590.
 *
 * <p>An entry that was asked for by its name and is not there is told as NIL. What a mailbox of
 * one's own is for is {@code /private/specialuse} too, for reading (RFC 6154 section 4). Nobody
 * shares annotations of the server: whoever could would speak to all accounts.
 */
final class MetadataHandler {

  private static final String SPECIAL_USE = "/private/specialuse";

  /** With one of these beside lookup somebody may know annotations. RFC 5464 section 3.3. */
  private static final Rights FOR_ANNOTATIONS =
      Rights.of(Right.READ, Right.SEEN, Right.WRITE, Right.INSERT, Right.POST);

  ImapReply get(ImapCommand.GetMetadata command, ImapSession session)
      throws IOException, StoreException {
    Optional<Reached> found = Optional.empty();
    if (!command.mailbox().isEmpty()) {
      found = Namespaces.find(command.mailbox(), session);
      Optional<ImapReply> refusal = refusal(found);
      if (refusal.isPresent()) {
        return refusal.get();
      }
    }
    TreeMap<String, Optional<Octets>> wanted = new TreeMap<>();
    command.entries().stream()
        .filter(name -> name.indexOf('/', 1) > 0)
        .forEach(name -> wanted.put(name, Optional.empty()));
    for (Annotation one : annotations(found, session)) {
      if (command.entries().stream().anyMatch(name -> names(name, command.depth(), one))) {
        wanted.put(one.entry(), Optional.of(one.value()));
      }
    }
    OptionalLong tooLong = dropLong(wanted, command.maxSize());
    if (!wanted.isEmpty()) {
      String name = found.map(Reached::name).orElse("");
      write(name, wanted, session.writer());
    }
    return tooLong.isPresent()
        ? ImapReply.ok(
            ResponseCode.metadataLongEntries(tooLong.getAsLong()), "Some are longer than asked for")
        : ImapReply.ok("Annotations given");
  }

  /** Whether {@code name} asks for {@code one}. RFC 5464 section 4.2.2. */
  private static boolean names(String name, MetadataDepth depth, Annotation one) {
    if (one.entry().equals(name)) {
      return true;
    }
    boolean below = one.entry().startsWith(name + "/");
    return switch (depth) {
      case ZERO -> false;
      case ONE -> below && one.entry().indexOf('/', name.length() + 1) < 0;
      case INFINITY -> below;
    };
  }

  /** Takes those out that are longer; the octets of the longest one. */
  private static OptionalLong dropLong(Map<String, Optional<Octets>> wanted, OptionalLong maxSize) {
    long most = maxSize.orElse(Long.MAX_VALUE);
    List<Integer> longer = new ArrayList<>();
    wanted
        .values()
        .removeIf(
            value -> {
              boolean tooLong = value.isPresent() && value.get().length() > most;
              if (tooLong) {
                longer.add(value.get().length());
              }
              return tooLong;
            });
    return longer.stream().mapToLong(Integer::longValue).max();
  }

  private static List<Annotation> annotations(Optional<Reached> mailbox, ImapSession session)
      throws StoreException {
    List<Annotation> all =
        new ArrayList<>(
            session
                .store()
                .annotations()
                .list(mailbox.map(Reached::mailbox), session.account().id()));
    mailbox
        .filter(Reached::own)
        .flatMap(reached -> reached.mailbox().specialUse())
        .map(use -> Octets.of(use.attribute().getBytes(StandardCharsets.US_ASCII)))
        .ifPresent(use -> all.add(new Annotation(SPECIAL_USE, use)));
    return all;
  }

  /** Behind a LIST response, where the account may know annotations. RFC 9590. */
  static void list(Reached mailbox, List<String> entries, ImapSession session)
      throws IOException, StoreException {
    if (refusal(Optional.of(mailbox)).isPresent()) {
      return;
    }
    TreeMap<String, Optional<Octets>> wanted = new TreeMap<>();
    entries.forEach(name -> wanted.put(name, Optional.empty()));
    for (Annotation one : annotations(Optional.of(mailbox), session)) {
      wanted.computeIfPresent(one.entry(), (name, none) -> Optional.of(one.value()));
    }
    write(mailbox.name(), wanted, session.writer());
  }

  /** {@code * METADATA}. */
  private static void write(String mailbox, Map<String, Optional<Octets>> values, ImapWriter writer)
      throws IOException {
    writer.atom("* METADATA ").mailbox(mailbox).atom(" (");
    String between = "";
    for (Map.Entry<String, Optional<Octets>> one : values.entrySet()) {
      writer.atom(between).string(one.getKey()).space();
      between = " ";
      if (one.getValue().isEmpty()) {
        writer.atom("NIL");
      } else if (one.getValue().get().contains(0)) {
        byte[] octets = one.getValue().get().toByteArray();
        writer.literal8Head(octets.length).octets(octets);
      } else {
        writer.string(one.getValue().get().toByteArray());
      }
    }
    writer.atom(")").crlf();
  }

  ImapReply set(ImapCommand.SetMetadata command, ImapSession session) throws StoreException {
    boolean shared =
        command.values().keySet().stream().anyMatch(name -> name.startsWith(Annotations.SHARED));
    Optional<Mailbox> mailbox = Optional.empty();
    if (command.mailbox().isEmpty()) {
      if (shared) {
        return ImapReply.no(
            ResponseCode.NO_PERMISSION, "Annotations of the server are private here");
      }
    } else {
      Optional<Reached> found = Namespaces.find(command.mailbox(), session);
      Optional<ImapReply> refusal = refusal(found);
      if (refusal.isPresent()) {
        return refusal.get();
      }
      if (shared && !found.orElseThrow().may(Right.WRITE)) {
        return Reached.noPermission();
      }
      mailbox = found.map(Reached::mailbox);
    }
    return set(mailbox, command.values(), session);
  }

  private static ImapReply set(
      Optional<Mailbox> mailbox, Map<String, Optional<Octets>> values, ImapSession session)
      throws StoreException {
    if (values.containsKey(SPECIAL_USE)) {
      return ImapReply.no(ResponseCode.CANNOT, "What a mailbox is for cannot be changed so");
    }
    for (Optional<Octets> value : values.values()) {
      if (value.isPresent() && value.get().length() > Annotations.VALUE_OCTETS_MAX) {
        return ImapReply.no(
            ResponseCode.metadataMaxSize(Annotations.VALUE_OCTETS_MAX),
            "A value has at most so many octets");
      }
    }
    boolean changed = session.store().annotations().change(mailbox, session.account().id(), values);
    return changed
        ? ImapReply.ok("Annotated")
        : ImapReply.no(
            ResponseCode.METADATA_TOO_MANY,
            "At most "
                + Annotations.ENTRIES_MAX
                + " for a mailbox, and "
                + Annotations.ACCOUNT_OCTETS_MAX
                + " octets for an account");
  }

  /** RFC 5464 section 3.3. */
  private static Optional<ImapReply> refusal(Optional<Reached> found) {
    Optional<ImapReply> unknown = Reached.refusal(found, Right.LOOKUP, Reached.nonexistent());
    if (unknown.isPresent()) {
      return unknown;
    }
    return found.orElseThrow().rights().hasAny(FOR_ANNOTATIONS)
        ? Optional.empty()
        : Optional.of(Reached.noPermission());
  }
}
