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
   * @param denial what it is told when nobody is let in
   */
  record Checked(String name, Outcome outcome, String denial) implements LoginTurn {}

  /** Of whoever has to know a password. It does not say which of them was wrong. */
  String WRONG_PASSWORD = "Wrong user name or password";

  /** Of whoever shows a token. */
  String WRONG_TOKEN = "Your token is not good for this account, or not any more";

  /** Of whoever has a certificate. */
  String WRONG_CERTIFICATE = "Your certificate names no account here, or another one";
}
