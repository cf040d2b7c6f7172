package dev.postrider.server.imap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postrider.testkit.dialog.Transport;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DecodedPartTest {

  private static final int OCTETS = 300_000;

  @TempDir Path directory;

  @Test
  void aLargePartComesInPiecesOfWhatItDecodesTo() throws Exception {
    byte[] noise = new byte[OCTETS];
    new Random(20261123).nextBytes(noise);
    String encoded = new String(Base64.getMimeEncoder().encode(noise), StandardCharsets.US_ASCII);
    try (ImapRig rig = new ImapRig(directory);
        Transport client = rig.open("pieces")) {
      rig.deliver(
          "INBOX",
          "Content-Type: image/x\nContent-Transfer-Encoding: base64\n\n"
              + encoded.replace("\r\n", "\n"));
      Conversation talk = new Conversation(client);
      talk.logIn();
      talk.send("b SELECT INBOX\r\nc FETCH 1 BINARY.SIZE[1]\r\n");
      assertThat(talk.reply("* 1 FETCH")).isEqualTo("* 1 FETCH (BINARY.SIZE[1] " + OCTETS + ")");
      int piece = 65_536;
      for (int from = 0; from < OCTETS; from += piece) {
        talk.send("d FETCH 1 BINARY.PEEK[1]<" + from + "." + piece + ">\r\n");
        int octets = Math.min(piece, OCTETS - from);
        assertThat(talk.reply("* 1 FETCH"))
            .isEqualTo("* 1 FETCH (BINARY[1]<" + from + "> ~{" + octets + "}");
        assertThat(talk.octets(octets)).isEqualTo(Arrays.copyOfRange(noise, from, from + octets));
        assertThat(talk.reply("d ")).startsWith("d OK");
      }
    }
  }

  @Test
  void binaryPartsThatAreTooLargeInBase64AreRefused() throws Exception {
    try (ImapRig rig = new ImapRig(directory, AppendHandlerTest.messagesOf(1000));
        Transport client = rig.open("large")) {
      Conversation talk = new Conversation(client);
      talk.logIn();
      String header = "Content-Transfer-Encoding: binary\r\n\r\n";
      talk.send("a APPEND INBOX ~{900+}\r\n" + header + "\0".repeat(900 - header.length()));
      talk.send("\r\nb APPEND INBOX ~{600+}\r\n" + header);
      talk.send("\0".repeat(600 - header.length()) + "\r\n");
      assertThat(talk.reply("a ")).startsWith("a NO [TOOBIG] ").contains("1000 octets");
      assertThat(talk.reply("b ")).matches("b OK \\[APPENDUID [0-9]+ 1\\] Appended");
    }
  }
}
