package dev.postrider.integration.proof;

import java.util.List;

/**
 * A message that a client sent.
 *
 * @param number of its {@link Text}
 * @param domain of the server that it was given to
 */
record Mailing(long number, String domain, List<String> recipients) {

  boolean isLocal(String recipient) {
    return recipient.endsWith("@" + domain);
  }
}
