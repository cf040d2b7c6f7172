package dev.postrider.storage.changes;

import dev.postrider.protocol.address.MailAddress;
import dev.postrider.protocol.text.Octets;
import dev.postrider.storage.accounts.AccountId;
import dev.postrider.storage.mailboxes.Grantee;
import dev.postrider.storage.mailboxes.MailboxId;
import dev.postrider.storage.mailboxes.Rights;
import dev.postrider.storage.messages.BodyId;
import dev.postrider.storage.messages.Flags;
import dev.postrider.storage.messages.UidSet;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Reads what {@link ChangeWriter} writes, and believes no length that the bytes do not cover. */
final class ChangeReader {

  private final ByteBuffer in;

  ChangeReader(byte[] bytes) {
    this.in = ByteBuffer.wrap(bytes);
  }

  boolean atEnd() {
    return !in.hasRemaining();
  }

  int octet() throws MalformedChangeException {
    if (!in.hasRemaining()) {
      throw new MalformedChangeException("ends too early");
    }
    return in.get() & 0xFF;
  }

  boolean flag() throws MalformedChangeException {
    return switch (octet()) {
      case 0 -> false;
      case 1 -> true;
      default -> throw new MalformedChangeException("neither true nor false");
    };
  }

  long number() throws MalformedChangeException {
    long zigzag = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      int octet = octet();
      zigzag |= (octet & 0x7FL) << shift;
      if ((octet & 0x80) == 0) {
        return (zigzag >>> 1) ^ -(zigzag & 1);
      }
    }
    throw new MalformedChangeException("number too long");
  }

  /** How many things follow; each takes at least one octet. */
  int count() throws MalformedChangeException {
    long count = number();
    if (count < 0 || count > in.remaining()) {
      throw new MalformedChangeException("count beyond the end: " + count);
    }
    return (int) count;
  }

  String text() throws MalformedChangeException {
    byte[] bytes = new byte[count()];
    in.get(bytes);
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new MalformedChangeException("text is not UTF-8", e);
    }
  }

  BodyDescription description() throws MalformedChangeException {
    int version = (int) number();
    long headerOctets = number();
    int headerCrc = (int) number();
    byte[] octets = new byte[count()];
    in.get(octets);
    return new BodyDescription(version, headerOctets, headerCrc, octets);
  }

  /**
   * @param withRoom whether it says how many octets fewer than the message it takes
   */
  BodyLocation location(boolean withRoom) throws MalformedChangeException {
    BodyLocation plain = new BodyLocation((int) number(), number(), number(), (int) number());
    return withRoom
        ? new BodyLocation(
            plain.segment(), plain.offset(), plain.octets(), plain.crc(), plain.octets() - number())
        : plain;
  }

  UidSet uids() throws MalformedChangeException {
    long[] uids = new long[count()];
    long before = 0;
    for (int i = 0; i < uids.length; i++) {
      before += number();
      uids[i] = before;
    }
    return UidSet.of(uids);
  }

  List<BodyId> bodies() throws MalformedChangeException {
    int count = count();
    List<BodyId> bodies = new ArrayList<>(count);
    long before = 0;
    for (int i = 0; i < count; i++) {
      before += number();
      bodies.add(new BodyId(before));
    }
    return bodies;
  }

  Flags flags() throws MalformedChangeException {
    int system = (int) number();
    TreeSet<String> keywords = new TreeSet<>();
    int count = count();
    for (int i = 0; i < count; i++) {
      keywords.add(text());
    }
    return new Flags(system, keywords);
  }

  MailAddress address() throws MalformedChangeException {
    String localPart = text();
    String domain = text();
    try {
      return new MailAddress(localPart, domain);
    } catch (IllegalArgumentException e) {
      throw new MalformedChangeException("not an address", e);
    }
  }

  Grantee grantee() throws MalformedChangeException {
    long account = number();
    return new Grantee(
        account == 0 ? Optional.empty() : Optional.of(new AccountId(account)), flag());
  }

  Rights rights() throws MalformedChangeException {
    String letters = text();
    return Rights.parse(letters)
        .orElseThrow(() -> new MalformedChangeException("not rights: " + letters));
  }

  Change.Annotated annotation(AccountId account) throws MalformedChangeException {
    long mailbox = number();
    String entry = text();
    Optional<Octets> value = flag() ? Optional.of(Octets.of(octets())) : Optional.empty();
    return new Change.Annotated(
        account,
        mailbox == 0 ? Optional.empty() : Optional.of(new MailboxId(mailbox)),
        entry,
        value);
  }

  private byte[] octets() throws MalformedChangeException {
    byte[] octets = new byte[count()];
    in.get(octets);
    return octets;
  }

  @Nullable Instant seconds() throws MalformedChangeException {
    long seconds = number();
    return seconds == 0 ? null : Instant.ofEpochSecond(seconds);
  }

  Instant instant() throws MalformedChangeException {
    long seconds = number();
    long nanos = number();
    try {
      return Instant.ofEpochSecond(seconds, nanos);
    } catch (DateTimeException | ArithmeticException e) {
      throw new MalformedChangeException("time out of range", e);
    }
  }
}
