package dev.postrider.client.session;

import dev.postrider.client.MailFailure;
import dev.postrider.client.accounts.Endpoint;
import dev.postrider.client.accounts.Trust;

/** Looks at a server from outside. */
public final class Probe {
  private Probe() {}

  static boolean answers(Endpoint endpoint, Trust trust, Timeouts timeouts) {
    try (ImapConnection connection =
        ImapConnection.connect(endpoint, trust, timeouts, Trace.NONE)) {
      return !connection.capabilities().isEmpty();
    } catch (MailFailure e) {
      return false;
    }
  }
}
