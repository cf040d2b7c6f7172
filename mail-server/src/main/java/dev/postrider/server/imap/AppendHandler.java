package dev.postrider.server.imap;

import dev.postrider.protocol.imap.ImapCommand;
import dev.postrider.protocol.imap.ImapReply;
import dev.postrider.protocol.imap.ResponseCode;
import dev.postrider.storage.Commit;
import dev.postrider.storage.Committed;
import dev.postrider.storage.StoreException;
import dev.postrider.storage.mailboxes.Mailbox;
import dev.postrider.storage.messages.Flags;
import dev.postrider.storage.messages.Spool.Spooled;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * RFC 3501 section 6.3.11.
 *
 * <p>Everything that can be refused is refused before the go-ahead. The message goes into the spool
 * and from there into the store exactly as it came, line endings and NULs included: {@code
 * Leniency.BARE_LF_IN_MESSAGE}, {@code Leniency.NUL_IN_MESSAGE}. The completion is sent when it is
 * on disk.
 */
final class AppendHandler implements CommandHandler<ImapCommand.Append> {

  private static final int BLOCK_OCTETS = 16 * 1024;

  private static final Logger log = LoggerFactory.getLogger(AppendHandler.class);

  @Override
  public ImapReply handle(ImapCommand.Append command, ImapSession session)
      throws IOException, StoreException {
    Optional<Mailbox> mailbox =
        session.store().mailboxes().find(session.account().id(), command.mailbox());
    if (mailbox.isEmpty()) {
      return ImapReply.no(ResponseCode.TRY_CREATE, "No such mailbox");
    }
    Optional<Flags> flags = FlagNames.parse(command.flags());
    if (flags.isEmpty()) {
      return FlagNames.unknown();
    }
    long octetsMax = session.services().config().limits().messageOctetsMax();
    if (command.message().octets() > octetsMax) {
      return ImapReply.no(
          ResponseCode.TOO_BIG, "A message has at most " + octetsMax + " octets here");
    }
    if (command.message().octets() == 0) {
      return ImapReply.no(ResponseCode.CANNOT, "An empty message cannot be appended");
    }
    Instant date =
        command
            .date()
            .map(OffsetDateTime::toInstant)
            .orElseGet(() -> session.services().clock().instant())
            .truncatedTo(ChronoUnit.SECONDS);
    return append(new Commit.Filing(mailbox.get().id(), flags.get(), date), session);
  }

  private static ImapReply append(Commit.Filing filing, ImapSession session)
      throws IOException, StoreException {
    try (Spooled spooled = begin(session)) {
      copy(session.streams().reader().openLiteral(), spooled);
      if (!session.streams().reader().finish()) {
        return ImapReply.bad("Expected the end of the command behind the message");
      }
      Commit commit = Commit.of(new Commit.Deposit(spooled, List.of(filing), List.of()));
      Committed.Filed filed = session.store().commit(commit).filed().get(0);
      session.counts().append();
      log.info(
          "imap.appended session={} mailbox={} uid={} octets={}",
          session.connection().id(),
          filing.mailbox().value(),
          filed.uid().value(),
          spooled.octets());
      return ImapReply.ok(
          ResponseCode.appendUid(filed.uidValidity(), filed.uid().value()), "Appended");
    }
  }

  private static Spooled begin(ImapSession session) throws StoreException {
    try {
      return session.store().spool().begin();
    } catch (IOException e) {
      throw noSpool(e);
    }
  }

  /** A spool that fails is our trouble, and the connection lives on; one that ends early is not. */
  private static void copy(InputStream literal, Spooled spooled)
      throws IOException, StoreException {
    byte[] block = new byte[BLOCK_OCTETS];
    for (int count = literal.read(block); count >= 0; count = literal.read(block)) {
      write(spooled, block, count);
    }
  }

  private static void write(Spooled spooled, byte[] block, int count) throws StoreException {
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
}
