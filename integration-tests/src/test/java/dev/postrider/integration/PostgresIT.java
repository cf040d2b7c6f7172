package dev.postrider.integration;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postrider.integration.server.RunningServer;
import dev.postrider.testkit.dialog.Dialog;
import dev.postrider.testkit.dialog.DialogPlayer;
import dev.postrider.testkit.dialog.SocketTransport;
import dev.postrider.testkit.dialog.Transport;
import dev.postrider.testkit.objects.S3Server;
import dev.postrider.testkit.postgres.Database;
import dev.postrider.testkit.postgres.PostgresServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The server with its mail in PostgreSQL. */
class PostgresIT {

  private static final Duration READ_MAX = Duration.ofSeconds(20);

  @TempDir Path directory;

  @Test
  void tellsAnIdleClientOfOneServerWhatComesByAnother() throws Exception {
    String store = store(PostgresServer.shared().newDatabase(), "");
    try (RunningServer one = Servers.start(directory.resolve("one"), "a.test", store);
        RunningServer other = start("other", store);
        DialogPlayer client = player(other)) {
      client.play(
          Dialog.parse(
              "idle",
              """
              imaps S: * OK {{.*}}
              imaps C: a LOGIN bob@a.test {{=password}}
              imaps S: a OK {{.*}}
              imaps C: b SELECT INBOX
              imaps S: ...
              imaps S: b OK {{.*}}
              imaps C: c IDLE
              imaps S: + {{.*}}
              """));
      deliver(one, "first");
      client.play(Dialog.parse("told", "imaps S: ...\nimaps S: * 1 EXISTS\n"));
      deliver(other, "second");
      client.play(Dialog.parse("told", "imaps S: ...\nimaps S: * 2 EXISTS\n"));
      deliver(one, "third");
      client.play(
          Dialog.parse(
              "told",
              """
              imaps S: ...
              imaps S: * 3 EXISTS
              imaps C: DONE
              imaps S: ...
              imaps S: c OK {{.*}}
              imaps C: d STORE 1 +FLAGS (\\Deleted)
              imaps S: ...
              imaps S: d OK {{.*}}
              imaps C: e EXPUNGE
              imaps S: ...
              imaps S: e OK {{.*}}
              """));
      assertThat(read(one)).hasSize(2);
      assertThat(read(one).getFirst()).contains("second");
    }
  }

  @Test
  void goesOnWhenTheDatabaseWasAway() throws Exception {
    try (PostgresServer postgres = PostgresServer.start();
        RunningServer server =
            Servers.start(directory.resolve("a"), "a.test", store(postgres.newDatabase(), ""))) {
      deliver(server, "before");
      postgres.kill();
      assertThatThrownBy(() -> deliver(server, "meanwhile"))
          .hasMessageContaining("expected 250, got 451 4.3.0 The mail store does not answer");
      postgres.startAgain();
      Servers.await(
          Duration.ofSeconds(60),
          "mail is taken again",
          () -> {
            try {
              deliver(server, "afterwards");
              return true;
            } catch (IOException e) {
              return false;
            }
          });
      assertThat(read(server))
          .satisfiesExactly(
              first -> assertThat(first).contains("before"),
              second -> assertThat(second).contains("afterwards"));
    }
  }

  @Test
  void movesToTheDatabaseAndBackWithoutAClientNoticing() throws Exception {
    Path shared = directory.resolve("shared/data");
    S3Server s3 = S3Server.shared();
    String bucket =
        """
        bodies = "s3"
        [store.s3]
        endpoint = "%s"
        bucket = "%s"
        access_key = "id"
        secret_key = "secret"
        """
            .formatted(s3.endpoint(), s3.newBucket());
    String store = store(PostgresServer.shared().newDatabase(), bucket);
    Path home = directory.resolve("home");
    List<String> state;
    try (RunningServer local = Servers.start(home, "a.test", "")) {
      deliver(local, "first");
      deliver(local, "second");
      state = state(local, 2);
      Path target = configuration("to.toml", "data = \"" + shared + "\"\n" + store);
      assertThatThrownBy(() -> local.admin("", "migrate", "--to", target.toString()))
          .hasMessageContaining("is in use by another process")
          .hasMessageContaining("nothing was moved");
      assertThat(local.stop()).isZero();
      assertThat(local.admin("", "migrate", "--to", target.toString()))
          .contains("Moved 2 accounts,", " 2 messages ", "and verified them.");
      assertThatThrownBy(() -> local.admin("", "migrate", "--to", target.toString()))
          .hasMessageContaining("is not empty");
    }
    Path back = directory.resolve("back");
    try (RunningServer server = start("shared", store)) {
      assertThat(state(server, 2)).isEqualTo(state);
      deliver(server, "third");
      state = state(server, 3);
      assertThat(server.admin("", "verify")).contains("as they should be");
      assertThat(server.stop()).isZero();
      Path target = configuration("back.toml", "data = \"" + back.resolve("data") + "\"\n");
      assertThat(server.admin("", "migrate", "--to", target.toString()))
          .contains("Moved 2 accounts,", " 3 messages ");
    }
    try (RunningServer local = start("back", "")) {
      assertThat(state(local, 3)).isEqualTo(state);
      assertThat(local.admin("", "verify")).contains("as they should be");
    }
  }

  private RunningServer start(String name, String more) throws IOException {
    return RunningServer.start(Servers.installation(), directory.resolve(name), "a.test", more);
  }

  private Path configuration(String name, String toml) throws IOException {
    return Files.writeString(
        directory.resolve(name), "hostname = \"mx.a.test\"\ndomains = [\"a.test\"]\n" + toml);
  }

  private static String store(Database database, String more) {
    return "[store]\nurl = \"" + database.url() + "\"\n" + more;
  }

  private static DialogPlayer player(RunningServer server) {
    Transport.Opener opener =
        name -> SocketTransport.connectTls(Servers.address(server, name), READ_MAX);
    return new DialogPlayer(opener).with("password", "\"" + Servers.PASSWORD + "\"");
  }

  private static void deliver(RunningServer server, String subject) throws IOException {
    try (Letter letter = Letter.to(server.port("smtp"))) {
      letter.send(
          "load@elsewhere.test",
          "bob@a.test",
          ("Subject: " + subject + "\r\n\r\nText.\r\n").getBytes(US_ASCII));
    }
  }

  private List<String> read(RunningServer server) throws Exception {
    return Mailboxes.read(server, "bob@a.test", "INBOX", directory).stream()
        .map(bytes -> new String(bytes, ISO_8859_1))
        .toList();
  }

  /** What a client keeps of a mailbox: UIDVALIDITY, UIDs, flags, dates, sizes. */
  private static List<String> state(RunningServer server, int messages) {
    try (DialogPlayer player = player(server)) {
      player.play(
          Dialog.parse(
              "examine",
              """
              imaps S: * OK {{.*}}
              imaps C: a LOGIN bob@a.test {{=password}}
              imaps S: a OK {{.*}}
              imaps C: b EXAMINE INBOX
              imaps S: ...
              imaps S: * OK {{validity=.UIDVALIDITY [0-9]+.*}}
              imaps S: ...
              imaps S: b OK {{.*}}
              imaps C: c UID FETCH 1:* (FLAGS INTERNALDATE RFC822.SIZE)
              """));
      List<String> state = new ArrayList<>();
      state.add(player.captured("validity"));
      for (int i = 1; i <= messages; i++) {
        String name = "m" + i;
        player.play(Dialog.parse("fetch", "imaps S: * {{" + name + "=[0-9]+ FETCH .*}}\n"));
        state.add(player.captured(name));
      }
      player.play(Dialog.parse("end", "imaps S: c OK {{.*}}\n"));
      return state;
    }
  }
}
