package dev.postrider.server.admin;

import java.util.List;
import java.util.Map;

/** What came of a request. */
public sealed interface AdminAnswer {

  /**
   * It was done. Each row says something of one account, queue entry, … in the order of its keys.
   */
  record Rows(List<Map<String, String>> rows) implements AdminAnswer {
    public Rows {
      rows = List.copyOf(rows);
    }
  }

  /** It was not done. {@code text} is for the operator, on one line. */
  record Refused(Reason reason, String text) implements AdminAnswer {}

  /** Why, as far as an exit status tells. */
  enum Reason {
    /** No such account or queue entry. */
    NOT_FOUND,
    /** There is one already. */
    EXISTS,
    /** What was given breaks a rule. */
    INVALID,
    /** The disk is full, or the server is stopping. */
    TEMPORARY,
    /** The store failed. */
    FAILED
  }
}
