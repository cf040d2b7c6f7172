package dev.postrider.protocol.smtp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DotWriterTest {

  @Test
  void doublesDotsAtTheStartOfLines() throws IOException {
    assertThat(write(".a\r\n..\r\nb.\r\n", 100)).isEqualTo("..a\r\n...\r\nb.\r\n.\r\n");
  }

  @Test
  void endsTheLastLine() throws IOException {
    assertThat(write("a", 100)).isEqualTo("a\r\n.\r\n");
    assertThat(write("a\r", 100)).isEqualTo("a\r\n.\r\n");
    assertThat(write("", 100)).isEqualTo(".\r\n");
  }

  @Test
  void smugglesNothing() throws IOException {
    assertThat(write("a\n.\nMAIL FROM:<x@y>\r.\r", 100))
        .isEqualTo("a\r\n..\r\nMAIL FROM:<x@y>\r\n..\r\n.\r\n");
  }

  @Test
  void countsWhatItChanges() throws IOException {
    DotWriter writer = new DotWriter(new ByteArrayOutputStream());
    writer.write("a\nb\rc\r\n".getBytes(ISO_8859_1));
    writer.finish();
    assertThat(writer.normalized()).isEqualTo(2);
  }

  @Test
  void neverWritesABareOctetOrAnEarlyEnd() throws IOException {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    for (int i = 0; i < 10_000; i++) {
      StringBuilder text = new StringBuilder();
      int length = random.nextInt(20);
      for (int j = 0; j < length; j++) {
        text.append("\r\n.a".charAt(random.nextInt(4)));
      }
      String wire = write(text.toString(), 1 + random.nextInt(5));
      assertThat(wire.replace("\r\n", "")).as("seed %s", seed).doesNotContain("\r", "\n");
      assertThat(("\r\n" + wire).indexOf("\r\n.\r\n"))
          .as("seed %s: %s", seed, text)
          .isEqualTo(wire.length() - 3);
    }
  }

  private static String write(String text, int octetsAtATime) throws IOException {
    ByteArrayOutputStream wire = new ByteArrayOutputStream();
    DotWriter writer = new DotWriter(wire);
    byte[] octets = text.getBytes(ISO_8859_1);
    for (int at = 0; at < octets.length; at += octetsAtATime) {
      writer.write(octets, at, Math.min(octetsAtATime, octets.length - at));
    }
    writer.finish();
    return wire.toString(ISO_8859_1);
  }
}
