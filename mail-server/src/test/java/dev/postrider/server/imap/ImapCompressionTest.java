package dev.postrider.server.imap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postrider.testkit.dialog.Dialog;
import dev.postrider.testkit.dialog.DialogPlayer;
import dev.postrider.testkit.dialog.Transport;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** RFC 4978, where it needs more than that dialogs are played compressed. */
class ImapCompressionTest {

  @TempDir Path directory;

  @Test
  void isToldUntilItIsOnAndBeginsOnce() throws Exception {
    AtomicInteger compressed = new AtomicInteger();
    try (ImapRig rig = new ImapRig(directory);
        DialogPlayer player =
            new DialogPlayer(name -> new CompressingTransport(rig.connect(name), compressed))) {
      player.play(
          Dialog.parse(
              "compressed",
              """
              S: * OK {{.*}}
              C: a LOGIN alice@a.test secret
              S: a OK [CAPABILITY {{.* COMPRESS=DEFLATE .*}}] Logged in
              C: b CAPABILITY
              S: * CAPABILITY {{((?!COMPRESS).)*}}
              S: b OK {{.*}}
              C: c COMPRESS DEFLATE
              S: c BAD [COMPRESSIONACTIVE] DEFLATE is on already
              C: d STARTTLS
              S: d BAD {{.*}}
              C: e IDLE
              S: + idling
              C: DONE
              S: e OK Idled
              C: f UNAUTHENTICATE
              C: g CAPABILITY
              S: f OK Log in again
              S: * CAPABILITY {{.* COMPRESS=DEFLATE .*}}
              S: g OK {{.*}}
              C: h LOGIN bob@a.test secret
              S: h OK {{.*}}
              C: i NOOP
              S: i OK {{.*}}
              C: z LOGOUT
              S: * BYE Goodbye
              S: z OK Logged out
              expect-close
              """));
      assertThat(compressed).hasValue(2);
    }
  }

  @Test
  void isRefusedWhenMoreWasSentWithIt() throws Exception {
    try (ImapRig rig = new ImapRig(directory);
        Transport client = rig.open("pipelined")) {
      Conversation talk = new Conversation(client);
      talk.logIn();
      talk.send("a COMPRESS DEFLATE\r\nb NOOP\r\n");
      assertThat(talk.reply("a "))
          .isEqualTo("a BAD Wait for the answer to COMPRESS before you send more");
      assertThat(talk.reply("b ")).startsWith("b OK");
    }
  }

  @Test
  void whatIsNoDeflateEndsTheSessionWithAWord() throws Exception {
    try (ImapRig rig = new ImapRig(directory);
        Transport client = rig.open("broken")) {
      compress(client);
      client.out().write("a NOOP, in the clear\r\n".repeat(5).getBytes(StandardCharsets.US_ASCII));
      client.out().flush();
      assertThat(said(client)).isEqualTo("* BYE What you sent is not DEFLATE\r\n");
      rig.awaitSessions();
      assertThat(rig.handler.deflatersLent()).isZero();
    }
  }

  /** The limits of lines and literals are those of what it grows to. */
  @Test
  void bombIsALongLineOrALargeLiteralAndNoMore() throws Exception {
    try (ImapRig rig = new ImapRig(directory)) {
      assertThat(answerToBomb(rig, "a NOOP ", 1 << 30)).contains(" BAD Line longer than ");
      assertThat(answerToBomb(rig, "a APPEND INBOX {1073741824+}\r\n", 0))
          .containsPattern("BYE|TOOBIG");
      rig.awaitSessions();
      assertThat(rig.handler.deflatersLent()).isZero();
    }
  }

  @Test
  void flippedBitsNeverEndInABug() throws Exception {
    Random random = new Random(11);
    try (ImapRig rig = new ImapRig(directory)) {
      for (int i = 0; i < 60; i++) {
        try (Transport client = rig.open("flipped")) {
          compress(client);
          byte[] sent = deflated("a SELECT INBOX\r\nb NOOP\r\nc LOGOUT\r\n");
          sent[random.nextInt(sent.length)] ^= (byte) (1 << random.nextInt(8));
          client.out().write(sent, 0, sent.length - random.nextInt(3));
          client.out().flush();
          client.closeOutput();
          assertThat(said(client)).doesNotContain("Internal error");
        }
      }
      rig.awaitSessions();
      assertThat(rig.handler.deflatersLent()).isZero();
    }
  }

  private static void compress(Transport client) throws IOException {
    Conversation talk = new Conversation(client);
    talk.logIn();
    talk.send("z COMPRESS DEFLATE\r\n");
    assertThat(talk.reply("z ")).isEqualTo("z OK Compress now");
  }

  private static String said(Transport client) throws IOException {
    InflaterInputStream in = new InflaterInputStream(client.in(), new Inflater(true));
    StringBuilder said = new StringBuilder();
    try {
      for (int octet = in.read(); octet >= 0; octet = in.read()) {
        said.append((char) octet);
      }
    } catch (EOFException e) {
      // The server ends its side without an end of the stream.
      assertThat(e).isNotNull();
    }
    return said.toString();
  }

  private static byte[] deflated(String text) {
    try (Deflater deflater = new Deflater(6, true)) {
      deflater.setInput(text.getBytes(StandardCharsets.US_ASCII));
      byte[] to = new byte[1000];
      return Arrays.copyOf(to, deflater.deflate(to, 0, to.length, Deflater.SYNC_FLUSH));
    }
  }

  private static String answerToBomb(ImapRig rig, String begin, int zeros) throws Exception {
    Thread writer;
    String said;
    try (Transport client = rig.open("bomb")) {
      compress(client);
      writer =
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      OutputStream out =
                          new DeflaterOutputStream(client.out(), new Deflater(1, true), 8192, true);
                      out.write(begin.getBytes(StandardCharsets.US_ASCII));
                      byte[] some = new byte[1 << 20];
                      for (long left = zeros; left > 0; left -= some.length) {
                        out.write(some);
                      }
                      out.write("\r\nb LOGOUT\r\n".getBytes(StandardCharsets.US_ASCII));
                      out.flush();
                    } catch (IOException e) {
                      // The session ended before it had read everything.
                      assertThat(e).isNotNull();
                    }
                  });
      said = said(client);
    }
    writer.join();
    return said;
  }
}
