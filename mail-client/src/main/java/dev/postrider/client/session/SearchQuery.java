package dev.postrider.client.session;

import dev.postrider.client.ExitCode;
import dev.postrider.client.MailFailure;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.eclipse.angus.mail.iap.Argument;

/**
 * A search in the user's words, as IMAP SEARCH keys (RFC 9051 section 6.4.4). Words are joined by
 * "and"; {@code or} between two terms and {@code -} or {@code not} before one work as expected.
 *
 * <pre>{@code from:alice subject:"monthly report" after:2026-01-01 unread -to:list or flagged}
 * </pre>
 */
public final class SearchQuery {
  /** A longer query is a mistake. Terms. */
  private static final int TERMS_MAX = 100;

  private static final DateTimeFormatter IMAP_DATE =
      DateTimeFormatter.ofPattern("d-MMM-yyyy", Locale.ENGLISH);

  private static final Map<String, String> FLAG_WORDS =
      Map.of(
          "unread", "UNSEEN",
          "unseen", "UNSEEN",
          "read", "SEEN",
          "seen", "SEEN",
          "flagged", "FLAGGED",
          "starred", "FLAGGED",
          "answered", "ANSWERED",
          "deleted", "DELETED",
          "draft", "DRAFT",
          "all", "ALL");

  private static final Map<String, String> TEXT_FIELDS =
      Map.of(
          "from", "FROM", "to", "TO", "cc", "CC", "bcc", "BCC", "subject", "SUBJECT", "body",
          "BODY", "text", "TEXT");

  private static final Map<String, String> DATE_FIELDS =
      Map.of("after", "SENTSINCE", "since", "SENTSINCE", "before", "SENTBEFORE", "on", "SENTON");

  private static final Set<String> FIELDS_SHOWN =
      Set.of(
          "from", "to", "cc", "subject", "body", "after", "before", "on", "larger", "has", "flag");

  private record Token(String text, boolean quoted) {}

  private final Argument keys = new Argument();
  private boolean utf8;
  private boolean attachments;

  private SearchQuery() {}

  public static SearchQuery all() {
    SearchQuery query = new SearchQuery();
    query.keys.writeAtom("ALL");
    return query;
  }

  /** Messages without \Seen. */
  public static SearchQuery unread() {
    SearchQuery query = new SearchQuery();
    query.keys.writeAtom("UNSEEN");
    return query;
  }

  public static SearchQuery parse(String text) throws MailFailure {
    SearchQuery query = new SearchQuery();
    List<Token> tokens = tokens(text);
    if (tokens.isEmpty()) {
      return all();
    }
    if (tokens.size() > TERMS_MAX) {
      throw new MailFailure(ExitCode.DATA, "the query has more than " + TERMS_MAX + " words");
    }
    // IMAP's OR is a prefix of two keys: alternatives are collected, then written as OR a OR b c.
    List<List<Token>> groups = new ArrayList<>();
    boolean joined = false;
    for (Token token : tokens) {
      if (!token.quoted() && token.text().equalsIgnoreCase("or") && !groups.isEmpty()) {
        joined = true;
      } else if (joined) {
        groups.getLast().add(token);
        joined = false;
      } else if (token.quoted() || !token.text().equalsIgnoreCase("and")) {
        groups.add(new ArrayList<>(List.of(token)));
      }
    }
    for (List<Token> alternatives : joinNegations(groups)) {
      for (int i = 0; i < alternatives.size(); i++) {
        if (i < alternatives.size() - 1) {
          query.keys.writeAtom("OR");
        }
        query.term(alternatives.get(i));
      }
    }
    return query;
  }

  /** {@code not x} as two words becomes {@code -x}. */
  private static List<List<Token>> joinNegations(List<List<Token>> groups) {
    List<List<Token>> joined = new ArrayList<>();
    boolean negate = false;
    for (List<Token> group : groups) {
      Token first = group.getFirst();
      if (group.size() == 1 && !first.quoted() && first.text().equalsIgnoreCase("not")) {
        negate = !negate;
        continue;
      }
      if (negate) {
        List<Token> negated = new ArrayList<>(group);
        negated.set(0, new Token("-" + first.text(), false));
        joined.add(negated);
        negate = false;
      } else {
        joined.add(group);
      }
    }
    return joined;
  }

  private void term(Token token) throws MailFailure {
    String text = token.text();
    if (!token.quoted() && text.startsWith("-") && text.length() > 1) {
      keys.writeAtom("NOT");
      text = text.substring(1);
    }
    int colon = text.indexOf(':');
    if (token.quoted() || colon <= 0) {
      word(text, token.quoted());
      return;
    }
    String field = text.substring(0, colon).toLowerCase(Locale.ROOT);
    String value = text.substring(colon + 1);
    if (TEXT_FIELDS.containsKey(field)) {
      keys.writeAtom(TEXT_FIELDS.getOrDefault(field, "TEXT"));
      string(value);
    } else if (DATE_FIELDS.containsKey(field)) {
      keys.writeAtom(DATE_FIELDS.getOrDefault(field, "SENTON"));
      keys.writeAtom(date(value));
    } else {
      special(field, value);
    }
  }

  private void word(String text, boolean quoted) {
    String flag = quoted ? null : FLAG_WORDS.get(text.toLowerCase(Locale.ROOT));
    if (flag != null) {
      keys.writeAtom(flag);
    } else {
      keys.writeAtom("TEXT");
      string(text);
    }
  }

  private void special(String field, String value) throws MailFailure {
    switch (field) {
      case "has" -> {
        if (!value.equals("attachment")) {
          throw new MailFailure(
              ExitCode.DATA, "has:" + value + " is not known", "try has:attachment");
        }
        // IMAP has no key for it; multipart/mixed is the usual sign. RFC 2046 section 5.1.3.
        attachments = true;
        keys.writeAtom("HEADER");
        keys.writeString("Content-Type");
        keys.writeString("multipart/mixed");
      }
      case "is", "flag" -> flag(value);
      case "larger", "smaller" -> {
        keys.writeAtom(field.toUpperCase(Locale.ROOT));
        keys.writeAtom(Long.toString(octets(value)));
      }
      case "uid" -> {
        keys.writeAtom("UID");
        keys.writeAtom(UidSet.parse(List.of(value)).text());
      }
      case "id" -> {
        keys.writeAtom("HEADER");
        keys.writeString("Message-ID");
        string(value);
      }
      default ->
          throw new MailFailure(
              ExitCode.DATA,
              "the query knows no " + field + ":",
              "it knows "
                  + String.join(", ", FIELDS_SHOWN.stream().sorted().toList())
                  + "; put the word in quotes to search for it as text");
    }
  }

  private void flag(String value) throws MailFailure {
    String known = FLAG_WORDS.get(value.toLowerCase(Locale.ROOT));
    if (known != null) {
      keys.writeAtom(known);
    } else {
      keys.writeAtom("KEYWORD");
      keys.writeAtom(MessageFlag.parse(value));
    }
  }

  private void string(String value) {
    if (value.chars().anyMatch(c -> c > 0x7F)) {
      utf8 = true;
      keys.writeString(value, StandardCharsets.UTF_8);
    } else {
      keys.writeString(value);
    }
  }

  private static String date(String value) throws MailFailure {
    try {
      return LocalDate.parse(value).format(IMAP_DATE);
    } catch (DateTimeParseException e) {
      throw new MailFailure(ExitCode.DATA, "\"" + value + "\" is no date", "write it as 2026-01-31")
          .causedBy(e);
    }
  }

  /** {@code 500}, {@code 20k} or {@code 5M}, as octets. */
  private static long octets(String value) throws MailFailure {
    if (!value.matches("[0-9]{1,9}[kKmM]?")) {
      throw new MailFailure(ExitCode.DATA, "\"" + value + "\" is no size", "write it as 5M or 20k");
    }
    char unit = Character.toLowerCase(value.charAt(value.length() - 1));
    long factor = unit == 'k' ? 1L << 10 : unit == 'm' ? 1L << 20 : 1;
    return Long.parseLong(factor == 1 ? value : value.substring(0, value.length() - 1)) * factor;
  }

  private static List<Token> tokens(String text) throws MailFailure {
    List<Token> tokens = new ArrayList<>();
    StringBuilder current = new StringBuilder();
    boolean inQuotes = false;
    boolean onlyQuoted = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\r' || c == '\n' || c == 0) {
        throw new MailFailure(ExitCode.DATA, "the query has a line break in it");
      }
      if (c == '"') {
        onlyQuoted |= current.isEmpty();
        inQuotes = !inQuotes;
      } else if (c == ' ' && !inQuotes) {
        add(tokens, current, onlyQuoted);
        onlyQuoted = false;
      } else {
        current.append(c);
      }
    }
    if (inQuotes) {
      throw new MailFailure(ExitCode.DATA, "the query has a quote that does not end");
    }
    add(tokens, current, onlyQuoted);
    return tokens;
  }

  private static void add(List<Token> tokens, StringBuilder current, boolean quoted) {
    if (!current.isEmpty()) {
      tokens.add(new Token(current.toString(), quoted));
      current.setLength(0);
    }
  }

  Argument keys() {
    return keys;
  }

  boolean needsUtf8() {
    return utf8;
  }

  /** Whether the query asked for attachments, which the server can only guess. */
  public boolean asksForAttachments() {
    return attachments;
  }
}
