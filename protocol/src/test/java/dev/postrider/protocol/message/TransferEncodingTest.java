package dev.postrider.protocol.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TransferEncodingTest {

  @ParameterizedTest
  @CsvSource({
    "7bit,SEVEN_BIT",
    "8BIT,EIGHT_BIT",
    "Binary,BINARY",
    "quoted-PRINTABLE,QUOTED_PRINTABLE",
    "' base64 ',BASE64",
  })
  void knowsTheEncodingsOfMime(String name, TransferEncoding encoding) {
    assertThat(TransferEncoding.of(name)).contains(encoding);
  }

  @ParameterizedTest
  @CsvSource({"x-uuencode", "utf-8", "''", "base 64"})
  void knowsNoOther(String name) {
    assertThat(TransferEncoding.of(name)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "'',''",
    "YQ==,a",
    "YWI=,ab",
    "YWJj,abc",
    "YWJjZA==,abcd",
    // Lines, and what is not of the alphabet.
    "'Y\r\nW\r\n\r\nJ j',abc",
    "'\u00e4Y!W-J_j.',abc",
    // The padding is missing, or short, or begins nothing.
    "YQ,a",
    "YWI,ab",
    "YQ=,a",
    "YWJjZ,abc",
    "'=YWJj=',abc",
    "'Y=WJj',abc",
    // What is behind the padding is no data.
    "'YQ==\r\n-- \r\nlist footer',a",
    "YQ==YWJj,a",
  })
  void decodesBase64(String encoded, String decoded) throws IOException {
    assertThat(decoded(TransferEncoding.BASE64, encoded)).isEqualTo(decoded);
  }

  @Test
  void decodesBase64OfAnyOctetsThatComeInAnyPieces() throws IOException {
    Random random = new Random(20261123);
    for (int octets : new int[] {0, 1, 2, 3, 8191, 8192, 8193, 100_000}) {
      byte[] plain = new byte[octets];
      random.nextBytes(plain);
      byte[] encoded = Base64.getMimeEncoder().encode(plain);
      try (InputStream in = TransferEncoding.BASE64.decode(pieces(encoded, random))) {
        assertThat(in.readAllBytes()).isEqualTo(plain);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "'',''",
    "'a=3D=3d=00=e4','a==\0\u00e4'",
    // Lines end in CRLF, and white space before that is none of them.
    "'a \t\r\nb \n\r\nc','a\r\nb\r\n\r\nc'",
    "'a\rb','a\rb'",
    "'a \t','a'",
    // An equals sign at the end of a line takes the line's end with it.
    "'a=\r\nb=\nc= \t\r\nd ','abcd'",
    "'a =\r\nb','a b'",
    "'a=','a'",
    // One that begins nothing stands for itself.
    "'a=b','a=b'",
    "'=4','=4'",
    "'=4g==41','=4g=A'",
    "'a= b','a= b'",
    "'=\rb','=\rb'",
    // Octets that should have been encoded.
    "'\u00e4\0','\u00e4\0'",
  })
  void decodesQuotedPrintable(String encoded, String decoded) throws IOException {
    assertThat(decoded(TransferEncoding.QUOTED_PRINTABLE, encoded)).isEqualTo(decoded);
  }

  @Test
  void holdsNoMoreWhiteSpaceThanALineCanHave() throws IOException {
    String spaces = " ".repeat(1_000_000);
    assertThat(decoded(TransferEncoding.QUOTED_PRINTABLE, spaces + "x")).isEqualTo(spaces + "x");
    assertThat(decoded(TransferEncoding.QUOTED_PRINTABLE, "=" + spaces + "x"))
        .isEqualTo("=" + spaces + "x");
    assertThat(decoded(TransferEncoding.QUOTED_PRINTABLE, " ".repeat(1000) + "\r\nx"))
        .isEqualTo("\r\nx");
  }

  @Test
  void givesTheSameInAnyPieces() throws IOException {
    Random random = new Random(20261123);
    String pieces = "=3D= \t\r\nabQ+/4g";
    for (int round = 0; round < 2000; round++) {
      StringBuilder text = new StringBuilder();
      for (int i = random.nextInt(60); i > 0; i--) {
        text.append(pieces.charAt(random.nextInt(pieces.length())));
      }
      byte[] encoded = text.toString().getBytes(StandardCharsets.ISO_8859_1);
      for (TransferEncoding encoding : TransferEncoding.values()) {
        byte[] whole;
        try (InputStream in = encoding.decodeText(new ByteArrayInputStream(encoded))) {
          whole = in.readAllBytes();
        }
        try (InputStream in = encoding.decodeText(pieces(encoded, random))) {
          for (byte octet : whole) {
            assertThat(in.read()).as(encoding + " " + text).isEqualTo(octet & 0xff);
          }
          assertThat(in.read()).isEqualTo(-1);
          assertThat(in.read(new byte[5], 0, 5)).isEqualTo(-1);
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"'a\nb\r\n\nc\r\r\n\rd\n','a\r\nb\r\n\r\nc\r\r\n\rd\r\n'", "'\n','\r\n'", "'',''"})
  void endsLinesOfTextsInCrlf(String stored, String sent) throws IOException {
    for (TransferEncoding encoding :
        new TransferEncoding[] {TransferEncoding.SEVEN_BIT, TransferEncoding.EIGHT_BIT}) {
      assertThat(text(encoding.decodeText(input(stored)))).isEqualTo(sent);
      assertThat(text(encoding.decode(input(stored)))).isEqualTo(stored);
    }
    assertThat(text(TransferEncoding.BINARY.decodeText(input(stored)))).isEqualTo(stored);
  }

  private static String decoded(TransferEncoding encoding, String encoded) throws IOException {
    return text(encoding.decode(input(encoded)));
  }

  private static InputStream input(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static String text(InputStream in) throws IOException {
    try (in) {
      return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
    }
  }

  /** As octets come off a disk or a network. */
  private static InputStream pieces(byte[] octets, Random random) {
    return new ByteArrayInputStream(octets) {
      @Override
      public int read(byte[] into, int offset, int length) {
        return super.read(into, offset, Math.min(length, 1 + random.nextInt(5)));
      }
    };
  }
}
