package dev.postrider.server.auth;

import java.util.Map;

/** What is known of a token. */
sealed interface TokenVerdict {

  /** Whoever has it may come in; {@code claims}: what it says, by name. */
  record Good(Map<String, Object> claims) implements TokenVerdict {}

  /** {@code why}: for the log. */
  record Bad(String why) implements TokenVerdict {}

  /** Nobody could be asked. {@code why}: for the log. */
  record Unknown(String why) implements TokenVerdict {}
}
