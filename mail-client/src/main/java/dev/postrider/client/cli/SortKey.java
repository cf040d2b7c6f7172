package dev.postrider.client.cli;

import dev.postrider.client.MailFailure;
import dev.postrider.client.session.ImapConnection;
import dev.postrider.client.session.MessageSummary;
import dev.postrider.client.session.Person;
import dev.postrider.client.session.SearchQuery;
import dev.postrider.client.session.SelectedFolder;
import dev.postrider.client.session.UidSet;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Orders of a list. The server sorts if it can (RFC 5256), else the summaries are fetched. */
enum SortKey {
  ARRIVAL("REVERSE ARRIVAL", Comparator.comparingLong(m -> -m.uid())),
  DATE(
      "REVERSE DATE",
      Comparator.comparing(
          (MessageSummary m) -> m.date().orElse(Instant.EPOCH), Comparator.reverseOrder())),
  FROM("FROM", Comparator.comparing(SortKey::sender)),
  SUBJECT("SUBJECT", Comparator.comparing(SortKey::baseSubject)),
  SIZE("REVERSE SIZE", Comparator.comparingLong(m -> -m.size()));

  private final String criteria;

  @SuppressWarnings("ImmutableEnumChecker") // Comparators without state.
  private final Comparator<MessageSummary> order;

  SortKey(String criteria, Comparator<MessageSummary> order) {
    this.criteria = criteria;
    this.order = order;
  }

  List<Long> uids(ImapConnection imap, SelectedFolder folder, SearchQuery query)
      throws MailFailure {
    if (this == ARRIVAL) {
      List<Long> uids = folder.search(query);
      Collections.reverse(uids);
      return uids;
    }
    if (imap.has("SORT")) {
      return folder.sort(criteria, query);
    }
    List<Long> uids = folder.search(query);
    if (uids.isEmpty()) {
      return uids;
    }
    List<MessageSummary> all = new ArrayList<>(folder.summaries(UidSet.of(uids)));
    all.sort(order);
    return all.stream().map(MessageSummary::uid).toList();
  }

  private static String sender(MessageSummary message) {
    List<Person> from = message.headers().people("From");
    return from.isEmpty() ? "" : from.getFirst().address().toLowerCase(Locale.ROOT);
  }

  /** Without "Re:" and the like. RFC 5256 section 2.1, simplified. */
  private static String baseSubject(MessageSummary message) {
    String subject = message.headers().decoded("Subject").toLowerCase(Locale.ROOT);
    return subject.replaceFirst("^(\\s*(re|fwd?|aw|wg)\\s*:\\s*)+", "").strip();
  }
}
