package dev.postrider.server.policy;

import dev.postrider.protocol.message.HeaderField;
import dev.postrider.protocol.smtp.SmtpReply;
import java.util.List;

/** What is to become of a message. */
public sealed interface Verdict {

  /** Take it, with {@code fields} on top of its header. */
  record Accept(List<HeaderField> fields) implements Verdict {
    public Accept {
      fields = List.copyOf(fields);
    }
  }

  /** Not now: a 4yz reply. {@code reason} is for the operator. */
  record Defer(SmtpReply reply, String reason) implements Verdict {}

  /** Never: a 5yz reply. {@code reason} is for the operator. */
  record Reject(SmtpReply reply, String reason) implements Verdict {}
}
