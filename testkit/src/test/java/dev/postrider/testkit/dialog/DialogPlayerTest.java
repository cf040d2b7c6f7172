package dev.postrider.testkit.dialog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class DialogPlayerTest {

  private static final Duration LIMIT = Duration.ofMillis(300);

  @Test
  void playsATransactionWithCapturesAndALiteral() throws Exception {
    String heard =
        played(
            """
            # RFC 3501 section 6.3.11
            S: * OK {{greeting=.*}}
            C: a1 APPEND INBOX (\\Seen) {literal+}
            C<<
            Subject: x

            Grüße
            >>
            C:
            S: a1 OK [APPENDUID {{validity=\\d{3}}} {{uid=\\d+}}] done
            C: a2 UID FETCH {{=uid}} BODY[]
            S: * 1 FETCH (UID {{=uid}} BODY[] {{{size=\\d+}}}
            S: ...
            S: a2 OK done
            C-: \\x00\\xff\\x0a
            expect-close
            """,
            lines(
                "* OK hello",
                "a1 OK [APPENDUID 123 7] done",
                "* 1 FETCH (UID 7 BODY[] {2}",
                ")",
                "a2 OK done"));
    assertThat(heard)
        .isEqualTo(
            lines(
                    "a1 APPEND INBOX (\\Seen) {23+}",
                    "Subject: x",
                    "",
                    latin1("Grüße"),
                    "",
                    "a2 UID FETCH 7 BODY[]")
                + "\0\u00ff\n");
  }

  @Test
  void keepsConnectionsApartByName() {
    DuplexPipe one = new DuplexPipe(1024, LIMIT);
    DuplexPipe two = new DuplexPipe(1024, LIMIT);
    assertThatThrownBy(
            () -> {
              one.server().out().write("* OK one\r\n".getBytes(StandardCharsets.UTF_8));
              two.server().out().write("* OK two\r\n".getBytes(StandardCharsets.UTF_8));
              try (DialogPlayer player =
                  new DialogPlayer(name -> (name.equals("imap1") ? one : two).client())) {
                player.play(Dialog.parse("x", "imap2 S: * OK two\nimap1 S: * OK two\n"));
              }
            })
        .isInstanceOf(DialogFailure.class)
        .hasMessageContaining("x:2:")
        .hasMessageContaining("expected: * OK two")
        .hasMessageContaining("got:      * OK one");
  }

  @Test
  void saysWhereWhatAndTheTranscript() {
    assertThatThrownBy(() -> played("\nC: NOOP\nS: 250 fine\n", "500 no\r\n"))
        .isInstanceOf(DialogFailure.class)
        .hasMessageContaining("x.dialog:3:")
        .hasMessageContaining("expected: 250 fine")
        .hasMessageContaining("got:      500 no")
        .hasMessageContaining("C: NOOP");
  }

  @Test
  void refusesALineWithoutCr() {
    assertThatThrownBy(() -> played("S: 250 fine\n", "250 fine\n"))
        .hasMessageContaining("does not end in CRLF");
  }

  @Test
  void refusesAnEarlyEndAndALateOne() {
    assertThatThrownBy(() -> played("S: 250 fine\n", ""))
        .hasMessageContaining("the end of the connection");
    assertThatThrownBy(() -> played("expect-close\n", "250 fine\r\n"))
        .hasMessageContaining("the server closes the connection");
  }

  @Test
  void givesUpOnASilentServer() {
    DuplexPipe pipe = new DuplexPipe(1024, LIMIT);
    try (DialogPlayer player = new DialogPlayer(name -> pipe.client())) {
      assertThatThrownBy(() -> player.play(Dialog.parse("x", "S: 250 fine\n")))
          .isInstanceOf(DialogFailure.class)
          .hasMessageContaining("nothing to read");
    }
  }

  @Test
  void refusesAnotherValueOfTheSameCapture() {
    assertThatThrownBy(() -> played("S: {{n=\\d}}\nS: {{n=\\d}}\n", "1\r\n2\r\n"))
        .isInstanceOf(DialogFailure.class);
  }

  @Test
  void matchesExactOctets() throws Exception {
    assertThat(played("S-: +OK\\x0d\\x0a\n", "+OK\r\n")).isEmpty();
    assertThatThrownBy(() -> played("S-: +OK\n", "-ER\r\n")).isInstanceOf(DialogFailure.class);
  }

  @Test
  void refusesLinesThatAreNoSteps() {
    assertThatThrownBy(() -> Dialog.parse("x", "D: what\n"))
        .isInstanceOf(DialogFailure.class)
        .hasMessageContaining("x:1:");
    assertThatThrownBy(() -> Dialog.parse("x", "C<<\nabc\n")).isInstanceOf(DialogFailure.class);
    assertThatThrownBy(() -> Dialog.parse("x", "S: ...\nC: x\n")).isInstanceOf(DialogFailure.class);
  }

  @Test
  void pipelinesMoreThanThePipesHoldBothWays() {
    DuplexPipe pipe = new DuplexPipe(64, Duration.ofSeconds(10));
    CompletableFuture<Void> server =
        CompletableFuture.runAsync(
            () -> {
              try {
                BufferedReader in =
                    new BufferedReader(
                        new InputStreamReader(pipe.server().in(), StandardCharsets.US_ASCII));
                while (in.readLine() != null) {
                  pipe.server().out().write("250 fine\r\n".getBytes(StandardCharsets.US_ASCII));
                }
                pipe.server().close();
              } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
              }
            });
    try (DialogPlayer player = new DialogPlayer(name -> pipe.client())) {
      player.play(Dialog.parse("x", "C*5000: NOOP\nS*5000: 250 fine\nhalf-close\nexpect-close\n"));
    }
    server.join();
  }

  @Test
  void playsOverSockets() throws Exception {
    try (ServerSocket listener =
        new ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress())) {
      CompletableFuture<String> server =
          CompletableFuture.supplyAsync(
              () -> {
                try (Socket peer = listener.accept()) {
                  peer.getOutputStream().write("220 hi\r\n".getBytes(StandardCharsets.US_ASCII));
                  return new String(peer.getInputStream().readNBytes(6), StandardCharsets.US_ASCII);
                } catch (IOException e) {
                  throw new java.io.UncheckedIOException(e);
                }
              });
      try (DialogPlayer player =
          new DialogPlayer(
              name ->
                  SocketTransport.connect(
                      (java.net.InetSocketAddress) listener.getLocalSocketAddress()))) {
        player.play(Dialog.parse("x", "S: 220 hi\nC: QUIT\nexpect-close\n"));
      }
      assertThat(server.join()).isEqualTo("QUIT\r\n");
    }
  }

  /** Plays against a server that says all it has at once; returns what it heard, octet by octet. */
  private static String played(String dialog, String serverSays) throws IOException {
    DuplexPipe pipe = new DuplexPipe(64 * 1024, LIMIT);
    pipe.server().out().write(serverSays.getBytes(StandardCharsets.UTF_8));
    pipe.server().closeOutput();
    try (DialogPlayer player = new DialogPlayer(name -> pipe.client())) {
      player.play(Dialog.parse("x.dialog", dialog));
    }
    return new String(pipe.server().in().readAllBytes(), StandardCharsets.ISO_8859_1);
  }

  private static String lines(String... lines) {
    return String.join("\r\n", lines) + "\r\n";
  }

  private static String latin1(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
  }
}
