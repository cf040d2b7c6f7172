package dev.postrider.testkit.house;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A file of the tree, as text.
 *
 * @param path relative to the root of the tree, with slashes
 */
record SourceFile(String path, String text) {

  private static final Pattern PACKAGE = Pattern.compile("(?m)^package\\s+([\\w.]+);");
  private static final Pattern NOT_CODE =
      Pattern.compile(
          "\"\"\"[^\"\\\\]*+(?:(?:\\\\.|\"(?!\"\"))[^\"\\\\]*+)*+\"\"\""
              + "|\"[^\"\\\\\n]*+(?:\\\\.[^\"\\\\\n]*+)*+\"|'(?:\\\\.|[^'\\\\\n]){1,6}+'"
              + "|//[^\n]*+|/\\*.*?\\*/",
          Pattern.DOTALL);

  boolean isJava() {
    return path.endsWith(".java");
  }

  /** Whether it is part of a program or library, not of its tests. */
  boolean isMainJava() {
    return isJava() && path.contains("/src/main/java/");
  }

  boolean isPackageInfo() {
    return path.endsWith("/package-info.java");
  }

  String packageName() {
    Matcher found = PACKAGE.matcher(text);
    return found.find() ? found.group(1) : "";
  }

  /** The text without comments and without what is in quotes; lines stay where they are. */
  String code() {
    return NOT_CODE
        .matcher(text)
        .replaceAll(found -> Matcher.quoteReplacement(blank(found.group())));
  }

  /** The text without what is in quotes: code and comments. */
  String codeAndComments() {
    return NOT_CODE
        .matcher(text)
        .replaceAll(
            found -> {
              boolean comment = found.group().startsWith("/");
              return Matcher.quoteReplacement(comment ? found.group() : blank(found.group()));
            });
  }

  /** Line of an offset, from 1. */
  static int lineOf(String text, int offset) {
    return 1 + (int) text.substring(0, offset).chars().filter(c -> c == '\n').count();
  }

  private static String blank(String what) {
    boolean quoted = what.startsWith("\"") || what.startsWith("'");
    String inside = what.replaceAll("[^\n]", " ");
    return quoted && inside.length() >= 2
        ? "\"" + inside.substring(1, inside.length() - 1) + "\""
        : inside;
  }
}
