package dev.postrider.storage.objects;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The service that keeps the bodies did not do what it was asked. */
public final class ObjectStoreException extends IOException {

  private static final long serialVersionUID = 1L;

  /** Why, as far as a caller can act on it. */
  public enum Kind {
    /** There is no object with this key. */
    MISSING,
    /** The service has no room for it, or a quota is reached. */
    NO_SPACE,
    /** The operator has to mend something: bucket, keys, rights, region, clock. */
    REFUSED,
    /** The service cannot be reached or does not work now. Later it may. */
    UNREACHABLE
  }

  private final Kind kind;

  /** {@code message} is for the operator: one line that names service and bucket, and the cause. */
  ObjectStoreException(Kind kind, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }
}
