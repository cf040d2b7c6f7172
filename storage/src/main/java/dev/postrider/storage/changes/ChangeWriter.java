package dev.postrider.storage.changes;

import dev.postrider.protocol.address.MailAddress;
import dev.postrider.storage.accounts.AccountId;
import dev.postrider.storage.mailboxes.Grantee;
import dev.postrider.storage.mailboxes.MailboxId;
import dev.postrider.storage.messages.BodyId;
import dev.postrider.storage.messages.Flags;
import dev.postrider.storage.messages.UidSet;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The primitive values of the change format. Numbers are LEB128, signed ones zigzag before. */
final class ChangeWriter {

  private final ByteArrayOutputStream out = new ByteArrayOutputStream(256);

  void octet(int value) {
    out.write(value);
  }

  void flag(boolean value) {
    out.write(value ? 1 : 0);
  }

  void number(long value) {
    long zigzag = (value << 1) ^ (value >> 63);
    while ((zigzag & ~0x7FL) != 0) {
      out.write((int) (zigzag & 0x7F) | 0x80);
      zigzag >>>= 7;
    }
    out.write((int) zigzag);
  }

  void text(String value) {
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    number(bytes.length);
    out.writeBytes(bytes);
  }

  void location(BodyLocation value) {
    number(value.segment());
    number(value.offset());
    number(value.octets());
    number(value.crc());
    number(value.octets() - value.room());
  }

  void description(BodyDescription value) {
    number(value.version());
    number(value.headerOctets());
    number(value.headerCrc());
    number(value.octets().length);
    out.writeBytes(value.octets());
  }

  /** As differences, so that a run of UIDs takes an octet each. */
  void uids(UidSet uids) {
    number(uids.size());
    long before = 0;
    for (int i = 0; i < uids.size(); i++) {
      number(uids.get(i) - before);
      before = uids.get(i);
    }
  }

  /** As differences too: bodies of one segment have numbers that are near each other. */
  void bodies(List<BodyId> bodies) {
    number(bodies.size());
    long before = 0;
    for (BodyId body : bodies) {
      number(body.value() - before);
      before = body.value();
    }
  }

  void flags(Flags flags) {
    number(flags.system());
    number(flags.keywords().size());
    flags.keywords().forEach(this::text);
  }

  void address(MailAddress address) {
    text(address.localPart());
    text(address.domain());
  }

  /** Accounts have numbers from 1; so 0 stands for everybody. */
  void grantee(Grantee grantee) {
    number(grantee.account().map(AccountId::value).orElse(0L));
    flag(grantee.negative());
  }

  /** Mailboxes have numbers from 1; so 0 stands for the server. */
  void annotation(Change.Annotated annotated) {
    number(annotated.mailbox().map(MailboxId::value).orElse(0L));
    text(annotated.entry());
    flag(annotated.value().isPresent());
    if (annotated.value().isPresent()) {
      byte[] value = annotated.value().get().toByteArray();
      number(value.length);
      out.writeBytes(value);
    }
  }

  /** Seconds since 1970; 0 stands for none. */
  void seconds(@Nullable Instant value) {
    number(value == null ? 0 : value.getEpochSecond());
  }

  void instant(Instant value) {
    number(value.getEpochSecond());
    number(value.getNano());
  }

  byte[] toByteArray() {
    return out.toByteArray();
  }
}
