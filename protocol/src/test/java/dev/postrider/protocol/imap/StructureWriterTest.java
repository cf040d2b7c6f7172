package dev.postrider.protocol.imap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postrider.protocol.message.MessageStructure;
import dev.postrider.protocol.message.Part;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class StructureWriterTest {

  private final ByteArrayOutputStream octets = new ByteArrayOutputStream();
  private final StructureWriter writer = new StructureWriter(new ImapWriter(octets), false);

  private static Part parse(String message) throws IOException {
    byte[] raw = message.replace("\n", "\r\n").getBytes(StandardCharsets.ISO_8859_1);
    return MessageStructure.parse(new ByteArrayInputStream(raw));
  }

  private String envelope(String message) throws IOException {
    writer.envelope(parse(message).envelope().orElseThrow());
    return octets.toString(StandardCharsets.ISO_8859_1);
  }

  private String body(String message, boolean extensible) throws IOException {
    writer.body(parse(message), extensible);
    return octets.toString(StandardCharsets.ISO_8859_1);
  }

  @Test
  void saysNilWhereAFieldIsMissingAndNothingWhereItIsEmpty() throws IOException {
    assertThat(envelope("Subject:\n\n")).isEqualTo("(NIL \"\" NIL NIL NIL NIL NIL NIL NIL NIL)");
  }

  @Test
  void sendsEightBitHeadersAsLiterals() throws IOException {
    assertThat(envelope("Subject: caf\u00e9\n\n")).startsWith("(NIL {4}\r\ncaf\u00e9 NIL");
  }

  @Test
  void writesGroupsAsTheStandardDoes() throws IOException {
    assertThat(envelope("To: team: a@b.test, c@d.test;\n\n"))
        .contains(
            "((NIL NIL \"team\" NIL)(NIL NIL \"a\" \"b.test\")(NIL NIL \"c\" \"d.test\")"
                + "(NIL NIL NIL NIL))");
  }

  @Test
  void leavesExtensionDataOutOfBody() throws IOException {
    assertThat(body("Content-Type: text/html\n\nx\n", false))
        .isEqualTo("(\"text\" \"html\" NIL NIL NIL \"7BIT\" 3 1)");
  }

  @Test
  void showsWhatIsInAMessageGlobalToClientsOfRev2() throws IOException {
    String message = "Content-Type: message/global\n\nSubject: x\n\ny\n";
    assertThat(body(message, false)).isEqualTo("(\"message\" \"global\" NIL NIL NIL \"7BIT\" 17)");
    octets.reset();
    new StructureWriter(new ImapWriter(octets), true).body(parse(message), false);
    assertThat(octets.toString(StandardCharsets.ISO_8859_1))
        .isEqualTo(
            "(\"message\" \"global\" NIL NIL NIL \"7BIT\" 17"
                + " (NIL \"x\" NIL NIL NIL NIL NIL NIL NIL NIL)"
                + " (\"TEXT\" \"PLAIN\" (\"CHARSET\" \"US-ASCII\") NIL NIL \"7BIT\" 3 1) 3)");
  }

  @Test
  void promisesAnEnvelopeOnlyWhereThereIsOne() throws IOException {
    assertThat(
            body("Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\nAA==\n", true))
        .isEqualTo("(\"APPLICATION\" \"OCTET-STREAM\" NIL NIL NIL \"base64\" 6 NIL NIL NIL NIL)");
  }
}
