package dev.postrider.server.main;

import dev.postrider.server.admin.Credentials;

/** How passwords become credentials. */
final class Passwords {

  private Passwords() {}

  static Credentials credentials() {
    return password -> {
      throw new Refusal(ExitCode.UNAVAILABLE, "passwords cannot be hashed yet");
    };
  }
}
