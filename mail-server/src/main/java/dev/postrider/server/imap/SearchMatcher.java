package dev.postrider.server.imap;

import dev.postrider.protocol.imap.SearchKey;
import dev.postrider.protocol.imap.SequenceSet;
import dev.postrider.protocol.message.HeaderField;
import dev.postrider.protocol.message.HeaderText;
import dev.postrider.protocol.message.MailDate;
import dev.postrider.storage.StoreException;
import dev.postrider.storage.messages.BodySequence;
import dev.postrider.storage.messages.Message;
import java.io.IOException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whether a message is what a SEARCH looks for. RFC 3501 section 6.4.4, RFC 5032, RFC 8474, RFC
 * 8514.
 *
 * <p>Keys that need no octets of the message are looked at first, then those that need its header,
 * then those that need all of it; so most messages are never read.
 */
final class SearchMatcher {

  private final BodySequence bodies;
  private final SelectedMailbox mailbox;
  private final SaveDates saveDates;
  private final SearchKey key;

  /** The same for all messages. To the second, as internal dates are. RFC 5032 section 3. */
  private final Instant now;

  /** Sets and words, made ready once per command. */
  private final IdentityHashMap<SearchKey, SequenceSet.Resolved> sets = new IdentityHashMap<>();

  private final IdentityHashMap<SearchKey, FoldedWord> words = new IdentityHashMap<>();
  private @Nullable MessageContent content;
  private long highestModSeq;

  SearchMatcher(ImapServices services, SelectedMailbox mailbox, SearchKey key) {
    this.bodies = services.store().messages().bodies();
    this.mailbox = mailbox;
    this.saveDates = new SaveDates(services.store().messages(), mailbox);
    this.key = sorted(key);
    this.now = services.clock().instant().truncatedTo(ChronoUnit.SECONDS);
  }

  boolean matches(int position, Message message) throws IOException, StoreException {
    content = null;
    boolean matches = matches(key, position, message);
    if (matches) {
      highestModSeq = Math.max(highestModSeq, message.modSeq().value());
    }
    return matches;
  }

  /** Of those that matched so far; 0 when none did. */
  long highestModSeq() {
    return highestModSeq;
  }

  private boolean matches(SearchKey wanted, int position, Message message)
      throws IOException, StoreException {
    return switch (wanted) {
      case SearchKey.All all -> true;
      case SearchKey.And and -> matchesAll(and, position, message);
      case SearchKey.Or or ->
          matches(or.left(), position, message) || matches(or.right(), position, message);
      case SearchKey.Not not -> !matches(not.key(), position, message);
      case SearchKey.HasFlag flag -> hasFlag(flag.flag(), message);
      case SearchKey.Recent recent -> mailbox.isRecent(position);
      case SearchKey.Dated dated -> isDated(dated, message);
      case SearchKey.Saved saved -> isSaved(saved, position, message);
      case SearchKey.Within within -> isWithin(within, message.internalDate());
      case SearchKey.Sized sized ->
          sized.larger() ? message.octets() > sized.octets() : message.octets() < sized.octets();
      case SearchKey.Header header -> hasHeader(header, message);
      case SearchKey.Body body -> content(message).bodyContains(word(body, body.text()));
      case SearchKey.Text text ->
          content(message).headerContains(word(text, text.text()))
              || content(message).bodyContains(word(text, text.text()));
      case SearchKey.EmailId email -> email.id().equals(ObjectIds.of(message.body()));
      case SearchKey.ThreadId thread -> false;
      case SearchKey.ModSeq modSeq -> message.modSeq().value() >= modSeq.from();
      case SearchKey.Numbered numbered -> isNumbered(numbered, position, message);
    };
  }

  private boolean matchesAll(SearchKey.And and, int position, Message message)
      throws IOException, StoreException {
    for (SearchKey part : and.keys()) {
      if (!matches(part, position, message)) {
        return false;
      }
    }
    return true;
  }

  private static boolean hasFlag(String flag, Message message) {
    return FlagNames.system(flag)
        .map(system -> message.flags().has(system))
        .orElseGet(() -> message.flags().has(flag));
  }

  private boolean isDated(SearchKey.Dated dated, Message message)
      throws IOException, StoreException {
    LocalDate date = message.internalDate().atOffset(ZoneOffset.UTC).toLocalDate();
    if (dated.sent()) {
      Optional<LocalDate> sent =
          content(message)
              .headers()
              .first("Date")
              .flatMap(field -> MailDate.parse(field.rawValue()))
              .map(OffsetDateTime::toLocalDate);
      if (sent.isEmpty()) {
        return false;
      }
      date = sent.get();
    }
    return dated.relation().holds(date, dated.date());
  }

  /** Where nobody wrote down when it was, the day it arrived counts. RFC 8514 section 4.3. */
  private boolean isSaved(SearchKey.Saved wanted, int position, Message message)
      throws StoreException {
    try {
      Instant saved = saveDates.of(position, message).orElse(message.internalDate());
      return wanted.relation().holds(saved.atOffset(ZoneOffset.UTC).toLocalDate(), wanted.date());
    } catch (StoreException e) {
      if (e.kind() == StoreException.Kind.NOT_FOUND) {
        return false;
      }
      throw e;
    }
  }

  private boolean isWithin(SearchKey.Within within, Instant internalDate) {
    Instant target = now.minusSeconds(within.seconds());
    return within.older() ? !internalDate.isAfter(target) : !internalDate.isBefore(target);
  }

  private boolean isNumbered(SearchKey.Numbered numbered, int position, Message message) {
    return numbered.messages().isSaved()
        ? mailbox.isSaved(position)
        : set(numbered).contains(numbered.byUid() ? message.uid().value() : position + 1L);
  }

  private boolean hasHeader(SearchKey.Header header, Message message)
      throws IOException, StoreException {
    FoldedWord word = word(header, header.text());
    for (HeaderField field : content(message).headers().all(header.field())) {
      if (word.isIn(HeaderText.decode(field.rawValue()))) {
        return true;
      }
    }
    return false;
  }

  private SearchedContent content(Message message) throws StoreException {
    MessageContent present = content;
    if (present == null) {
      present = new MessageContent(bodies.body(message.body()));
      content = present;
    }
    return new SearchedContent(present);
  }

  private FoldedWord word(SearchKey of, String text) {
    return words.computeIfAbsent(of, absent -> new FoldedWord(text));
  }

  private SequenceSet.Resolved set(SearchKey.Numbered numbered) {
    long largest =
        mailbox.count() == 0
            ? 0
            : numbered.byUid() ? mailbox.uid(mailbox.count() - 1) : mailbox.count();
    return sets.computeIfAbsent(numbered, absent -> numbered.messages().resolve(largest));
  }

  private static SearchKey sorted(SearchKey key) {
    return switch (key) {
      case SearchKey.And and ->
          new SearchKey.And(
              and.keys().stream()
                  .map(SearchMatcher::sorted)
                  .sorted(Comparator.comparingInt(SearchMatcher::cost))
                  .toList());
      case SearchKey.Or or -> {
        SearchKey left = sorted(or.left());
        SearchKey right = sorted(or.right());
        yield cost(left) <= cost(right)
            ? new SearchKey.Or(left, right)
            : new SearchKey.Or(right, left);
      }
      case SearchKey.Not not -> new SearchKey.Not(sorted(not.key()));
      case SearchKey.All other -> other;
      case SearchKey.HasFlag other -> other;
      case SearchKey.Recent other -> other;
      case SearchKey.Dated other -> other;
      case SearchKey.Saved other -> other;
      case SearchKey.Within other -> other;
      case SearchKey.Sized other -> other;
      case SearchKey.Header other -> other;
      case SearchKey.Body other -> other;
      case SearchKey.Text other -> other;
      case SearchKey.ModSeq other -> other;
      case SearchKey.EmailId other -> other;
      case SearchKey.ThreadId other -> other;
      case SearchKey.Numbered other -> other;
    };
  }

  /** 0: what is in memory; 1: the header, or rows of a table; 2: the whole message. */
  private static int cost(SearchKey key) {
    return switch (key) {
      case SearchKey.And and -> costOf(and.keys());
      case SearchKey.Or or -> costOf(List.of(or.left(), or.right()));
      case SearchKey.Not not -> cost(not.key());
      case SearchKey.All other -> 0;
      case SearchKey.HasFlag other -> 0;
      case SearchKey.Recent other -> 0;
      case SearchKey.Dated dated -> dated.sent() ? 1 : 0;
      case SearchKey.Saved other -> 1;
      case SearchKey.Within other -> 0;
      case SearchKey.Sized other -> 0;
      case SearchKey.Header other -> 1;
      case SearchKey.Body other -> 2;
      case SearchKey.Text other -> 2;
      case SearchKey.ModSeq other -> 0;
      case SearchKey.EmailId other -> 0;
      case SearchKey.ThreadId other -> 0;
      case SearchKey.Numbered other -> 0;
    };
  }

  private static int costOf(List<SearchKey> keys) {
    return keys.stream().mapToInt(SearchMatcher::cost).max().orElse(0);
  }
}
