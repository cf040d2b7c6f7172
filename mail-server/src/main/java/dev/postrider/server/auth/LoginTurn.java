package dev.postrider.server.auth;

import dev.postrider.protocol.sasl.SaslStep;
import dev.postrider.server.auth.Authenticator.Outcome;

/** What a session does next in a {@link LoginExchange}. */
public sealed interface LoginTurn {

  /** Send this, in base64, and read a line. */
  record Ask(String base64) implements LoginTurn {}

  /** The exchange is over, and nothing was checked. */
  record Rejected(SaslStep.Reason reason) implements LoginTurn {}

  /** The exchange is over: somebody wants to act for somebody else, which nobody may. */
  record Impersonates(String name) implements LoginTurn {}

  /**
   * The exchange is over.
   *
   * @param name that the client gave itself
   */
  record Checked(String name, Outcome outcome) implements LoginTurn {}
}
