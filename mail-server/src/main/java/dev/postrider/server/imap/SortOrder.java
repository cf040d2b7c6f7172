package dev.postrider.server.imap;

import dev.postrider.protocol.imap.ImapCommand.SortCriterion;
import dev.postrider.protocol.imap.ImapCommand.SortKey;
import dev.postrider.storage.StoreException;
import java.io.IOException;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The order that SORT asks for. RFC 5256 section 3, RFC 5957 section 3 and 4.
 *
 * <p>Of each message it keeps what it sorts by and nothing else: eight octets of a time or a size,
 * and the octets that a text is compared by. They are read once, in pieces; no message is.
 */
final class SortOrder {

  /** Octets of one text that are compared: twice a line of a header. RFC 5322 section 2.1.1. */
  static final int TEXT_OCTETS_MAX = 2000;

  /** Octets of all texts that are compared: a hundred of each of a million messages. */
  static final long TEXTS_OCTETS_MAX = 100_000_000;

  private final ImapServices services;
  private final SelectedMailbox mailbox;
  private final List<SortCriterion> order;
  private long octetsLeft;

  SortOrder(ImapServices services, SelectedMailbox mailbox, List<SortCriterion> order) {
    this(services, mailbox, order, TEXTS_OCTETS_MAX);
  }

  SortOrder(
      ImapServices services, SelectedMailbox mailbox, List<SortCriterion> order, long octetsMax) {
    this.services = services;
    this.mailbox = mailbox;
    this.order = order;
    this.octetsLeft = octetsMax;
  }

  /** What is compared of all messages; they count from 0, in the order of the mailbox. */
  private interface Column {
    void keep(int at, FoundMessage message) throws StoreException;

    int compare(int a, int b);
  }

  @FunctionalInterface
  private interface NumberOf {
    long of(FoundMessage message) throws StoreException;
  }

  @FunctionalInterface
  private interface TextOf {
    String of(FoundMessage message) throws StoreException;
  }

  /**
   * The messages at the positions {@code found}, sorted; without those that are gone by now. Empty
   * when there is more text to compare than is allowed.
   */
  Optional<int[]> of(BitSet found) throws IOException, StoreException {
    int[] positions = new int[found.cardinality()];
    Column[] columns =
        order.stream()
            .map(criterion -> column(criterion.key(), positions.length))
            .toArray(Column[]::new);
    int count = keep(found, positions, columns);
    if (octetsLeft < 0) {
      return Optional.empty();
    }
    return Optional.of(
        IntStream.range(0, count)
            .boxed()
            .sorted((a, b) -> compare(columns, a, b))
            .mapToInt(at -> positions[at])
            .toArray());
  }

  /** Fills positions and columns; returns how many messages there are. */
  private int keep(BitSet found, int[] positions, Column[] columns)
      throws IOException, StoreException {
    int[] count = {0};
    FoundMessage.each(
        services,
        mailbox,
        found,
        message -> {
          if (octetsLeft < 0) {
            return;
          }
          int at = count[0]++;
          positions[at] = message.position();
          for (Column column : columns) {
            column.keep(at, message);
          }
        });
    return count[0];
  }

  /** Where nothing differs the order of the mailbox is kept, as sorting is stable. */
  private int compare(Column[] columns, int a, int b) {
    for (int i = 0; i < columns.length; i++) {
      int compared = order.get(i).reverse() ? columns[i].compare(b, a) : columns[i].compare(a, b);
      if (compared != 0) {
        return compared;
      }
    }
    return 0;
  }

  private Column column(SortKey key, int count) {
    return switch (key) {
      case ARRIVAL -> numbers(count, message -> message.message().internalDate().getEpochSecond());
      case DATE -> numbers(count, message -> message.sent().getEpochSecond());
      case SIZE -> numbers(count, message -> message.message().octets());
      case CC -> texts(count, message -> message.keys().cc());
      case FROM -> texts(count, message -> message.keys().from());
      case TO -> texts(count, message -> message.keys().to());
      case SUBJECT -> texts(count, message -> message.keys().subject());
      case DISPLAYFROM -> texts(count, message -> message.keys().displayFrom());
      case DISPLAYTO -> texts(count, message -> message.keys().displayTo());
    };
  }

  private static Column numbers(int count, NumberOf number) {
    long[] numbers = new long[count];
    return new Column() {
      @Override
      public void keep(int at, FoundMessage message) throws StoreException {
        numbers[at] = number.of(message);
      }

      @Override
      public int compare(int a, int b) {
        return Long.compare(numbers[a], numbers[b]);
      }
    };
  }

  private Column texts(int count, TextOf text) {
    byte[][] texts = new byte[count][];
    return new Column() {
      @Override
      public void keep(int at, FoundMessage message) throws StoreException {
        texts[at] = UnicodeCasemap.octets(text.of(message), TEXT_OCTETS_MAX);
        octetsLeft -= texts[at].length;
      }

      @Override
      public int compare(int a, int b) {
        return Arrays.compareUnsigned(texts[a], texts[b]);
      }
    };
  }
}
