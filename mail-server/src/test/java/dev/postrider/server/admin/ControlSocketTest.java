package dev.postrider.server.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postrider.protocol.address.MailAddress;
import dev.postrider.server.admin.AdminAnswer.Reason;
import dev.postrider.server.admin.AdminAnswer.Refused;
import dev.postrider.server.admin.AdminAnswer.Rows;
import dev.postrider.server.admin.AdminRequest.Password;
import dev.postrider.server.auth.AccountAuthenticator;
import dev.postrider.server.auth.Authenticator.Outcome;
import dev.postrider.server.config.LimitsConfig;
import dev.postrider.server.transfer.Transfers;
import dev.postrider.storage.Commit;
import dev.postrider.storage.LocalStore;
import dev.postrider.storage.Store;
import dev.postrider.storage.StoreSettings;
import dev.postrider.storage.accounts.Quota;
import dev.postrider.storage.mailboxes.MailboxId;
import dev.postrider.storage.messages.Flags;
import dev.postrider.storage.messages.MessageSource;
import dev.postrider.storage.messages.SystemFlag;
import dev.postrider.storage.messages.UidSet;
import dev.postrider.storage.queue.NewQueueEntry;
import dev.postrider.storage.queue.QueueId;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ControlSocketTest {

  private static final Clock CLOCK = Clock.systemUTC();
  private static final MailAddress ALICE = new MailAddress("alice", "a.test");
  private static final Password SECRET = new Password("geheim%\n=ü");

  @TempDir private Path directory;
  private Store store;
  private ControlSocket socket;

  @BeforeEach
  void open() throws Exception {
    store = LocalStore.open(directory, CLOCK, StoreSettings.defaults());
    socket =
        ControlSocket.open(
            directory,
            new StoreAdministration(
                store, List.of("a.test"), Set.of(), CLOCK, () -> Map.of("server", "running")),
            new Transfers(store, LimitsConfig.DEFAULTS.messageOctetsMax()));
  }

  @AfterEach
  void close() throws Exception {
    socket.close();
    store.close();
  }

  @Test
  void makesAnAccountThatCanLogInAtOnce() throws Exception {
    assertThat(ask(new AdminRequest.AddAccount(ALICE, SECRET)))
        .isEqualTo(new Rows(List.of(Map.of("address", "alice@a.test"))));

    Outcome outcome =
        new AccountAuthenticator(store.accounts(), List.of("a.test"), LimitsConfig.DEFAULTS, CLOCK)
            .authenticate(
                "alice@a.test",
                SECRET.value().getBytes(StandardCharsets.UTF_8),
                InetAddress.getLoopbackAddress());
    assertThat(outcome).isInstanceOf(Outcome.Granted.class);
  }

  @Test
  void refusesWhatBreaksARuleAndSaysWhy() throws Exception {
    ask(new AdminRequest.AddAccount(ALICE, SECRET));

    assertThat(ask(new AdminRequest.AddAccount(ALICE, SECRET)))
        .isEqualTo(
            new Refused(
                Reason.EXISTS, "the account alice@a.test exists already; see 'account passwd'"));
    assertThat(ask(new AdminRequest.AddAccount(new MailAddress("bob", "b.test"), SECRET)))
        .isEqualTo(
            new Refused(
                Reason.INVALID,
                "'b.test' is not one of the domains here (a.test); add it to 'domains' in the"
                    + " configuration"));
    assertThat(ask(new AdminRequest.ChangePassword(ALICE, new Password("abc"))))
        .isEqualTo(new Refused(Reason.INVALID, "the password must have 4 to 1024 characters"));
    assertThat(ask(new AdminRequest.RemoveAccount(new MailAddress("carol", "a.test"))))
        .isEqualTo(
            new Refused(Reason.NOT_FOUND, "there is no account carol@a.test; see 'account list'"));
  }

  @Test
  void removesAnAccount() throws Exception {
    ask(new AdminRequest.AddAccount(ALICE, SECRET));
    ask(new AdminRequest.RemoveAccount(ALICE));

    assertThat(ask(new AdminRequest.ListAccounts())).isEqualTo(new Rows(List.of()));
  }

  @Test
  void limitsWhatAnAccountMayUse() throws Exception {
    ask(new AdminRequest.AddAccount(ALICE, SECRET));
    OptionalLong none = OptionalLong.empty();
    assertThat(rows(new AdminRequest.ChangeQuota(ALICE, none, none, none)))
        .singleElement()
        .isEqualTo(rows(new AdminRequest.ListAccounts()).getFirst())
        .isEqualTo(
            Map.of(
                "address", "alice@a.test",
                "storage", "0",
                "storage-limit", "none",
                "storage-by", "default",
                "messages", "0",
                "messages-limit", "none",
                "messages-by", "default",
                "mailboxes", "6",
                "mailboxes-limit", "none",
                "mailboxes-by", "default"));
    ask(
        new AdminRequest.ChangeQuota(
            ALICE, OptionalLong.of(2000), OptionalLong.of(Quota.NONE), none));
    assertThat(rows(new AdminRequest.ChangeQuota(ALICE, none, none, OptionalLong.of(7))).getFirst())
        .containsEntry("storage-limit", "2000")
        .containsEntry("messages-limit", "none")
        .containsEntry("messages-by", "account")
        .containsEntry("mailboxes-limit", "7");
    assertThat(ask(new AdminRequest.ChangeQuota(new MailAddress("x", "a.test"), none, none, none)))
        .isInstanceOfSatisfying(
            Refused.class, refused -> assertThat(refused.reason()).isEqualTo(Reason.NOT_FOUND));
  }

  @Test
  void listsRetriesAndRemovesQueueEntries() throws Exception {
    QueueId entry = queue("bob@b.test");

    assertThat(rows(new AdminRequest.ListQueue()).getFirst())
        .containsEntry("id", Long.toString(entry.value()))
        .containsEntry("sender", "<>")
        .containsEntry("recipient", "bob@b.test")
        .containsEntry("next", "2100-01-01T00:00:00Z");

    assertThat(rows(new AdminRequest.RetryQueue(List.of()))).hasSize(1);
    assertThat(store.queue().nextDue().orElseThrow())
        .isBefore(Instant.parse("2099-01-01T00:00:00Z"));

    assertThat(rows(new AdminRequest.RemoveQueue(List.of(entry)))).hasSize(1);
    assertThat(store.queue().size()).isZero();
    assertThat(ask(new AdminRequest.RemoveQueue(List.of(entry))))
        .isInstanceOfSatisfying(
            Refused.class, refused -> assertThat(refused.reason()).isEqualTo(Reason.NOT_FOUND));
  }

  @Test
  void bringsBackWhatWasExpunged() throws Exception {
    ask(new AdminRequest.AddAccount(ALICE, SECRET));
    MailboxId inbox = expungedMessage();
    Optional<Instant> later = Optional.of(CLOCK.instant().plusSeconds(60));
    Map<String, String> row =
        Map.of("mailbox", "INBOX", "messages", "1", "octets", "4", "mailbox-was", "there");

    assertThat(rows(new AdminRequest.Undelete(ALICE, Optional.empty(), later, false))).isEmpty();
    assertThat(rows(new AdminRequest.Undelete(ALICE, Optional.of("Sent"), Optional.empty(), false)))
        .isEmpty();
    assertThat(rows(new AdminRequest.Undelete(ALICE, Optional.empty(), Optional.empty(), true)))
        .containsExactly(row);
    assertThat(store.mailboxes().status(inbox).messages()).isZero();
    assertThat(rows(new AdminRequest.Undelete(ALICE, Optional.empty(), Optional.empty(), false)))
        .containsExactly(row);
    assertThat(store.mailboxes().status(inbox).messages()).isEqualTo(1);
    assertThat(rows(new AdminRequest.Undelete(ALICE, Optional.empty(), Optional.empty(), false)))
        .isEmpty();
  }

  private MailboxId expungedMessage() throws Exception {
    MailboxId inbox =
        store
            .mailboxes()
            .find(store.accounts().find(ALICE).orElseThrow().id(), "INBOX")
            .orElseThrow()
            .id();
    Commit.Filing filing = new Commit.Filing(inbox, Flags.of(SystemFlag.DELETED), CLOCK.instant());
    MessageSource message = MessageSource.of("x\r\n\n".getBytes(StandardCharsets.US_ASCII));
    store.commit(Commit.of(new Commit.Deposit(message, List.of(filing), List.of())));
    store.messages().expunge(inbox, UidSet.of(1));
    return inbox;
  }

  @Test
  void verifiesTheStoreInUseAndTellsHowFarItIs() throws Exception {
    ask(new AdminRequest.AddAccount(ALICE, SECRET));
    List<String> steps = new ArrayList<>();

    try (ControlClient client = ControlClient.connect(directory).orElseThrow()) {
      assertThat(client.run(new AdminRequest.Verify(), (what, done, total) -> steps.add(what)))
          .isEqualTo(new Rows(List.of()));
    }
    assertThat(steps).contains("log", "tables", "compare");
  }

  @Test
  void tellsTheStatusOfProcessAndStore() throws Exception {
    assertThat(rows(new AdminRequest.Status()))
        .containsExactly(Map.of("server", "running", "accounts", "0", "queue", "0"));
  }

  @Test
  void belongsToItsOwnerAlone() throws Exception {
    assertThat(Files.getPosixFilePermissions(directory.resolve(ControlSocket.FILE_NAME)))
        .containsExactlyInAnyOrder(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
  }

  @Test
  void survivesGarbageOtherVersionsAndHalfRequests() throws Exception {
    assertThat(answerTo("GET / HTTP/1.1\r\n\r\n")).isEmpty();
    assertThat(answerTo("POSTRIDER-CONTROL 2 status\n.\n")).isEmpty();
    assertThat(answerTo("POSTRIDER-CONTROL 1 format-disk\n.\n")).isEmpty();
    assertThat(answerTo("POSTRIDER-CONTROL 1 account-add\naddress=alice%40a.test\n\n.\n"))
        .isEmpty();
    assertThat(answerTo("POSTRIDER-CONTROL 1 account-list\n")).isEmpty();
    assertThat(answerTo("POSTRIDER-CONTROL 1 account-add\naddress=%zz\n\n.\n")).isEmpty();

    assertThat(answerTo("POSTRIDER-CONTROL 1 account-list\n.\n"))
        .isEqualTo("POSTRIDER-CONTROL 1 ok\n.\n");
  }

  @Test
  void stopsReadingARequestThatDoesNotEnd() throws Exception {
    assertThat(answerTo("POSTRIDER-CONTROL 1 " + "x".repeat(300_000))).isEmpty();
  }

  @Test
  void isNotThereWhenNobodyListens() throws Exception {
    socket.close();
    assertThat(ControlClient.connect(directory)).isEmpty();

    Files.createFile(directory.resolve(ControlSocket.FILE_NAME));
    assertThat(ControlClient.connect(directory)).isEmpty();
  }

  private QueueId queue(String recipient) throws Exception {
    NewQueueEntry entry =
        new NewQueueEntry(
            Optional.empty(),
            MailAddress.parse(recipient).orElseThrow(),
            "trace",
            false,
            false,
            CLOCK.instant(),
            Instant.parse("2100-01-01T00:00:00Z"));
    MessageSource message =
        MessageSource.of("Subject: x\r\n\r\ny\r\n".getBytes(StandardCharsets.US_ASCII));
    return store
        .commit(Commit.of(new Commit.Deposit(message, List.of(), List.of(entry))))
        .queued()
        .getFirst();
  }

  private AdminAnswer ask(AdminRequest request) throws Exception {
    try (ControlClient client = ControlClient.connect(directory).orElseThrow()) {
      return client.run(request);
    }
  }

  private List<Map<String, String>> rows(AdminRequest request) throws Exception {
    return new ArrayList<>(((Rows) ask(request)).rows());
  }

  /** What is said before the connection ends, or is reset for what was not read. */
  private String answerTo(String octets) throws Exception {
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.connect(UnixDomainSocketAddress.of(directory.resolve(ControlSocket.FILE_NAME)));
      channel.write(ByteBuffer.wrap(octets.getBytes(StandardCharsets.US_ASCII)));
      channel.shutdownOutput();
      InputStream in = Channels.newInputStream(channel);
      return new String(in.readAllBytes(), StandardCharsets.US_ASCII);
    } catch (SocketException reset) {
      return "";
    }
  }
}
