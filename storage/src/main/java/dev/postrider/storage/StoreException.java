package dev.postrider.storage;

import org.jspecify.annotations.Nullable;

/** The store did not do what it was asked. {@link #kind} decides what the peer is told. */
public final class StoreException extends Exception {

  private static final long serialVersionUID = 1L;

  /** Why, as far as a caller can act on it. */
  public enum Kind {
    /** The account, mailbox or queue entry does not exist (any more). */
    NOT_FOUND,
    /** An account or mailbox of that name exists already. */
    EXISTS,
    /** The request breaks a rule of the store, such as a name that is too long. */
    REFUSED,
    /** An account would use more than it may. Nothing else is wrong. */
    OVER_QUOTA,
    /** No room on the disk. Later it may work. */
    NO_SPACE,
    /** Bytes on the disk are not those that were written. */
    CORRUPT,
    /** The data directory cannot be opened: in use, not ours, newer, no permission. */
    UNUSABLE,
    /** The database does not answer now, or takes no changes. Later it may work. */
    UNAVAILABLE,
    /** The store is closed or closing. */
    CLOSED,
    /** The disk failed while writing: nobody knows what is on it, the process must stop. */
    FATAL
  }

  private final Kind kind;

  /** {@code message} is for the operator: it names file and cause, and never reaches a peer. */
  public StoreException(Kind kind, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  public StoreException(Kind kind, String message) {
    this(kind, message, null);
  }

  public Kind kind() {
    return kind;
  }
}
