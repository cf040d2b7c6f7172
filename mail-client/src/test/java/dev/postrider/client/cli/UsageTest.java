package dev.postrider.client.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is refused before any server is asked. */
class UsageTest {
  @TempDir Path directory;
  private Client client;

  @BeforeEach
  void account() throws Exception {
    client = new Client(directory).account(1, 1);
  }

  @Test
  void aLineBreakInAnyHeaderIsRefused() {
    String evil = "x\r\nBcc: eve@evil.test";
    String[][] attempts = {
      {"send", "-t", "b@b.test", "--body", "x", "-s", evil},
      {"send", "-t", "b@b.test" + "\nBcc: e@e.test", "--body", "x"},
      {"send", "-t", "b@b.test", "--body", "x", "--header", "X-A: " + evil},
      {"send", "-t", "b@b.test", "--body", "x", "--from", "\"a" + evil + "\" <a@a.test>"},
    };
    for (String[] attempt : attempts) {
      Client.Run run = client.run(attempt);
      assertThat(run.code()).isEqualTo(64);
      assertThat(run.err()).contains("line break");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"nobody", "@b.test", "a@", "a b@c.test", "a@b..test", "<a@b.test"})
  void whatIsNoAddressIsRefused(String address) {
    assertThat(client.run("send", "-t", address, "--body", "x").code()).isEqualTo(65);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "x", "1:", "4294967296", "1,,2", "-1:5", ""})
  void whatIsNoUidIsRefused(String id) {
    assertThat(client.run("read", id).code()).isEqualTo(64);
  }

  @Test
  void unknownOptionsAndVerbsAre64() {
    assertThat(client.run("list", "--nonsense").code()).isEqualTo(64);
    assertThat(client.run("lisst").code()).isEqualTo(64);
    assertThat(client.run("flag").code()).isEqualTo(64);
    assertThat(client.run().code()).isEqualTo(64);
    Client.Run json = client.run("list", "--json", "--nonsense");
    assertThat(json.err()).startsWith("{\"schema\":\"postrider.error/1\"");
  }

  @Test
  void missingAccountSaysWhatToDo() {
    client.environment.put("POSTRIDER_CONFIG", directory.resolve("none.toml").toString());
    Client.Run run = client.run("list");
    assertThat(run.code()).isEqualTo(78);
    assertThat(run.err()).contains("run: postrider setup");
    assertThat(run.out()).isEmpty();
  }

  @Test
  void noPasswordAndNoTerminalIsAnErrorNotAQuestion() {
    client.environment.remove("POSTRIDER_PASSWORD");
    Client.Run run = client.run("list");
    assertThat(run.code()).isEqualTo(77);
    assertThat(run.err()).contains("no terminal to ask on");
  }

  @Test
  void setupNeedsAnAddressWhenThereIsNobodyToAsk() {
    assertThat(client.run("setup").code()).isEqualTo(64);
  }

  @Test
  void setupDoesNotReplaceAnAccountUnasked() {
    Client.Run run =
        client.run(
            "setup",
            "alice@example.test",
            "--as",
            "alice",
            "--imap-host",
            "h",
            "--smtp-host",
            "h",
            "--no-check");
    assertThat(run.code()).isEqualTo(78);
    assertThat(run.err()).contains("--replace");
  }

  @Test
  void setupWritesWhatItWasTold() throws Exception {
    Client.Run run =
        client.run(
            "setup",
            "carol@c.test",
            "--imap-host",
            "mx.c.test",
            "--imap-port",
            "2143",
            "--imap-tls",
            "starttls",
            "--smtp-host",
            "mx.c.test",
            "--password-command",
            "echo 'x \"y\"'",
            "--name",
            "Çarol",
            "--no-check",
            "--json");
    assertThat(run.code()).as(run.err()).isZero();
    String shown = client.run("account", "show", "-A", "carol@c.test", "--json").out();
    assertThat(shown)
        .contains("\"displayName\":\"Çarol\"")
        .contains("\"host\":\"mx.c.test\",\"port\":2143,\"tls\":\"starttls\"")
        .contains("\"port\":465,\"tls\":\"tls\"")
        .contains("\"password\":\"command\"");
    // What was there stays.
    assertThat(client.run("account", "list").out()).contains("* alice").contains("carol@c.test");
  }

  @Test
  void helpOfEveryVerbWorks() {
    assertThat(client.run("--help").out()).contains("setup", "send", "watch", "Examples:");
    for (String verb : Verbs.names()) {
      Client.Run run = client.run(verb, "--help");
      assertThat(run.code()).as(verb).isZero();
      assertThat(run.out()).as(verb).contains("Usage: postrider " + verb).contains("--json");
    }
  }

  @Test
  void completionNamesTheVerbs() {
    assertThat(client.run("completion", "bash").out()).contains("postrider", "setup", "probe");
    assertThat(client.run("completion", "fish").code()).isEqualTo(64);
  }

  @Test
  void dryRunSendsNothing() {
    Client.Run run = client.run("send", "-t", "b@b.test", "-s", "s", "--body", "x", "--dry-run");
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out()).contains("To: b@b.test\r\n").contains("\r\n\r\nx\r\n");
  }
}
