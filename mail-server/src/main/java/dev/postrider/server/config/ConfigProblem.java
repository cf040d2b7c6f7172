package dev.postrider.server.config;

/**
 * One mistake of the operator's.
 *
 * @param place where to mend it: {@code FILE:LINE}, a file, or the name of an environment variable
 * @param text what is wrong and what to write instead, naming the key
 */
public record ConfigProblem(String place, String text) {

  /** {@code place: text}, on one line. */
  @Override
  public String toString() {
    return place + ": " + text.replaceAll("\\s+", " ");
  }
}
