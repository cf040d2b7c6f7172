package dev.postrider.protocol.message;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Words that occur in every other message, so that each takes one octet in a description. The order
 * is part of the format: new words go to the end, with a new {@link DescriptionCodec#VERSION}.
 */
final class DescriptionWords {

  static final List<String> WORDS =
      List.of(
          "text",
          "plain",
          "html",
          "TEXT",
          "PLAIN",
          "multipart",
          "mixed",
          "alternative",
          "related",
          "application",
          "octet-stream",
          "APPLICATION",
          "OCTET-STREAM",
          "pdf",
          "image",
          "png",
          "jpeg",
          "gif",
          "message",
          "rfc822",
          "MESSAGE",
          "RFC822",
          "charset",
          "CHARSET",
          "utf-8",
          "UTF-8",
          "us-ascii",
          "US-ASCII",
          "iso-8859-1",
          "ISO-8859-1",
          "windows-1252",
          "boundary",
          "name",
          "filename",
          "format",
          "flowed",
          "delsp",
          "yes",
          "7BIT",
          "7bit",
          "8bit",
          "8BIT",
          "base64",
          "BASE64",
          "quoted-printable",
          "QUOTED-PRINTABLE",
          "binary",
          "attachment",
          "inline",
          "signed",
          "report",
          "digest",
          "calendar",
          "csv",
          "zip",
          "protocol",
          "micalg",
          "pgp-sha256",
          "pgp-signature",
          "delivery-status",
          "",
          "en",
          "size",
          "type");

  private static final Map<String, Integer> NUMBERS = new HashMap<>();

  static {
    for (String word : WORDS) {
      NUMBERS.put(word, NUMBERS.size());
    }
  }

  private DescriptionWords() {}

  /** Index into {@link #WORDS}, or -1. */
  static int number(String word) {
    return NUMBERS.getOrDefault(word, -1);
  }
}
