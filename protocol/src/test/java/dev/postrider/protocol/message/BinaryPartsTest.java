package dev.postrider.protocol.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BinaryPartsTest {

  private static final String MULTIPART =
      """
      Subject: three
      Content-Type: multipart/mixed; boundary=x
      Content-Transfer-Encoding: binary

      --x
      Content-Type: image/png
      CONTENT-transfer-encoding :
       binary
      Content-Description: Content-Transfer-Encoding: binary

      \0\1
      \2
      --x
      Content-Transfer-Encoding: binary

      no nul
      --x
      Content-Type: message/rfc822

      Content-Transfer-Encoding: Binary

      in\0ner
      --x--
      """
          .replace("\n", "\r\n");

  @Test
  void encodesPartsWithNulAndNothingElse() throws IOException {
    assertThat(encoded(MULTIPART))
        .isEqualTo(
            MULTIPART
                .replace(
                    "CONTENT-transfer-encoding :\r\n binary\r\n",
                    "Content-Transfer-Encoding: base64\r\n")
                .replace("\0\1\r\n\2", "AAENCgI=")
                .replace("Content-Transfer-Encoding: Binary", "Content-Transfer-Encoding: base64")
                .replace("in\0ner", "aW4AbmVy"));
  }

  @Test
  void encodesAMessageOfOnePart() throws IOException {
    assertThat(encoded("Content-Transfer-Encoding: binary\r\nSubject: x\r\n\r\na\0\n"))
        .isEqualTo("Content-Transfer-Encoding: base64\r\nSubject: x\r\n\r\nYQAK\r\n");
  }

  @Test
  void leavesWhatIsNotSaidToBeBinary() throws IOException {
    for (String message :
        List.of(
            "Subject: x\r\n\r\na\0b",
            "Subject: a\0b\r\nContent-Transfer-Encoding: binary\r\n\r\nab",
            "Content-Transfer-Encoding: 8bit\r\n\r\n\0",
            "\0",
            "")) {
      assertThat(encoded(message)).isEqualTo(message);
    }
  }

  @Test
  void decodesToWhatItWas() throws IOException {
    byte[] noise = new byte[200_000];
    new Random(20261123).nextBytes(noise);
    String body = new String(noise, StandardCharsets.ISO_8859_1);
    String header = "Content-Type: image/x\r\nContent-Transfer-Encoding: binary\r\n\r\n";
    String encoded = encoded(header + body);
    byte[] octets = encoded.getBytes(StandardCharsets.ISO_8859_1);
    assertThat(octets).doesNotContain(0);
    Part part = MessageDescription.of(new ByteArrayInputStream(octets)).structure();
    assertThat(part.encoding()).isEqualTo("base64");
    try (InputStream in =
        TransferEncoding.BASE64.decode(
            new ByteArrayInputStream(octets, (int) part.bodyOffset(), (int) part.bodyOctets()))) {
      assertThat(in.readAllBytes()).isEqualTo(noise);
    }
  }

  private static String encoded(String message) throws IOException {
    byte[] octets = message.getBytes(StandardCharsets.ISO_8859_1);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    BinaryParts.encode(() -> new ByteArrayInputStream(octets), out);
    return out.toString(StandardCharsets.ISO_8859_1);
  }
}
