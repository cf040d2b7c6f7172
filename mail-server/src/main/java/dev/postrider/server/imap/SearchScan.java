package dev.postrider.server.imap;

import dev.postrider.storage.StoreException;
import dev.postrider.storage.messages.Message;
import java.io.IOException;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * Looks through the selected mailbox for messages that match. What was found is a set of positions,
 * one bit each, so that a search that finds a million messages keeps 125 KB, and not the messages.
 */
final class SearchScan {

  private final SelectedMailbox mailbox;
  private final SearchMatcher matcher;
  private final Progress progress;

  SearchScan(ImapSession session, SearchMatcher matcher) {
    this.mailbox = session.mailbox();
    this.matcher = matcher;
    this.progress = new Progress(session, mailbox.count());
  }

  /** All that match. */
  BitSet all() throws IOException, StoreException {
    BitSet found = new BitSet();
    Pieces.upwards(
        mailbox.count(),
        some -> {
          @Nullable Message[] messages = mailbox.messages(some);
          for (int i = 0; i < some.length; i++) {
            found.set(some[i], matches(some[i], messages[i]));
            progress.step();
          }
          return true;
        });
    return found;
  }

  /** At most {@code enough} that match: the first ones or, {@code fromEnd}, the last ones. */
  BitSet some(int enough, boolean fromEnd) throws IOException, StoreException {
    BitSet found = new BitSet();
    int[] left = {enough};
    Pieces.Look look =
        some -> {
          @Nullable Message[] messages = mailbox.messages(some);
          for (int i = 0; i < some.length && left[0] > 0; i++) {
            int at = fromEnd ? some.length - 1 - i : i;
            if (matches(some[at], messages[at])) {
              found.set(some[at]);
              left[0]--;
            }
            progress.step();
          }
          return left[0] > 0;
        };
    if (fromEnd) {
      Pieces.downwards(mailbox.count(), look);
    } else {
      Pieces.upwards(mailbox.count(), look);
    }
    return found;
  }

  /** The first or the last that matches, or both. No message between them is looked at. */
  BitSet ends(boolean first, boolean last) throws IOException, StoreException {
    BitSet found = first ? some(1, false) : new BitSet();
    boolean noneAtAll = first && found.isEmpty();
    if (last && !noneAtAll) {
      found.or(some(1, true));
    }
    return found;
  }

  /** Nothing is written in here: what fails is the store, and the session can go on. */
  private boolean matches(int position, @Nullable Message message) throws StoreException {
    try {
      return message != null && matcher.matches(position, message);
    } catch (IOException e) {
      throw new StoreException(
          StoreException.Kind.CORRUPT, "message cannot be read: " + e.getMessage(), e);
    }
  }
}
