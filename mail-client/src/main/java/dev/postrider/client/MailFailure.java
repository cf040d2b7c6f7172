package dev.postrider.client;

import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Something the user asked for did not work. The message says what happened, the hint what to do
 * about it; both are single lines meant for people. An SMTP failure also has the stage of the
 * dialogue it happened at and, when the server said one, its reply code.
 */
public final class MailFailure extends Exception {
  private static final long serialVersionUID = 1;

  private final ExitCode exitCode;
  private final @Nullable String hint;
  private final @Nullable String stage;
  private final int replyCode;

  public MailFailure(ExitCode exitCode, String message) {
    this(exitCode, message, null);
  }

  public MailFailure(ExitCode exitCode, String message, @Nullable String hint) {
    this(exitCode, message, hint, null, null, -1);
  }

  private MailFailure(
      ExitCode exitCode,
      String message,
      @Nullable String hint,
      @Nullable Throwable cause,
      @Nullable String stage,
      int replyCode) {
    super(message, cause);
    this.exitCode = exitCode;
    this.hint = hint;
    this.stage = stage;
    this.replyCode = replyCode;
  }

  /** The same failure with the exception that led to it; it is shown with {@code -v} only. */
  public MailFailure causedBy(Throwable cause) {
    return new MailFailure(exitCode, text(), hint, cause, stage, replyCode);
  }

  /**
   * The same failure, placed in the SMTP dialogue.
   *
   * @param stage where: {@code connect}, {@code ehlo}, {@code starttls}, {@code auth}, {@code
   *     mail}, {@code rcpt}, {@code data}, {@code end-of-data}
   * @param replyCode the three-digit code, or -1 when the server said none
   */
  public MailFailure atStage(String stage, int replyCode) {
    return new MailFailure(exitCode, text(), hint, getCause(), stage, replyCode);
  }

  public ExitCode exitCode() {
    return exitCode;
  }

  /** The message; unlike {@link #getMessage()} never null. */
  public String text() {
    return String.valueOf(getMessage());
  }

  public Optional<String> hint() {
    return Optional.ofNullable(hint);
  }

  public Optional<String> stage() {
    return Optional.ofNullable(stage);
  }

  public OptionalInt replyCode() {
    return replyCode < 0 ? OptionalInt.empty() : OptionalInt.of(replyCode);
  }
}
