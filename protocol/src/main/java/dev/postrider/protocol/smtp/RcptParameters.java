package dev.postrider.protocol.smtp;

import java.util.Optional;
import java.util.Set;

/**
 * What stands behind the path of RCPT.
 *
 * @param notifyOn when to send a DSN (RFC 3461 section 4.1); empty when not said, NEVER stands
 *     alone
 * @param originalRecipient ORCPT= as written, {@code type;xtext} (RFC 3461 section 4.2)
 */
public record RcptParameters(Set<Notify> notifyOn, Optional<String> originalRecipient) {

  public static final RcptParameters NONE = new RcptParameters(Set.of(), Optional.empty());

  public RcptParameters {
    notifyOn = Set.copyOf(notifyOn);
    originalRecipient.ifPresent(Xtext::require);
  }

  /** Values of NOTIFY=. */
  public enum Notify {
    NEVER,
    SUCCESS,
    FAILURE,
    DELAY
  }

  /** As on the wire, each with a space before it. */
  String encode() {
    StringBuilder out = new StringBuilder();
    if (!notifyOn.isEmpty()) {
      out.append(" NOTIFY=")
          .append(String.join(",", notifyOn.stream().sorted().map(Notify::name).toList()));
    }
    originalRecipient.ifPresent(written -> out.append(" ORCPT=").append(written));
    return out.toString();
  }
}
