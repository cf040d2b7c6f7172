package dev.postrider.client.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.icegreen.greenmail.configuration.GreenMailConfiguration;
import com.icegreen.greenmail.junit5.GreenMailExtension;
import com.icegreen.greenmail.util.GreenMailUtil;
import com.icegreen.greenmail.util.ServerSetup;
import com.icegreen.greenmail.util.ServerSetupTest;
import jakarta.mail.internet.MimeMessage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Mail out and in again, with GreenMail as the server. */
class RoundTripTest {
  @RegisterExtension
  static final GreenMailExtension SERVER =
      new GreenMailExtension(
              new ServerSetup[] {
                ServerSetupTest.SMTP.dynamicPort(), ServerSetupTest.IMAP.dynamicPort()
              })
          .withConfiguration(
              GreenMailConfiguration.aConfig()
                  .withUser("alice@example.test", "alice@example.test", "secret")
                  .withUser("bob@example.test", "bob@example.test", "secret"));

  @TempDir Path directory;
  private Client client;

  @BeforeEach
  void account() throws Exception {
    client = new Client(directory).account(SERVER.getImap().getPort(), SERVER.getSmtp().getPort());
    assertThat(client.run("folder", "create", "Sent").code()).isZero();
    assertThat(client.run("folder", "create", "Trash").code()).isZero();
  }

  private static final String[] TO_SELF = {"send", "-t", "alice@example.test"};

  private Client.Run send(String input, String... more) {
    String[] arguments = new String[TO_SELF.length + more.length];
    System.arraycopy(TO_SELF, 0, arguments, 0, TO_SELF.length);
    System.arraycopy(more, 0, arguments, TO_SELF.length, more.length);
    Client.Run run = client.feed(input, arguments);
    assertThat(run.code()).as(run.err()).isZero();
    return run;
  }

  @Test
  void carriesUnicodeInSubjectNameTextAndFileName() throws Exception {
    Path file = Files.writeString(directory.resolve("Übersicht ✓.txt"), "Zeile eins\nzwei\n");
    send("Grüße aus Köln\n日本語\n", "-s", "Größe ✓ 漢字", "-a", file.toString());

    String json = client.run("read", "1", "--json").out();
    assertThat(json)
        .contains("\"subject\":\"Größe ✓ 漢字\"")
        .contains("\"from\":[{\"name\":\"Älice\",\"address\":\"alice@example.test\"}]")
        .contains("\"text\":\"Grüße aus Köln\\n日本語")
        .contains("\"name\":\"Übersicht ✓.txt\"");

    Path target = Files.createDirectory(directory.resolve("saved"));
    assertThat(client.run("save", "1", "-d", target.toString()).code()).isZero();
    assertThat(target.resolve("Übersicht ✓.txt")).hasContent("Zeile eins\nzwei\n");
  }

  @Test
  void listsAsStableJson() {
    send("hello\n", "-s", "First");
    String json =
        client
            .run("list", "--json")
            .out()
            .replaceAll("\"uidValidity\":\\d+", "\"uidValidity\":1")
            .replaceAll("\"received\":\"[^\"]+\"", "\"received\":\"then\"")
            .replaceAll(
                "\"size\":\\d+,\"messageId\":\"[^\"]+\"", "\"size\":1,\"messageId\":\"id\"");
    assertThat(json)
        .isEqualTo(
            "{\"schema\":\"postrider.list/1\",\"account\":\"alice\",\"folder\":\"INBOX\","
                + "\"uidValidity\":1,\"total\":1,\"page\":1,\"size\":25,\"messages\":[{\"uid\":1,"
                + "\"date\":\"2026-03-01T12:00:00Z\",\"received\":\"then\","
                + "\"from\":[{\"name\":\"Älice\",\"address\":\"alice@example.test\"}],"
                + "\"to\":[{\"name\":\"\",\"address\":\"alice@example.test\"}],\"cc\":[],"
                + "\"subject\":\"First\",\"flags\":[\"\\\\Recent\"],\"size\":1,"
                + "\"messageId\":\"id\",\"mayHaveAttachments\":false}]}\n");
  }

  @Test
  void keepsHiddenRecipientsOffTheWireAndInTheCopy() throws Exception {
    send("x\n", "-s", "Secret", "-b", "bob@example.test");
    for (MimeMessage received : SERVER.getReceivedMessages()) {
      String raw = GreenMailUtil.getWholeMessage(received);
      if (!raw.contains("Bcc:")) {
        assertThat(raw).doesNotContain("bob@example.test");
      }
    }
    String delivered = client.run("read", "1", "--raw").out();
    assertThat(delivered).contains("Subject: Secret").doesNotContain("bob@example.test");
    String copy = client.run("read", "1", "-f", "Sent", "--raw").out();
    assertThat(copy).contains("Bcc: bob@example.test");
  }

  @Test
  void putsNoHostNameIntoTheMessage() throws Exception {
    send("x\n", "-s", "s");
    String raw = client.run("read", "1", "--raw").out();
    assertThat(raw).containsPattern("Message-ID: <[0-9a-f-]{36}@example\\.test>");
    assertThat(raw).doesNotContain(java.net.InetAddress.getLocalHost().getHostName() + ">");
  }

  @Test
  void readingLeavesAMessageUnread() {
    send("x\n", "-s", "s");
    client.run("read", "1");
    assertThat(client.run("list", "--unread", "--json").out()).contains("\"total\":1");
    client.run("read", "1", "--mark-seen");
    assertThat(client.run("list", "--unread", "--json").out()).contains("\"total\":0");
  }

  @Test
  void answersInTheConversation() {
    send("The question\n", "-s", "Plan");
    String id =
        client.run("read", "1", "--json").out().replaceAll(".*\"messageId\":\"([^\"]+)\".*", "$1");
    Client.Run run = client.feed("The answer\n", "reply", "1");
    assertThat(run.code()).as(run.err()).isZero();
    String answer = client.run("read", "2", "--raw").out();
    assertThat(answer)
        .contains("Subject: Re: Plan")
        .contains("In-Reply-To: " + id.strip())
        .contains("The answer")
        .contains("> The question");
    assertThat(client.run("list", "--json").out()).contains("\\\\Answered");
  }

  @Test
  void forwardsWithAttachments() throws Exception {
    Path file = Files.write(directory.resolve("data.bin"), new byte[] {0, 1, 2, (byte) 255});
    send("See file\n", "-s", "Data", "-a", file.toString());
    Client.Run run = client.run("forward", "1", "-t", "alice@example.test", "--body", "For you.");
    assertThat(run.code()).as(run.err()).isZero();
    String text = client.run("read", "2").out();
    assertThat(text).contains("Subject: Fwd: Data", "For you.", "See file", "data.bin");
    Path target = Files.createDirectory(directory.resolve("fwd"));
    client.run("save", "2", "-d", target.toString());
    assertThat(target.resolve("data.bin")).hasBinaryContent(new byte[] {0, 1, 2, (byte) 255});
  }

  @Test
  void sendsARawMessageAsItIs() {
    String raw =
        """
        From: alice@example.test
        To: alice@example.test
        Subject: raw
        X-Odd: a  b

        .dot
        end
        """;
    Client.Run run = client.feed(raw, "send", "--raw", "-");
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(client.run("read", "1", "--raw").out())
        .contains("X-Odd: a  b")
        .contains("\r\n.dot\r\nend")
        .containsPattern("Message-ID: <[^>]+@example.test>")
        .contains("Date: Sun, 1 Mar 2026 12:00:00");
  }

  @Test
  void findsFlagsMovesAndDeletes() {
    send("alpha\n", "-s", "one");
    send("beta\n", "-s", "two words");
    assertThat(client.run("search", "--ids", "subject:two words").out()).isEqualTo("2\n");
    assertThat(client.feed("2\n", "flag", "add", "flagged,seen", "-").code()).isZero();
    assertThat(client.run("search", "--ids", "flagged").out()).isEqualTo("2\n");
    assertThat(client.run("move", "2", "Sent").code()).isZero();
    assertThat(client.run("list", "--json").out()).contains("\"total\":1");
    assertThat(client.run("delete", "1").code()).isZero();
    assertThat(client.run("list", "-f", "Trash", "--json").out()).contains("\"total\":1");
    assertThat(client.run("delete", "1:*", "-f", "Trash", "--expunge").code()).isZero();
    assertThat(client.run("list", "-f", "Trash", "--json").out()).contains("\"total\":0");
    assertThat(client.run("read", "77").code()).isEqualTo(67);
  }

  @Test
  void pagesFromTheNewest() {
    for (int i = 1; i <= 5; i++) {
      send("x\n", "-s", "m" + i);
    }
    String second = client.run("list", "--size", "2", "--page", "2", "--json").out();
    assertThat(second.replaceAll("(?s).*?\"subject\":\"(m\\d)\"", "$1 ")).startsWith("m3 m2 ");
    assertThat(client.run("list", "--size", "2", "--page", "9", "--json").out())
        .contains("\"messages\":[]");
    assertThat(client.run("list", "--sort", "subject", "--json").out())
        .containsSubsequence("\"m1\"", "\"m2\"", "\"m5\"");
  }

  @Test
  void watchReportsANewMessageAndEnds() throws Exception {
    CompletableFuture<Client.Run> watching =
        CompletableFuture.supplyAsync(() -> client.run("watch", "--json", "--count", "1"));
    // The message may come before or after the watch stands; it sends until one is seen.
    for (int i = 0; i < 50 && !watching.isDone(); i++) {
      send("x\n", "-s", "News");
      assertThat(watching).satisfiesAnyOf(w -> assertThat(w).isDone(), w -> waitABit(w));
    }
    Client.Run run = watching.get(20, TimeUnit.SECONDS);
    assertThat(run.code()).isZero();
    assertThat(run.out()).contains("\"event\":\"connected\"").contains("\"subject\":\"News\"");
  }

  private static void waitABit(CompletableFuture<?> future) {
    try {
      future.get(Duration.ofMillis(200).toMillis(), TimeUnit.MILLISECONDS);
    } catch (java.util.concurrent.TimeoutException e) {
      // Then one more message is sent.
      assertThat(future).isNotCompletedExceptionally();
    } catch (InterruptedException | java.util.concurrent.ExecutionException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void showsHtmlAsText() {
    send("", "-s", "h", "--html", "<p>Hello <b>you</b></p><script>evil()</script>");
    assertThat(client.run("read", "1", "--text").out()).isEqualTo("Hello you\n");
    assertThat(client.run("read", "1", "--html").out()).contains("<b>you</b>");
  }
}
