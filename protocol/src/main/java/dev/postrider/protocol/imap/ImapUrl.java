package dev.postrider.protocol.imap;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A message, or a part of one, on the server to whom the URL is said: relative, without scheme and
 * server. RFC 5092 section 11 and RFC 4469 section 3.
 *
 * @param mailbox in Unicode; empty for the one that is selected
 * @param absolute whether the name is that of the mailbox, and not to be put behind the names above
 *     the selected one
 * @param uidValidity that the mailbox must have
 * @param partial which octets of the section
 */
public record ImapUrl(
    Optional<String> mailbox,
    boolean absolute,
    OptionalLong uidValidity,
    long uid,
    BodySection section,
    Optional<FetchItem.Partial> partial) {

  /** Characters of one that is looked at. */
  private static final int CHARS_MAX = 8192;

  /** A colon before the first slash would end a scheme. RFC 3986 section 4.2. */
  private static final Pattern RELATIVE =
      Pattern.compile(
          "(?![^/]*:)(?:(/?)([^/;?#][^;?#]*?)(?:;UIDVALIDITY=([0-9]{1,10}))?/)?;UID=([0-9]{1,10})"
              + "(?:/;SECTION=([^/;?#]+))?(?:/;PARTIAL=([0-9]{1,10})(?:\\.([0-9]{1,10}))?)?",
          Pattern.CASE_INSENSITIVE);

  /** Empty when it is none, or one of something else. */
  public static Optional<ImapUrl> parse(String url) {
    Matcher matcher = RELATIVE.matcher(url);
    if (url.length() > CHARS_MAX || !matcher.matches()) {
      return Optional.empty();
    }
    Optional<String> mailbox = Optional.ofNullable(matcher.group(2)).flatMap(ImapUrl::decode);
    Optional<BodySection> section =
        matcher.group(5) == null
            ? Optional.of(BodySection.WHOLE)
            : decode(matcher.group(5)).flatMap(FetchItemsParser::sectionOf);
    long uid = Long.parseLong(matcher.group(4));
    if (mailbox.isPresent() != (matcher.group(2) != null)
        || section.isEmpty()
        || !isNumber(matcher.group(4), 1)
        || !isNumber(matcher.group(3), 1)
        || !isNumber(matcher.group(6), 0)
        || !isNumber(matcher.group(7), 1)) {
      return Optional.empty();
    }
    OptionalLong uidValidity =
        matcher.group(3) == null
            ? OptionalLong.empty()
            : OptionalLong.of(Long.parseLong(matcher.group(3)));
    return Optional.of(
        new ImapUrl(
            mailbox,
            "/".equals(matcher.group(1)),
            uidValidity,
            uid,
            section.get(),
            partial(matcher)));
  }

  /**
   * The name of the mailbox, with INBOX in capitals. RFC 3986 section 5.2.3.
   *
   * @param selected the one that is selected, if any
   * @return empty when it is that one, or would be
   */
  public Optional<String> mailboxBeside(Optional<String> selected) {
    int above = absolute ? 0 : selected.map(name -> name.lastIndexOf('/') + 1).orElse(0);
    return mailbox.map(
        name -> MailboxName.canonical(selected.orElse("").substring(0, above) + name));
  }

  private static Optional<FetchItem.Partial> partial(Matcher matcher) {
    if (matcher.group(6) == null) {
      return Optional.empty();
    }
    long octets =
        matcher.group(7) == null ? SequenceSet.NUMBER_MAX : Long.parseLong(matcher.group(7));
    return Optional.of(new FetchItem.Partial(Long.parseLong(matcher.group(6)), octets));
  }

  private static boolean isNumber(@Nullable String digits, long least) {
    return digits == null
        || (Long.parseLong(digits) >= least && Long.parseLong(digits) <= SequenceSet.NUMBER_MAX);
  }

  /** UTF-8 behind percent signs; empty when it is not. */
  private static Optional<String> decode(String text) {
    ByteArrayOutputStream octets = new ByteArrayOutputStream();
    for (int at = 0; at < text.length(); at++) {
      char c = text.charAt(at);
      if (c <= ' ' || c > '~') {
        return Optional.empty();
      }
      if (c != '%') {
        octets.write(c);
        continue;
      }
      int high = at + 2 < text.length() ? Character.digit(text.charAt(at + 1), 16) : -1;
      int low = high < 0 ? -1 : Character.digit(text.charAt(at + 2), 16);
      if (low < 0) {
        return Optional.empty();
      }
      octets.write(high * 16 + low);
      at += 2;
    }
    try {
      return Optional.of(
          StandardCharsets.UTF_8
              .newDecoder()
              .decode(ByteBuffer.wrap(octets.toByteArray()))
              .toString());
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }
}
