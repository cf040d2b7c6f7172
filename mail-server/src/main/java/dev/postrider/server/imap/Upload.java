package dev.postrider.server.imap;

import dev.postrider.protocol.imap.AppendMessage;
import dev.postrider.protocol.imap.AppendParts;
import dev.postrider.protocol.imap.ImapReply;
import dev.postrider.protocol.imap.LiteralHead;
import dev.postrider.protocol.imap.ResponseCode;
import dev.postrider.protocol.imap.UnacceptableCommandException;
import dev.postrider.protocol.message.BinaryParts;
import dev.postrider.storage.Commit;
import dev.postrider.storage.StoreException;
import dev.postrider.storage.messages.Flags;
import dev.postrider.storage.messages.MessageSource;
import dev.postrider.storage.messages.Spool.Spooled;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The messages of one command on their way into a mailbox. They have those flags of theirs that the
 * account may set there. RFC 4314 section 4.
 *
 * <p>Everything that can be refused is refused before the go-ahead. The octets go into the spool
 * and from there into the store exactly as they came, line endings and NULs included: {@code
 * Leniency.BARE_LF_IN_MESSAGE}, {@code Leniency.NUL_IN_MESSAGE}. All messages are in one piece of
 * spool, one behind the other; so they take the memory of one, however many they are.
 *
 * <p>Who announces a message as binary knows that NUL cannot be sent to every client: binary parts
 * with NUL are stored in base64. RFC 3516 section 4.4 and 6.
 *
 * <p>What a catenated message takes of others is looked up before the go-ahead for what follows it,
 * and copied through the spool as well. RFC 4469.
 */
final class Upload implements AutoCloseable {

  /** Messages of a command: they are one commit, at about 2 KB a message in memory. */
  static final int MESSAGES_MAX = 10_000;

  /** Octets of the messages of a command together, unless a single one may have more. */
  static final long OCTETS_MAX = 128L * 1024 * 1024;

  /** Parts of a message that is catenated. RFC 4469. */
  static final int PARTS_MAX = 1000;

  /** RFC 3501 section 9, number: more cannot be announced. */
  private static final long LITERAL_OCTETS_MAX = 0xFFFF_FFFFL;

  private static final int BLOCK_OCTETS = 16 * 1024;

  private final ImapSession session;
  private final Reached mailbox;
  private final Spooled spooled;
  private final MessageLimit limit;
  private final List<Arrived> arrived = new ArrayList<>();

  /** Where in the spool the message begins that is on its way. */
  private long begin;

  /** Whether it was announced as binary and has NUL. */
  private boolean encodes;

  /** Where a message lies in the spool, and what it is filed as. */
  private record Arrived(long offset, long octets, Commit.Filing filing) {}

  Upload(ImapSession session, Reached mailbox) throws StoreException {
    this.session = session;
    this.limit = MessageLimit.of(session);
    this.mailbox = mailbox;
    try {
      this.spooled = session.store().spool().begin();
    } catch (IOException e) {
      throw noSpool(e);
    }
  }

  /** Octets of a message, as clients are told too. RFC 7889 section 2. */
  static long messageOctetsMax(ImapServices services) {
    return Math.min(services.config().limits().messageOctetsMax(), LITERAL_OCTETS_MAX);
  }

  /** Reads a message that is announced, or says why not. */
  Optional<ImapReply> take(AppendMessage message)
      throws IOException, StoreException, UnacceptableCommandException {
    Optional<Flags> flags = FlagNames.parse(message.flags());
    if (flags.isEmpty()) {
      return Optional.of(FlagNames.unknown());
    }
    if (limit.isBelow(arrived.size() + 1)) {
      return Optional.of(limit.refusal());
    }
    if (arrived.size() == MESSAGES_MAX) {
      return no(ResponseCode.LIMIT, "At most " + MESSAGES_MAX + " messages at once");
    }
    Instant date =
        message
            .date()
            .map(OffsetDateTime::toInstant)
            .orElseGet(() -> session.services().clock().instant())
            .truncatedTo(ChronoUnit.SECONDS);
    begin = spooled.octets();
    encodes = false;
    Optional<ImapReply> refusal = takeParts(message.parts());
    if (refusal.isPresent()) {
      return refusal;
    }
    if (spooled.octets() == begin) {
      return empty();
    }
    if (encodes) {
      encode();
      long octetsMax = messageOctetsMax(session.services());
      if (spooled.octets() - begin > octetsMax) {
        return no(
            ResponseCode.TOO_BIG,
            "A message has at most " + octetsMax + " octets here, binary parts in base64");
      }
    }
    arrived.add(
        new Arrived(
            begin,
            spooled.octets() - begin,
            new Commit.Filing(mailbox.mailbox().id(), mailbox.settable(flags.get()), date)));
    return Optional.empty();
  }

  private Optional<ImapReply> takeParts(AppendParts first)
      throws IOException, StoreException, UnacceptableCommandException {
    AppendParts parts = first;
    int count = 0;
    while (true) {
      count += parts.urls().size() + 1;
      if (count > PARTS_MAX) {
        return no(ResponseCode.LIMIT, "At most " + PARTS_MAX + " parts of a message");
      }
      for (String url : parts.urls()) {
        Optional<ImapReply> refusal = takeUrl(url);
        if (refusal.isPresent()) {
          return refusal;
        }
      }
      if (parts.octets().isEmpty()) {
        return Optional.empty();
      }
      LiteralHead head = parts.octets().get();
      if (head.octets() == 0 && !parts.more()) {
        return empty();
      }
      Optional<ImapReply> refusal = refusal(head.octets());
      if (refusal.isPresent()) {
        return refusal;
      }
      encodes |= copy(session.streams().reader().openLiteral()) && head.binary();
      if (!parts.more()) {
        return Optional.empty();
      }
      parts = session.streams().reader().nextParts();
    }
  }

  private Optional<ImapReply> takeUrl(String url) throws IOException, StoreException {
    Optional<UrlContent> found = UrlContent.find(url, session);
    if (found.isEmpty()) {
      return no(ResponseCode.badUrl(url), "The URL names no message or part here");
    }
    try (UrlContent content = found.get();
        InputStream in = content.open()) {
      Optional<ImapReply> refusal = refusal(content.octets());
      if (refusal.isEmpty()) {
        copyStored(in);
      }
      return refusal;
    }
  }

  private Optional<ImapReply> refusal(long octets) {
    long octetsMax = messageOctetsMax(session.services());
    if (octets > octetsMax - (spooled.octets() - begin)) {
      return no(ResponseCode.TOO_BIG, "A message has at most " + octetsMax + " octets here");
    }
    long together = Math.max(OCTETS_MAX, octetsMax);
    return octets > together - spooled.octets()
        ? no(ResponseCode.LIMIT, "Messages have at most " + together + " octets together")
        : Optional.empty();
  }

  private static Optional<ImapReply> empty() {
    return no(ResponseCode.CANNOT, "An empty message cannot be appended");
  }

  private static Optional<ImapReply> no(ResponseCode code, String text) {
    return Optional.of(ImapReply.no(code, text));
  }

  /** Octets of what came, as it is stored. */
  long octets() {
    return arrived.stream().mapToLong(Arrived::octets).sum();
  }

  /** What came, in this order; readable until this is closed. */
  List<Commit.Deposit> deposits() {
    return arrived.stream()
        .map(
            one ->
                new Commit.Deposit(
                    spooled.range(one.offset(), one.octets()), List.of(one.filing()), List.of()))
        .toList();
  }

  /**
   * Whether NUL is in it. A spool that fails is our trouble, and the connection lives on; one that
   * ends early is not.
   */
  private boolean copy(InputStream literal) throws IOException, StoreException {
    boolean nul = false;
    byte[] block = new byte[BLOCK_OCTETS];
    for (int count = literal.read(block); count >= 0; count = literal.read(block)) {
      write(block, count);
      for (int i = 0; i < count && !nul; i++) {
        nul = block[i] == 0;
      }
    }
    return nul;
  }

  /** A stored message that fails is our trouble too. */
  private void copyStored(InputStream stored) throws StoreException {
    byte[] block = new byte[BLOCK_OCTETS];
    try {
      for (int count = stored.read(block); count >= 0; count = stored.read(block)) {
        write(block, count);
      }
    } catch (IOException e) {
      throw UrlContent.damaged(e);
    }
  }

  /** Puts the message behind itself, with its binary parts encoded. */
  private void encode() throws StoreException {
    long end = spooled.octets();
    MessageSource raw = spooled.range(begin, end - begin);
    try {
      BinaryParts.encode(raw::open, spooled.out());
    } catch (IOException e) {
      throw noSpool(e);
    }
    begin = end;
  }

  private void write(byte[] block, int count) throws StoreException {
    try {
      spooled.out().write(block, 0, count);
    } catch (IOException e) {
      throw noSpool(e);
    }
  }

  private static StoreException noSpool(IOException e) {
    return new StoreException(
        StoreException.Kind.NO_SPACE, "the spool cannot be written: " + e.getMessage(), e);
  }

  @Override
  public void close() {
    spooled.close();
  }
}
