package dev.postrider.server.transfer;

import static dev.postrider.server.transfer.TransferHouse.file;
import static dev.postrider.server.transfer.TransferHouse.maildir;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postrider.server.admin.AdminAnswer;
import dev.postrider.server.admin.ControlClient;
import dev.postrider.server.admin.ControlSocket;
import dev.postrider.server.admin.StoreAdministration;
import dev.postrider.server.admin.TransferRequest;
import dev.postrider.storage.StoreException;
import dev.postrider.storage.messages.BodyId;
import dev.postrider.storage.messages.Flags;
import dev.postrider.testkit.mail.MessageGenerator;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Transfers through the control socket of a server that runs. */
final class RemoteTransferTest {

  @TempDir private Path directory;
  private TransferHouse house;
  private ControlSocket socket;

  @BeforeEach
  void open() throws Exception {
    house = new TransferHouse(directory.resolve("data"));
    socket =
        ControlSocket.open(
            directory.resolve("data"),
            new StoreAdministration(
                house.store, List.of("a.test"), Set.of(), Clock.systemUTC(), () -> Map.of()),
            new Transfers(house.store, TransferHouse.OCTETS_MAX));
  }

  @AfterEach
  void close() throws Exception {
    socket.close();
    house.close();
  }

  @Test
  void doesTheSameAsInTheStoreItself() throws Exception {
    MessageGenerator generator = new MessageGenerator(3);
    Path root = maildir(directory.resolve("Maildir"));
    maildir(root.resolve(".Extra"));
    Files.writeString(root.resolve("dovecot-keywords"), "0 work\n");
    for (int i = 0; i < 40; i++) {
      Path sub = i % 2 == 0 ? root : root.resolve(".Extra");
      Files.write(sub.resolve("cur/" + i + ".x:2,Sa"), generator.message(i));
    }
    file(
        root.resolve("cur/large"),
        "2020-01-01T10:00:00Z",
        "x".repeat((int) TransferHouse.OCTETS_MAX + 1));

    List<FolderTally> first;
    try (RemoteMail mail = connect(true)) {
      first = new Importer(mail, TransferHouse.order(root), house.progress()).run();
    }
    List<FolderTally> second;
    try (RemoteMail mail = connect(true)) {
      second = new Importer(mail, TransferHouse.order(root), house.progress()).run();
    }
    try (RemoteMail mail = connect(false)) {
      new Exporter(
              mail,
              new Exporter.Order(
                  directory.resolve("export"), Exporter.Format.MAILDIR, "alice@a.test", null),
              house.progress())
          .run();
    }

    assertThat(first).extracting(FolderTally::moved).containsExactly(20L, 20L);
    assertThat(first).extracting(FolderTally::leftOut).containsExactly(1L, 0L);
    assertThat(second).extracting(FolderTally::moved).containsExactly(0L, 0L);
    assertThat(second).extracting(FolderTally::known).containsExactly(20L, 20L);
    try (TransferHouse other = new TransferHouse(directory.resolve("other"))) {
      other.importFrom(root);
      TransferHouse.assertEqual(other, house);
    }
    try (TransferHouse third = new TransferHouse(directory.resolve("third"))) {
      third.importFrom(directory.resolve("export"));
      TransferHouse.assertEqual(third, house);
    }
  }

  @Test
  void forgetsAMessageWhoseSourceFailsHalfWay() throws Exception {
    try (RemoteMail mail = connect(true)) {
      mail.begin("INBOX", true);
      mail.add(Flags.NONE, Instant.EPOCH, text("A: 1\r\n\r\n"));
      InputStream failing =
          new SequenceInputStream(
              text("A: 2\r\n\r\n"),
              new InputStream() {
                @Override
                public int read() throws IOException {
                  throw new IOException("Input/output error");
                }

                @Override
                public int read(byte[] into, int offset, int length) throws IOException {
                  throw new IOException("Input/output error");
                }
              });
      assertThatThrownBy(() -> mail.add(Flags.NONE, Instant.EPOCH, failing))
          .isInstanceOf(IOException.class)
          .hasMessage("Input/output error");
      mail.add(Flags.NONE, Instant.EPOCH, text("A: 3\r\n\r\n"));

      assertThat(mail.commit()).isEqualTo(new AccountMail.Filed(2, 0));
    }
    assertThat(house.texts("INBOX")).containsExactly("A: 1\r\n\r\n", "A: 3\r\n\r\n");
  }

  @Test
  void tellsAtTheCommitWhatTheStoreRefused() throws Exception {
    try (RemoteMail mail = connect(true)) {
      mail.begin("INBOX", true);
      mail.add(Flags.of(Set.of(), Set.of("not a keyword")), Instant.EPOCH, text("A: 1\r\n\r\n"));
      assertThatThrownBy(mail::commit)
          .isInstanceOfSatisfying(
              StoreException.class,
              refused -> assertThat(refused.kind()).isEqualTo(StoreException.Kind.REFUSED));

      mail.begin("INBOX", true);
      mail.add(Flags.NONE, Instant.EPOCH, text("A: 2\r\n\r\n"));
      assertThat(mail.commit()).isEqualTo(new AccountMail.Filed(1, 0));
    }
  }

  @Test
  void forgetsWhatWasNotCommittedWhenTheClientGoesAway() throws Exception {
    try (RemoteMail mail = connect(true)) {
      mail.begin("INBOX", true);
      mail.add(Flags.NONE, Instant.EPOCH, text("A: 1\r\n\r\n"));
      assertThat(mail.folders()).isNotEmpty();
    }

    assertThat(house.texts("INBOX")).isEmpty();
  }

  @Test
  void saysThatAMessageIsGone() throws Exception {
    try (RemoteMail mail = connect(false)) {
      assertThatThrownBy(() -> mail.open(new BodyId(99)))
          .isInstanceOfSatisfying(
              StoreException.class,
              gone -> assertThat(gone.kind()).isEqualTo(StoreException.Kind.NOT_FOUND));
      assertThat(mail.folders()).isNotEmpty();
    }
  }

  @Test
  void letsOneImportIntoAnAccountAtATime() throws Exception {
    try (RemoteMail first = connect(true);
        ControlClient second = client()) {
      assertThat(first.folders()).isNotEmpty();
      assertThat(second.begin(new TransferRequest(TransferHouse.ALICE, true, false)))
          .isInstanceOfSatisfying(
              AdminAnswer.Refused.class,
              refused -> {
                assertThat(refused.reason()).isEqualTo(AdminAnswer.Reason.TEMPORARY);
                assertThat(refused.text()).contains("another import into alice@a.test");
              });
      try (RemoteMail export = connect(false)) {
        assertThat(export.folders()).isNotEmpty();
      }
    }
  }

  private static InputStream text(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII));
  }

  private ControlClient client() throws IOException {
    return ControlClient.connect(directory.resolve("data")).orElseThrow();
  }

  private RemoteMail connect(boolean filing) throws Exception {
    ControlClient client = client();
    assertThat(client.begin(new TransferRequest(TransferHouse.ALICE, filing, false)))
        .isInstanceOf(AdminAnswer.Rows.class);
    return new RemoteMail(client.in(), client.out(), client::close);
  }
}
