package dev.postrider.client.render;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postrider.client.session.MessagePart;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RenderTest {
  private static MessagePart named(String name) {
    return new MessagePart(
        "2", "application/pdf", Map.of(), "base64", "attachment", name, 10, List.of());
  }

  @ParameterizedTest
  @CsvSource({
    "report.pdf, report.pdf",
    "../../etc/passwd, passwd",
    "/etc/passwd, passwd",
    "'C:\\Windows\\evil.exe', evil.exe",
    ".bashrc, bashrc",
    "-rf, rf",
    "'..', part-2.pdf",
    "'', part-2.pdf",
    "'a\nb.txt', 'a b.txt'",
    "'a<b>|c?.txt', 'a_b__c_.txt'",
    "'x.pdf\u202Efdp.exe', 'x.pdf_fdp.exe'",
  })
  void fileNamesLoseWhatIsDangerous(String sent, String saved) {
    assertThat(SafeFileName.of(named(sent))).isEqualTo(saved);
  }

  @Test
  void longFileNamesKeepTheirSuffix() {
    String name = SafeFileName.of(named("a".repeat(500) + ".pdf"));
    assertThat(name).hasSize(100).endsWith(".pdf");
  }

  @Test
  void noFileIsReplaced(@TempDir Path directory) throws Exception {
    Files.createFile(directory.resolve("a.txt"));
    Files.createSymbolicLink(directory.resolve("a-1.txt"), Path.of("nowhere"));
    assertThat(SafeFileName.free(directory, "a.txt")).hasFileName("a-2.txt");
  }

  @Test
  void textForTheTerminalHasNoControls() {
    assertThat(SafeText.lines("a\u001B[2Jb\r\nc\td\u0007\u009Be\u202Ef"))
        .isEqualTo("a\uFFFD[2Jb\nc\td\uFFFD\uFFFDe\uFFFDf");
    assertThat(SafeText.line("a\r\nb\tc")).isEqualTo("a b c");
  }

  @Test
  void htmlBecomesReadableText() {
    String html =
        "<html><head><title>t</title><style>x{}</style></head><body><h1>Head</h1><p>One <i>two</i>,"
            + " three.</p><ul><li>a</li><li>b</li></ul><blockquote>quoted<br>text</blockquote>"
            + "<a href='https://x.test/'>link</a><img alt='logo'><div hidden>no</div>"
            + "<pre>  keep\n  this</pre></body></html>";
    assertThat(HtmlText.render(html))
        .isEqualTo(
            """
            Head

            One two, three.

            * a
            * b

            > quoted
            > text

            link <https://x.test/>[logo]

              keep
              this
            """);
  }

  @Test
  void deepHtmlDoesNotOverflow() {
    assertThat(HtmlText.render("<div>".repeat(20_000) + "deep")).contains("deep");
  }

  @Test
  void jsonEscapesWhatItMust() {
    String json =
        new JsonObject()
            .put("a", "q\" b\\ n\n c\u0001 \u009B é 😀 \uD800")
            .put("none", null)
            .put("list", List.of(1, true, new JsonObject()))
            .compact();
    assertThat(json)
        .isEqualTo(
            "{\"a\":\"q\\\" b\\\\ n\\n c\\u0001 \\u009b é 😀 \\ud800\",\"list\":[1,true,{}]}");
  }

  @Test
  void columnsCountWideLettersTwice() {
    assertThat(Columns.width("日本e\u0301")).isEqualTo(5);
    assertThat(Columns.fit("日本語", 5)).isEqualTo("日本…");
    assertThat(Columns.fit("ab", 4)).isEqualTo("ab  ");
  }
}
