package dev.postrider.protocol.imap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class ImapWriterTest {

  private final ByteArrayOutputStream octets = new ByteArrayOutputStream();
  private final ImapWriter writer = new ImapWriter(octets);

  private String written() {
    return octets.toString(StandardCharsets.ISO_8859_1);
  }

  @Test
  void quotesWhatIsSafeAndSendsTheRestAsLiteral() throws IOException {
    writer.string("a \"b\" \\c").space().string("é").space().string("x\r\ny");
    assertThat(written()).isEqualTo("\"a \\\"b\\\" \\\\c\" {2}\r\n\u00c3\u00a9 {4}\r\nx\r\ny");
  }

  @Test
  void writesUtf8OnlyWhereThatIsSpoken() throws IOException {
    writer.mailbox("\u00fc&\"");
    writer.utf8(true);
    writer.space().mailbox("\u00fc&\"").space().mailbox("x\ny").space().string("\u00fc");
    writer.space().string(new byte[] {'a', (byte) 0xfc});
    assertThat(written())
        .isEqualTo(
            "\"&APw-&-\\\"\" \"\u00c3\u00bc&\\\"\" {3}\r\nx\ny \"\u00c3\u00bc\" {2}\r\na\u00fc");
  }

  @Test
  void leavesNulOutOfStrings() throws IOException {
    writer.string("a\0b").space().string("\u0000\u0001");
    assertThat(written()).isEqualTo("\"ab\" {1}\r\n\1");
  }

  @Test
  void putsLongStringsIntoLiterals() throws IOException {
    writer.string("x".repeat(1001));
    assertThat(written()).startsWith("{1001}\r\nxxx");
  }

  @Test
  void writesNoMoreAndNoLessThanAnnounced() throws IOException {
    writer.octets(new ByteArrayInputStream(new byte[] {'a', 'b', 'c'}), 2);
    assertThat(written()).isEqualTo("ab");
    assertThatThrownBy(() -> writer.octets(new ByteArrayInputStream(new byte[1]), 2))
        .isInstanceOf(IOException.class);
  }

  @Test
  void announcesOctetsWithNul() throws IOException {
    writer.literal8Head(3).octets(new byte[] {'a', 0, 'b'});
    assertThat(written()).isEqualTo("~{3}\r\na\0b");
  }

  @Test
  void writesRunsInResponseCodes() throws IOException {
    writer.completion(
        "a1",
        ImapReply.ok(
            ResponseCode.copyUid(38505, new long[] {304, 319, 320}, new long[] {3956, 3957, 3958}),
            "Done"));
    assertThat(written()).isEqualTo("a1 OK [COPYUID 38505 304,319:320 3956:3958] Done\r\n");
  }

  @Test
  void refusesTextThatWouldTearALine() {
    assertThatThrownBy(() -> ImapReply.no("a\r\nb")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> ImapReply.no("")).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void writesMailboxNamesInModifiedUtf7() throws IOException {
    writer.mailbox("Entwürfe");
    assertThat(written()).isEqualTo("\"Entw&APw-rfe\"");
  }

  @Test
  void writesDatesWithTwoPlacesForTheDay() {
    assertThat(ImapDate.format(Instant.parse("1996-07-07T09:44:25Z")))
        .isEqualTo(" 7-Jul-1996 09:44:25 +0000");
  }

  @Test
  void writesPermanentFlags() {
    assertThat(ResponseCode.permanentFlags(List.of("\\Seen", "\\*")).text())
        .isEqualTo("PERMANENTFLAGS (\\Seen \\*)");
  }
}
