package dev.postrider.protocol.message;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RFC 8970 section 3.1. */
class PreviewTextTest {

  private static String preview(String message) throws IOException {
    return preview(message.replace("\n", "\r\n").getBytes(UTF_8));
  }

  private static String preview(byte[] message) throws IOException {
    return MessageDescription.of(new ByteArrayInputStream(message)).preview();
  }

  @Test
  void whiteSpaceBecomesOneSpace() throws IOException {
    assertThat(preview("A: b\n\n  Dear\t Bob,\n\n\nhere \u00a0 it is.\n"))
        .isEqualTo("Dear Bob, here it is.");
  }

  @Test
  void isCutAtCharactersAndNotInTheirMiddle() throws IOException {
    assertThat(preview("A: b\n\n" + "\uD83D\uDE00".repeat(300)))
        .isEqualTo("\uD83D\uDE00".repeat(PreviewText.CHARS_MAX));
    assertThat(preview("A: b\n\n" + "ab ".repeat(300))).hasSize(PreviewText.CHARS_MAX);
  }

  @Test
  void transferEncodingAndCharsetAreDecoded() throws IOException {
    assertThat(
            preview(
                """
                Content-Type: text/plain; charset=iso-8859-1
                Content-Transfer-Encoding: quoted-printable

                Gr=FC=DFe aus=
                 gedruckt
                """))
        .isEqualTo("Grüße aus gedruckt");
    String base64 = Base64.getMimeEncoder().encodeToString("手紙 письмо".getBytes(UTF_8));
    assertThat(
            preview(
                "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\n"
                    + base64))
        .isEqualTo("手紙 письмо");
  }

  @Test
  void undeclaredTextIsReadAsUtf8ElseAsLatin1() throws IOException {
    assertThat(preview("A: b\n\nGrüße")).isEqualTo("Grüße");
    assertThat(preview("A: b\r\n\r\nGr\u00fc\u00dfe".getBytes(ISO_8859_1))).isEqualTo("Grüße");
    assertThat(
            preview(
                "Content-Type: text/plain; charset=us-ascii\r\n\r\nGr\u00fc\u00dfe"
                    .getBytes(ISO_8859_1)))
        .isEqualTo("Grüße");
    assertThat(preview("Content-Type: text/plain; charset=x-martian\n\nGrüße")).isEqualTo("Grüße");
  }

  @Test
  void firstPartWithTextCounts() throws IOException {
    String message =
        """
        Content-Type: multipart/mixed; boundary=b

        this is not shown
        --b
        Content-Type: text/plain
        Content-Disposition: attachment; filename=a.txt

        attached
        --b
        Content-Type: image/png

        pixels
        --b
        Content-Type: text/plain


        --b
        Content-Type: text/html

        <p>shown</p>
        --b
        Content-Type: text/plain

        too late
        --b--
        """;
    assertThat(preview(message)).isEqualTo("shown");
  }

  @Test
  void messageWithoutTextHasNone() throws IOException {
    assertThat(preview("Content-Type: image/png\n\npixels\n")).isEmpty();
    assertThat(preview("A: b\n\n")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "<p>one</p><p>two</p> | one two",
        "b<b>ol</b>d | bold",
        "<head><title>no</title></head><body>yes | yes",
        "<head><title>no</title><body>yes | yes",
        "<style>p { a: b }</style>yes | yes",
        "<script>if (a < b) '</p>'</script>yes | yes",
        "a<!-- <p>no</p> -->b | ab",
        "a<!-- no | a",
        "<a title=\"1 > 0\">link</a> | link",
        "a &amp; b &lt;c&gt; &#65;&#x42; | a & b <c> AB",
        "&unknown; &amp &; & | &unknown; &amp &; &",
        "&#xD800;&#99999999;&#x; | &#xD800;&#99999999;&#x;",
        "1 < 2 and <3 | 1 < 2 and <3",
        "a&zwnj;&nbsp;&zwnj;&nbsp;b | a b",
        "a<br>b<BR/>c | a b c",
        "<p | ''",
        "&lt;script&gt; | <script>",
      })
  void htmlIsReadWithoutItsTags(String html, String text) throws IOException {
    assertThat(preview("Content-Type: text/html; charset=utf-8\n\n" + html)).isEqualTo(text);
  }

  @Test
  void charactersWithoutWidthAreLeftOut() throws IOException {
    assertThat(preview("A: b\n\na\u200b\u034f\u202e\u2066b\ufeff")).isEqualTo("ab");
  }

  @Test
  void attachmentsAreSeen() throws IOException {
    assertThat(has("Content-Type: text/plain\n\nx")).isFalse();
    assertThat(has("Content-Type: application/pdf; name=a.pdf\n\nx")).isTrue();
    assertThat(has("Content-Disposition: attachment\n\nx")).isTrue();
    assertThat(has("Content-ID: <a@b>\nContent-Type: image/png; name=a.png\n\nx")).isFalse();
    assertThat(
            has(
                """
                Content-Type: multipart/mixed; boundary=b

                --b

                x
                --b
                Content-Disposition: inline; filename*=utf-8''a%20b

                x
                --b--
                """))
        .isTrue();
  }

  private static boolean has(String message) throws IOException {
    byte[] octets = message.replace("\n", "\r\n").getBytes(UTF_8);
    return MessageDescription.of(new ByteArrayInputStream(octets)).hasAttachment();
  }
}
