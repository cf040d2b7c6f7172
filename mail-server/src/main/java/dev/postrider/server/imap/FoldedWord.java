package dev.postrider.server.imap;

import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.io.UncheckedIOException;

/**
 * A text to look for in a stream of text of any length: one pass, and no more memory than the text
 * itself (Knuth, Morris and Pratt). RFC 3501 section 6.4.4 asks for substrings, case-insensitive;
 * they are compared as {@link UnicodeCasemap} says.
 */
final class FoldedWord {

  private static final int BLOCK_CHARS = 4096;

  private final char[] word;

  /** How much of the word still fits when the char behind {@code i + 1} of them does not. */
  private final int[] fallback;

  FoldedWord(String text) {
    this.word = UnicodeCasemap.prepared(text).toCharArray();
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
    char high = 0;
    int fits = 0;
    for (int count = text.read(block); count >= 0; count = text.read(block)) {
      for (int i = 0; i < count && fits < word.length; i++) {
        char c = block[i];
        if (c < UnicodeCasemap.FIRST_COMPOSED) {
          fits = fitting(fits, UnicodeCasemap.prepared(c));
        } else if (Character.isHighSurrogate(c)) {
          high = c;
        } else {
          fits = fitting(fits, UnicodeCasemap.prepared(codePoint(high, c)));
          high = 0;
        }
      }
      if (fits == word.length) {
        return true;
      }
    }
    return false;
  }

  private static int codePoint(char high, char c) {
    return Character.isSurrogatePair(high, c) ? Character.toCodePoint(high, c) : c;
  }

  /** How much of the word fits behind {@code next}, unless it has been found before. */
  private int fitting(int fits, String next) {
    int now = fits;
    for (int i = 0; i < next.length() && now < word.length; i++) {
      now = fitting(now, next.charAt(i));
    }
    return now;
  }

  private int fitting(int fits, char next) {
    int now = fits;
    while (now > 0 && next != word[now]) {
      now = fallback[now - 1];
    }
    return next == word[now] ? now + 1 : now;
  }
}
