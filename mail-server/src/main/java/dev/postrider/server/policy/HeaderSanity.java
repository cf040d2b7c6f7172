package dev.postrider.server.policy;

import dev.postrider.protocol.message.Headers;
import dev.postrider.protocol.smtp.SmtpReply;
import java.util.List;

/** What the header alone tells: messages that go round in circles, or have two authors' fields. */
public final class HeaderSanity implements Policy {

  /** RFC 5321 section 6.3 asks for at least 100. */
  public static final int HOPS_MAX = 100;

  @Override
  public Verdict judge(Candidate message) {
    Headers headers = message.headers();
    int hops = headers.count("Received");
    if (hops > HOPS_MAX) {
      return new Verdict.Reject(
          SmtpReply.of(
              554, "5.4.6", "Message has passed " + hops + " servers, it goes round in circles"),
          "mail loop, " + hops + " Received fields");
    }
    // RFC 5322 section 3.6 allows one. With two, what is checked and what is shown can differ.
    int authors = headers.count("From");
    if (authors > 1) {
      return new Verdict.Reject(
          SmtpReply.of(554, "5.6.0", "Message has " + authors + " From fields, one is allowed"),
          authors + " From fields");
    }
    return new Verdict.Accept(List.of());
  }
}
