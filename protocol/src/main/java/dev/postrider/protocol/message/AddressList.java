package dev.postrider.protocol.message;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads the addresses of a header field as well as can be: nothing is refused, and what makes no
 * sense becomes a mailbox without a host. RFC 5322 section 3.4, with the obsolete forms of section
 * 4.4.
 *
 * <p>One pass from left to right, no recursion: comments nest by counting. The list is never longer
 * than its text.
 */
public final class AddressList {

  private final String text;
  private final List<Address> found = new ArrayList<>();
  private int at;
  private boolean inGroup;

  /** Words since the last comma: a display name, or a local part when an @ follows. */
  private final StringBuilder phrase = new StringBuilder();

  /** White space came after the last word of the phrase. */
  private boolean spaceDue;

  private Optional<String> comment = Optional.empty();
  private boolean mailboxTaken;

  /** The last element of {@link #found} belongs to the text since the last comma. */
  private boolean mailboxFound;

  private AddressList(String text) {
    this.text = text;
  }

  /** Addresses in {@code text}, an unfolded octet string. */
  public static List<Address> parse(String text) {
    return parse(text, Integer.MAX_VALUE);
  }

  /** The first {@code most} of them. */
  static List<Address> parse(String text, int most) {
    AddressList list = new AddressList(text);
    list.read(most);
    List<Address> found = list.found;
    return List.copyOf(found.size() <= most ? found : found.subList(0, most));
  }

  private void read(int most) {
    while (at < text.length() && found.size() <= most) {
      char c = text.charAt(at);
      switch (c) {
        case ',' -> {
          at++;
          endMailbox();
        }
        case ';' -> {
          at++;
          endMailbox();
          endGroup();
        }
        case ':' -> colon();
        case '<' -> angle();
        case '@' -> bareAddress();
        case '(' -> comment();
        case ' ', '\t' -> {
          at++;
          spaceDue = true;
        }
        default -> word();
      }
    }
    endMailbox();
    endGroup();
  }

  private void colon() {
    at++;
    if (inGroup || mailboxTaken) {
      phrase.append(':');
      return;
    }
    found.add(Address.groupStart(phrase.toString()));
    inGroup = true;
    reset();
  }

  private void endGroup() {
    if (inGroup) {
      found.add(Address.GROUP_END);
      inGroup = false;
    }
  }

  /** A mailbox without angle brackets or @ is one without a host. */
  private void endMailbox() {
    if (!mailboxTaken && !phrase.isEmpty()) {
      add(comment, Optional.empty(), phrase.toString(), "");
    }
    reset();
  }

  private void reset() {
    phrase.setLength(0);
    spaceDue = false;
    comment = Optional.empty();
    mailboxTaken = false;
    mailboxFound = false;
  }

  private void comment() {
    int end = Comments.end(text, at);
    String inner = unescape(text.substring(at + 1, Math.max(at + 1, end - 1)));
    at = end;
    spaceDue = true;
    // a@b (Joe): the old place of the name.
    if (!inner.isBlank()) {
      if (mailboxFound && found.getLast().name().isEmpty()) {
        Address last = found.removeLast();
        found.add(
            new Address(Optional.of(inner.strip()), last.route(), last.mailbox(), last.host()));
      } else if (comment.isEmpty()) {
        comment = Optional.of(inner.strip());
      }
    }
  }

  private void word() {
    if (spaceDue && !phrase.isEmpty()) {
      phrase.append(' ');
    }
    spaceDue = false;
    if (text.charAt(at) == '"') {
      phrase.append(quoted());
    } else {
      int start = at;
      while (at < text.length() && ",;:<@( \t\"".indexOf(text.charAt(at)) < 0) {
        at++;
      }
      phrase.append(text, start, at);
    }
  }

  /** {@code local@domain} without angle brackets; the phrase so far is the local part. */
  private void bareAddress() {
    at++;
    String host = domain(",;<");
    if (mailboxTaken) {
      // A second address without a comma between them cannot be told from rubbish.
      return;
    }
    int space = phrase.lastIndexOf(" ");
    // Joe joe@a: brackets forgotten.
    Optional<String> name = space > 0 ? Optional.of(phrase.substring(0, space)) : comment;
    add(name, Optional.empty(), phrase.substring(space + 1), host);
  }

  private void angle() {
    at++;
    Optional<String> route = route();
    StringBuilder local = new StringBuilder();
    String host = "";
    while (at < text.length() && text.charAt(at) != '>') {
      char c = text.charAt(at);
      if (c == '"') {
        local.append(quoted());
      } else if (c == '(') {
        at = Comments.end(text, at);
      } else if (c == '@') {
        at++;
        host = domain(">");
      } else {
        if (c != ' ' && c != '\t') {
          local.append(c);
        }
        at++;
      }
    }
    at++;
    if (mailboxTaken) {
      return;
    }
    Optional<String> name = phrase.isEmpty() ? comment : Optional.of(phrase.toString());
    if (!local.isEmpty() || !host.isEmpty() || name.isPresent()) {
      add(name, route, local.toString(), host);
    }
    mailboxTaken = true;
  }

  /** {@code @a,@b:} of an obsolete route, without its colon. RFC 5322 section 4.4. */
  private Optional<String> route() {
    int start = at;
    while (start < text.length() && text.charAt(start) == ' ') {
      start++;
    }
    if (start >= text.length() || text.charAt(start) != '@') {
      return Optional.empty();
    }
    int end = text.indexOf('>', start);
    int colon = text.indexOf(':', start, end < 0 ? text.length() : end);
    if (colon < 0) {
      return Optional.empty();
    }
    at = colon + 1;
    return Optional.of(text.substring(start, colon));
  }

  /** Up to one of {@code ends}; white space and comments around its dots are dropped. */
  private String domain(String ends) {
    StringBuilder host = new StringBuilder();
    while (at < text.length() && ends.indexOf(text.charAt(at)) < 0) {
      char c = text.charAt(at);
      if (c == '(') {
        if (!ends.startsWith(">")) {
          break;
        }
        at = Comments.end(text, at);
        continue;
      }
      if (c == '[') {
        int close = text.indexOf(']', at);
        int end = close < 0 ? text.length() : close + 1;
        host.append(text, at, end);
        at = end;
        continue;
      }
      if (c != ' ' && c != '\t') {
        host.append(c);
      }
      at++;
    }
    return host.toString();
  }

  private String quoted() {
    StringBuilder out = new StringBuilder();
    at++;
    while (at < text.length() && text.charAt(at) != '"') {
      if (text.charAt(at) == '\\' && at + 1 < text.length()) {
        at++;
      }
      out.append(text.charAt(at));
      at++;
    }
    at++;
    return out.toString();
  }

  private void add(Optional<String> name, Optional<String> route, String mailbox, String host) {
    found.add(new Address(name, route, Optional.of(mailbox), Optional.of(host)));
    mailboxTaken = true;
    mailboxFound = true;
  }

  private static String unescape(String text) {
    StringBuilder out = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) == '\\' && i + 1 < text.length()) {
        i++;
      }
      out.append(text.charAt(i));
    }
    return out.toString();
  }
}
