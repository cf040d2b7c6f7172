package dev.postrider.storage.objects;

import dev.postrider.storage.objects.ObjectStoreException.Kind;
import software.amazon.awssdk.awscore.exception.AwsServiceException;

/**
 * Makes one line for an operator of what the library throws. Codes are those of Amazon's "Error
 * responses"; other services use the same.
 */
final class S3Failures {

  private static final int INSUFFICIENT_STORAGE = 507;
  private static final int SERVER_ERROR_MIN = 500;
  private static final int NOT_FOUND = 404;
  private static final int FORBIDDEN = 403;
  private static final int MOVED_PERMANENTLY = 301;
  private static final int TEXT_CHARS_MAX = 300;

  /** What the library says when none of its providers has a key. */
  private static final String NO_CREDENTIALS = "Unable to load credentials";

  private final S3Settings settings;

  S3Failures(S3Settings settings) {
    this.settings = settings;
  }

  /**
   * @param doing what was tried, such as {@code "put body 12"}
   */
  ObjectStoreException of(String doing, RuntimeException failure) {
    if (failure instanceof AwsServiceException answer && answer.statusCode() > 0) {
      return answered(doing, answer);
    }
    String text = String.valueOf(failure.getMessage());
    if (text.contains(NO_CREDENTIALS)) {
      return failure(
          Kind.REFUSED,
          doing,
          "no access key: set [store.s3] access_key and secret_key_file, or give the machine a"
              + " role",
          failure);
    }
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    String cause = root.getClass().getSimpleName() + ": " + root.getMessage();
    return failure(Kind.UNREACHABLE, doing, "cannot be reached: " + cause, failure);
  }

  ObjectStoreException broken(String doing, long octetsMissing, Throwable cause) {
    return failure(
        Kind.UNREACHABLE,
        doing,
        "it broke off " + octetsMissing + " octets before the end: " + cause.getMessage(),
        cause);
  }

  ObjectStoreException wrongAnswer(String doing, String why) {
    return new ObjectStoreException(Kind.REFUSED, line(doing, why), null);
  }

  private ObjectStoreException answered(String doing, AwsServiceException answer) {
    String code = code(answer);
    int status = answer.statusCode();
    return switch (code) {
      case "NoSuchKey" -> failure(Kind.MISSING, doing, "there is no such object", answer);
      case "NoSuchBucket" ->
          failure(
              Kind.REFUSED,
              doing,
              "the bucket does not exist: make it, or mend [store.s3] bucket",
              answer);
      case "AccessDenied", "AllAccessDisabled", "AccountProblem" ->
          failure(
              Kind.REFUSED,
              doing,
              "access denied to "
                  + who()
                  + ": it needs s3:ListBucket, s3:GetObject, s3:PutObject and s3:DeleteObject",
              answer);
      case "InvalidAccessKeyId" ->
          failure(Kind.REFUSED, doing, "the service does not know " + who() + said(answer), answer);
      case "SignatureDoesNotMatch" ->
          failure(Kind.REFUSED, doing, "the secret key is not that of " + who(), answer);
      case "RequestTimeTooSkewed" ->
          failure(
              Kind.REFUSED,
              doing,
              "the clock of this machine is more than 15 minutes off: set it (NTP)",
              answer);
      case "AuthorizationHeaderMalformed", "PermanentRedirect", "IllegalLocationConstraint" ->
          failure(
              Kind.REFUSED,
              doing,
              "the bucket is in another region: mend [store.s3] region" + said(answer),
              answer);
      case "QuotaExceeded", "XMinioStorageFull", "EntityTooLarge" ->
          failure(Kind.NO_SPACE, doing, "no room" + said(answer), answer);
      default -> byStatus(doing, status, answer);
    };
  }

  private ObjectStoreException byStatus(String doing, int status, AwsServiceException answer) {
    Kind kind =
        switch (status) {
          case NOT_FOUND -> Kind.MISSING;
          case FORBIDDEN, MOVED_PERMANENTLY -> Kind.REFUSED;
          case INSUFFICIENT_STORAGE -> Kind.NO_SPACE;
          default -> status >= SERVER_ERROR_MIN ? Kind.UNREACHABLE : Kind.REFUSED;
        };
    return failure(kind, doing, "it answers " + status + said(answer), answer);
  }

  private String who() {
    return settings
        .accessKey()
        .map(key -> "access key " + key)
        .orElse("the access key of the environment");
  }

  static String code(AwsServiceException answer) {
    String code = answer.awsErrorDetails() == null ? null : answer.awsErrorDetails().errorCode();
    return code == null ? "" : code;
  }

  private static String said(AwsServiceException answer) {
    String text = answer.awsErrorDetails() == null ? null : answer.awsErrorDetails().errorMessage();
    return " (" + code(answer) + (text == null || text.isBlank() ? "" : ": " + text) + ")";
  }

  private ObjectStoreException failure(Kind kind, String doing, String why, Throwable cause) {
    return new ObjectStoreException(kind, line(doing, why), cause);
  }

  private String line(String doing, String why) {
    String text = settings.place() + ": " + doing + ": " + why;
    String line = text.replaceAll("[\\p{Cntrl}\\s]+", " ");
    return line.length() <= TEXT_CHARS_MAX ? line : line.substring(0, TEXT_CHARS_MAX) + "…";
  }
}
