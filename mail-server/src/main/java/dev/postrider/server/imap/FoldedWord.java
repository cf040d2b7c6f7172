package dev.postrider.server.imap;

import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.io.UncheckedIOException;

/**
 * A text to look for, without regard to case, in a stream of text of any length: one pass, and no
 * more memory than the text itself (Knuth, Morris and Pratt). RFC 3501 section 6.4.4 asks for
 * substrings, case-insensitive.
 */
final class FoldedWord {

  private static final int BLOCK_CHARS = 4096;

  private final char[] word;

  /** How much of the word still fits when the char behind {@code i + 1} of them does not. */
  private final int[] fallback;

  FoldedWord(String text) {
    this.word = fold(text);
    this.fallback = new int[word.length];
    int fits = 0;
    for (int i = 1; i < word.length; i++) {
      while (fits > 0 && word[i] != word[fits]) {
        fits = fallback[fits - 1];
      }
      if (word[i] == word[fits]) {
        fits++;
      }
      fallback[i] = fits;
    }
  }

  boolean isIn(String text) {
    try {
      return isIn(new StringReader(text));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether it occurs; reads no further than that. */
  boolean isIn(Reader text) throws IOException {
    if (word.length == 0) {
      return true;
    }
    char[] block = new char[BLOCK_CHARS];
    int fits = 0;
    for (int count = text.read(block); count >= 0; count = text.read(block)) {
      for (int i = 0; i < count; i++) {
        char c = fold(block[i]);
        while (fits > 0 && c != word[fits]) {
          fits = fallback[fits - 1];
        }
        fits += c == word[fits] ? 1 : 0;
        if (fits == word.length) {
          return true;
        }
      }
    }
    return false;
  }

  private static char[] fold(String text) {
    char[] folded = text.toCharArray();
    for (int i = 0; i < folded.length; i++) {
      folded[i] = fold(folded[i]);
    }
    return folded;
  }

  /** As String.equalsIgnoreCase compares. */
  private static char fold(char c) {
    return Character.toLowerCase(Character.toUpperCase(c));
  }
}
