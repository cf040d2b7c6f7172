package dev.postrider.integration;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.postrider.integration.server.RunningServer;
import dev.postrider.testkit.dialog.Dialog;
import dev.postrider.testkit.dialog.DialogPlayer;
import dev.postrider.testkit.dialog.SocketTransport;
import dev.postrider.testkit.dialog.Transport;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Input that no honest client sends, over sockets. After each, the server serves the others. */
class HostileInputIT {

  private static final long RESIDENT_KIB_MAX = 700 * 1024;

  @TempDir static Path directory;

  private static RunningServer server;

  @BeforeAll
  static void start() throws IOException {
    server =
        Servers.start(
            directory.resolve("a"),
            "a.test",
            """
            [limits]
            write_timeout = "3s"
            failed_logins_per_address = 5
            """);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @AfterEach
  void othersAreServed() throws Exception {
    try (Letter letter = Letter.to(server.port("smtp"))) {
      letter.send(
          "x@y.test", "bob@a.test", "Subject: still here\r\n\r\nyes\r\n".getBytes(US_ASCII));
    }
    play(
        """
        imap S: * OK {{.*}}
        imap C: a LOGOUT
        imap S: * BYE {{.*}}
        imap S: a OK {{.*}}
        """);
    assertThat(server.process().isAlive()).isTrue();
    assertThat(server.output()).noneMatch(line -> line.contains("OutOfMemory"));
  }

  /** Texts of what is sent and answered, in the folder hostile. */
  @TestFactory
  Stream<DynamicTest> dialogs() {
    return Dialog.resourcesIn(HostileInputIT.class, "hostile")
        .map(
            dialog ->
                dynamicTest(
                    dialog.name(),
                    () -> {
                      play(dialog);
                      othersAreServed();
                    }));
  }

  @Test
  void survivesBinaryGarbageOnEveryPort() throws Exception {
    byte[] garbage = new byte[200_000];
    new Random(1).nextBytes(garbage);
    for (String listener :
        new String[] {"smtp", "submission", "submissions", "imap", "imaps", "http"}) {
      try (Socket socket = connect(listener)) {
        CompletableFuture<Void> writing =
            CompletableFuture.runAsync(() -> writeAll(socket, garbage));
        drain(socket);
        writing.join();
      }
    }
  }

  @Test
  void refusesPlainTextOnATlsPort() throws Exception {
    for (String listener : new String[] {"submissions", "imaps"}) {
      try (Socket socket = connect(listener)) {
        socket.getOutputStream().write("EHLO x\r\na LOGIN b c\r\n".getBytes(US_ASCII));
        assertThat(new String(drain(socket), ISO_8859_1)).doesNotContain("220 ", "* OK");
      }
    }
  }

  @Test
  void refusesTlsOnAPlainPort() {
    for (String listener : new String[] {"smtp", "imap"}) {
      InetSocketAddress address = Servers.address(server, listener);
      assertThatThrownBy(() -> SocketTransport.connectTls(address, Duration.ofSeconds(20)))
          .isInstanceOf(SSLException.class);
    }
  }

  @Test
  void dropsAClientThatNeverReads() throws Exception {
    byte[] commands = "a NOOP\r\n".repeat(4096).getBytes(US_ASCII);
    try (Socket socket = new Socket()) {
      socket.setReceiveBufferSize(4096);
      socket.connect(Servers.address(server, "imap"));
      OutputStream out = socket.getOutputStream();
      assertThatThrownBy(
              () -> {
                for (int i = 0; i < 10_000; i++) {
                  out.write(commands);
                }
              })
          .isInstanceOf(IOException.class);
    }
  }

  @Test
  void staysSmallWhileManyAnnounceMuch() throws Exception {
    Transport[] open = new Transport[200];
    for (int i = 0; i < open.length; i++) {
      open[i] = Servers.opener(server).open("imap");
      open[i].out().write("a LOGIN {4000000000+}\r\nxxxx".getBytes(US_ASCII));
      open[i].out().flush();
    }
    othersAreServed();
    assertThat(residentKib()).isLessThan(RESIDENT_KIB_MAX);
    for (Transport transport : open) {
      transport.close();
    }
  }

  @Test
  void throttlesWrongPasswords() throws Exception {
    String wrong =
        Base64.getEncoder().encodeToString("\0bob@a.test\0wrong password".getBytes(US_ASCII));
    try (RunningServer other =
        Servers.start(
            directory.resolve("throttled"),
            "c.test",
            "[limits]\nfailed_logins_per_address = 5\n")) {
      String attempt = "submissions C: AUTH PLAIN " + wrong + "\n";
      StringBuilder text = new StringBuilder("submissions S: 220 {{.*}}\nsubmissions C: EHLO x\n");
      text.append("submissions S: ...\nsubmissions S: 250 {{.*}}\n").append(attempt);
      text.append("submissions S: 535 5.7.8 {{.*}}\n");
      try (DialogPlayer player = new DialogPlayer(Servers.opener(other))) {
        player.play(Dialog.parse("one wrong password", text.toString()));
      }
      String right = "imaps{n} S: * OK {{.*}}\nimaps{n} C: a LOGIN alice@c.test {{=password}}\n";
      for (int i = 0; i < 6; i++) {
        String session = right.replace("{n}", "" + i);
        try (DialogPlayer player =
            new DialogPlayer(Servers.opener(other)).with("password", "wrong")) {
          player.play(Dialog.parse("wrong password", session + "imaps" + i + " S: a NO {{.*}}\n"));
        }
      }
      String refused = right.replace("{n}", "9") + "imaps9 S: a NO {{.*}}\n";
      try (DialogPlayer player =
          new DialogPlayer(Servers.opener(other))
              .with("password", "\"" + Servers.PASSWORD + "\"")) {
        player.play(Dialog.parse("the right password, too late", refused));
      }
    }
  }

  private static Socket connect(String listener) throws IOException {
    Socket socket = new Socket();
    socket.connect(Servers.address(server, listener));
    socket.setSoTimeout(20_000);
    return socket;
  }

  private static void play(String text) {
    play(Dialog.parse("dialog", text));
  }

  private static void play(Dialog dialog) {
    try (DialogPlayer player =
        new DialogPlayer(Servers.opener(server)).with("password", "\"" + Servers.PASSWORD + "\"")) {
      player.play(dialog);
    }
  }

  private static void writeAll(Socket socket, byte[] octets) {
    try {
      socket.getOutputStream().write(octets);
      socket.shutdownOutput();
    } catch (IOException e) {
      // The server hung up before it had all of it, as it may.
    }
  }

  /** Reads until the server hangs up, in the time limit of the socket. */
  private static byte[] drain(Socket socket) throws IOException {
    try {
      return socket.getInputStream().readAllBytes();
    } catch (java.net.SocketException e) {
      return new byte[0];
    }
  }

  private static long residentKib() throws IOException, InterruptedException {
    String pid = Long.toString(server.process().pid());
    return Long.parseLong(Program.of("ps", "-o", "rss=", "-p", pid).run().ok().text().trim());
  }
}
