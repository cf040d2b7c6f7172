package dev.postrider.client.session;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postrider.client.render.BodyText;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileMessageTest {
  @TempDir Path directory;

  @BeforeAll
  static void lenient() {
    LenientParsing.install();
  }

  private FileMessage message(String text) throws Exception {
    return FileMessage.of(Files.write(directory.resolve("m.eml"), text.getBytes(ISO_8859_1)));
  }

  @Test
  void numbersPartsAsImapDoes() throws Exception {
    FileMessage message =
        message(
            """
            Content-Type: multipart/mixed; boundary=o

            --o
            Content-Type: multipart/alternative; boundary=i

            --i
            Content-Type: text/plain; charset=iso-8859-1
            Content-Transfer-Encoding: quoted-printable

            Gr=F6=DFe
            --i
            Content-Type: text/html

            <p>html</p>
            --i--
            --o
            Content-Type: application/pdf; name="=?utf-8?Q?=C3=BC.pdf?="
            Content-Disposition: attachment
            Content-Transfer-Encoding: base64

            AAEC
            --o--
            """);
    MessagePart root = message.structure();
    assertThat(root.flatten().map(MessagePart::id)).containsExactly("", "1", "1.1", "1.2", "2");
    MessagePart pdf = root.attachments().getFirst();
    assertThat(pdf.fileName()).isEqualTo("ü.pdf");
    assertThat(message.open(pdf).readAllBytes()).containsExactly(0, 1, 2);
    assertThat(BodyText.text(message)).startsWith("Größe");
    assertThat(BodyText.html(message)).hasValueSatisfying(h -> assertThat(h).contains("<p>"));
  }

  @Test
  void readsWhatIsBroken() throws Exception {
    assertThat(BodyText.text(message("no header at all\njust text\n"))).contains("text");
    assertThat(
            BodyText.text(
                message("Content-Type: multipart/mixed; boundary=x\n\n--x\n\nunfinished\n")))
        .contains("unfinished");
    assertThat(
            BodyText.text(
                message("Content-Type: text/plain; charset=nonsense\n\nGr\u00F6\u00DFe\n")))
        .contains("Größe");
    assertThat(BodyText.text(message("Content-Transfer-Encoding: base64\n\nSGVsbG8*#gd29ybGQ\n")))
        .contains("Hello");
    assertThat(message("").structure().mediaType()).isNotNull();
  }
}
