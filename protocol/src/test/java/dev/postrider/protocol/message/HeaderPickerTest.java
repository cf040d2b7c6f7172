package dev.postrider.protocol.message;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class HeaderPickerTest {

  private static final HeaderPicker SOME =
      HeaderPicker.only(List.of("Subject", "X-LONG-NAME", "to", "", "näme"));

  private static final HeaderPicker OTHERS =
      HeaderPicker.except(List.of("Subject", "X-LONG-NAME", "to"));

  /** Of what lines of headers are made, well or badly. */
  private static final List<String> PIECES =
      List.of(
          "Subject: x",
          "SUBJECT :y",
          "To: a@b",
          "Tom: c",
          "x-long-name:",
          "From a@b Mon",
          "From: f",
          "\r\n",
          "\r\n",
          "\r\n",
          "\n",
          "\r",
          " ",
          "\t",
          ":",
          "no field",
          "\u0000",
          "\u00e4: z",
          "A:");

  private static byte @Nullable [] pick(HeaderPicker picker, String text, boolean ended) {
    byte[] octets = text.getBytes(ISO_8859_1);
    // What is behind the octets is none of theirs.
    byte[] block = Arrays.copyOf(octets, octets.length + 10);
    Arrays.fill(block, octets.length, block.length, (byte) 'x');
    return picker.pick(block, octets.length, ended);
  }

  private static String text(byte @Nullable [] octets) {
    return octets == null ? "goes on" : new String(octets, ISO_8859_1);
  }

  @Test
  void picksFieldsWithAllTheirLines() {
    String header = "Received: a\r\nSUBJECT : x\r\n\ty\r\nTo: z\nBcc: c\r\n\r\nTo: body\r\n";
    assertThat(text(pick(SOME, header, false))).isEqualTo("SUBJECT : x\r\n\ty\r\nTo: z\n\r\n");
    assertThat(text(pick(OTHERS, header, false))).isEqualTo("Received: a\r\nBcc: c\r\n\r\n");
  }

  @Test
  void saysWhenTheHeaderGoesOn() {
    assertThat(text(pick(SOME, "To: a\r\nSubject: b\r\n", false))).isEqualTo("goes on");
    assertThat(text(pick(SOME, "To: a\r\nSubj", false))).isEqualTo("goes on");
    assertThat(text(pick(SOME, "To: a\r\n\r", false))).isEqualTo("goes on");
    assertThat(text(pick(SOME, "", false))).isEqualTo("goes on");
    assertThat(text(pick(SOME, "To: a\r\nSubject: b", true))).isEqualTo("To: a\r\nSubject: b\r\n");
    assertThat(text(pick(SOME, "", true))).isEqualTo("\r\n");
  }

  @Test
  void picksWhatTheSlowWayPicks() throws IOException {
    Random random = new Random(3501);
    int goesOn = 0;
    for (int i = 0; i < 50_000; i++) {
      StringBuilder header = new StringBuilder();
      int pieces = random.nextInt(14);
      for (int piece = 0; piece < pieces; piece++) {
        header.append(PIECES.get(random.nextInt(PIECES.size())));
      }
      String text = header.toString();
      Headers headers = Headers.read(new ByteArrayInputStream(text.getBytes(ISO_8859_1)));
      for (HeaderPicker picker : List.of(SOME, OTHERS)) {
        assertThat(text(pick(picker, text, true))).as(text).isEqualTo(text(picker.pick(headers)));
        String early = text(pick(picker, text, false));
        goesOn += early.equals("goes on") ? 1 : 0;
        assertThat(early).as(text).isIn("goes on", text(picker.pick(headers)));
      }
    }
    assertThat(goesOn).isBetween(1000, 90_000);
  }
}
