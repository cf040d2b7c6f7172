package dev.postrider.integration.proof;

import dev.postrider.integration.server.RunningServer;
import java.io.IOException;

/** A server, its domain, and the other server's domain. */
record Place(RunningServer server, String domain, String other) {

  static final String PASSWORD = "correct horse";

  ImapPeer login(String address) throws IOException {
    return ImapPeer.login(server.port("imaps"), address, PASSWORD);
  }

  String address(String localPart) {
    return localPart + "@" + domain;
  }
}
