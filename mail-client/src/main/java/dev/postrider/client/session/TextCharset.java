package dev.postrider.client.session;

import jakarta.mail.internet.MimeUtility;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;

/** Text of a charset that is named wrongly as often as rightly. */
public final class TextCharset {
  private TextCharset() {}

  /** Decodes by the named charset; without one, or an unknown one, UTF-8 or else Windows-1252. */
  public static String decode(byte[] octets, String name) {
    if (name.isBlank() || name.equalsIgnoreCase("us-ascii")) {
      return Headers.text(octets);
    }
    try {
      Charset charset = Charset.forName(MimeUtility.javaCharset(name.strip()));
      // "iso-8859-1" means Windows-1252 in mail, as browsers have it too.
      return charset.equals(StandardCharsets.ISO_8859_1)
          ? new String(octets, Charset.forName("windows-1252"))
          : new String(octets, charset);
    } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
      return Headers.text(octets);
    }
  }
}
