package dev.postrider.server.transfer;

import org.jspecify.annotations.Nullable;

/** A transfer cannot begin or go on. The text is for the operator: what, and what to do. */
public final class TransferException extends Exception {

  private static final long serialVersionUID = 1L;

  /** Why, as far as an exit status tells. */
  public enum Kind {
    /** What is to be imported is not there, or cannot be read. */
    NO_INPUT,
    /** What is there is no Maildir and no mbox. */
    NOT_MAIL,
    /** A file or directory of the export cannot be made, or is somebody else's. */
    CANNOT_CREATE,
    /** Reading or writing failed in the middle. */
    IO,
    /** Another transfer is under way. */
    BUSY
  }

  private final Kind kind;

  TransferException(Kind kind, String what, @Nullable Throwable cause) {
    super(what, cause);
    this.kind = kind;
  }

  TransferException(Kind kind, String what) {
    this(kind, what, null);
  }

  public Kind kind() {
    return kind;
  }
}
