package dev.postrider.testkit.dialog;

import org.jspecify.annotations.Nullable;

/** A dialog did not go as written. The message says where, what was expected and what came. */
public final class DialogFailure extends AssertionError {

  private static final long serialVersionUID = 1;

  DialogFailure(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
