package dev.postrider.protocol.smtp;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What a server offers. RFC 5321 section 4.1.1.1.
 *
 * @param keywords extension keywords in upper case, with their parameters as written
 */
public record EhloCapabilities(Map<String, List<String>> keywords) {

  /** Of a server that only knows HELO. */
  public static final EhloCapabilities NONE = new EhloCapabilities(Map.of());

  private static final int DIGITS_OF_LONG = 18;

  public EhloCapabilities {
    keywords = Map.copyOf(keywords);
  }

  /**
   * Reads a positive reply to EHLO. Its first line is a greeting; lines that make no sense are
   * skipped.
   */
  public static EhloCapabilities parse(SmtpReply reply) {
    Map<String, List<String>> found = new LinkedHashMap<>();
    for (String line : reply.lines().subList(1, reply.lines().size())) {
      String[] words = line.strip().split("[ \t]+");
      String keyword = words[0].toUpperCase(Locale.ROOT);
      List<String> parameters = List.of(words).subList(1, words.length);
      if (keyword.startsWith("AUTH=")) {
        // SmtpLeniency.AUTH_WITH_EQUALS_SIGN
        add(found, "AUTH", List.of(words[0].substring("AUTH=".length())));
        keyword = "AUTH";
      }
      if (!keyword.isEmpty()) {
        add(found, keyword, parameters);
      }
    }
    return new EhloCapabilities(found);
  }

  private static void add(Map<String, List<String>> into, String keyword, List<String> more) {
    Set<String> all = new LinkedHashSet<>(into.getOrDefault(keyword, List.of()));
    all.addAll(more);
    into.put(keyword, List.copyOf(all));
  }

  public boolean has(String keyword) {
    return keywords.containsKey(keyword);
  }

  /** RFC 1870: whether MAIL may say SIZE=. */
  public boolean size() {
    return has("SIZE");
  }

  /** Octets that a message may have; empty when there is no fixed limit or it is not said. */
  public OptionalLong sizeMax() {
    List<String> parameters = keywords.getOrDefault("SIZE", List.of());
    if (parameters.isEmpty()
        || !SmtpCommandParser.isDigits(parameters.getFirst())
        || parameters.getFirst().length() > DIGITS_OF_LONG) {
      return OptionalLong.empty();
    }
    long octets = Long.parseLong(parameters.getFirst());
    // RFC 1870 section 4: zero means no fixed maximum.
    return octets == 0 ? OptionalLong.empty() : OptionalLong.of(octets);
  }

  /** RFC 2920. */
  public boolean pipelining() {
    return has("PIPELINING");
  }

  /** RFC 6152. */
  public boolean eightBitMime() {
    return has("8BITMIME");
  }

  /** RFC 6531. */
  public boolean smtpUtf8() {
    return has("SMTPUTF8");
  }

  /** RFC 3030. */
  public boolean chunking() {
    return has("CHUNKING");
  }

  /** RFC 3207. */
  public boolean startTls() {
    return has("STARTTLS");
  }

  /** RFC 2034. */
  public boolean enhancedStatusCodes() {
    return has("ENHANCEDSTATUSCODES");
  }

  /** RFC 3461. */
  public boolean dsn() {
    return has("DSN");
  }

  /** RFC 8689. */
  public boolean requireTls() {
    return has("REQUIRETLS");
  }

  /** Names of SASL mechanisms in upper case, in the order of the server. RFC 4954 section 3. */
  public Set<String> authMechanisms() {
    Set<String> names = new LinkedHashSet<>();
    for (String name : keywords.getOrDefault("AUTH", List.of())) {
      names.add(name.toUpperCase(Locale.ROOT));
    }
    return names;
  }
}
