package dev.postrider.server.config;

import dev.postrider.protocol.sasl.SaslMechanism;
import dev.postrider.server.config.Format.Unfit;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** The keys of {@code [auth]}, as a part of {@link ConfigKeys}. */
final class AuthKeys {

  private static final String AUTH = "auth";

  private AuthKeys() {}

  static final ConfigKey<List<SaslMechanism>> MECHANISMS =
      ConfigKey.unset(
          AUTH,
          "mechanisms",
          Formats.listOf(Format.quoted("SASL mechanism", AuthKeys::mechanism)),
          "all but those on -PLUS; SCRAM only while every account has keys for it",
          "[\"SCRAM-SHA-256-PLUS\", \"SCRAM-SHA-256\", \"PLAIN\", \"LOGIN\"]",
          "Ways to log in that are offered to clients, over TLS alone. There are: "
              + words()
              + ". EXTERNAL is for whoever shows a certificate of [tls] client_ca, and offered to"
              + " nobody else; OAUTHBEARER and XOAUTH2 are for tokens, with [auth.oauth]. Those on"
              + " -PLUS are tied to the TLS connection; mutt in Debian 12"
              + " takes one for sending without being able to, and fails. An account gets keys for"
              + " SCRAM when its password is set, or is used by PLAIN or LOGIN, and only for those"
              + " that are offered here: without SCRAM nobody who steals the store can try"
              + " passwords against its keys, which cost less for each than the hash beside them."
              + " Without PLAIN and LOGIN, IMAP's command LOGIN is refused too.");

  static final ConfigKey<Path> SECRET_FILE =
      ConfigKey.unset(
          AUTH,
          "secret_file",
          Formats.PATH,
          "login.secret in the data directory, which is made",
          "\"/etc/postrider/login.secret\"",
          "File with at least 16 octets that nobody can guess. Of them comes what SCRAM tells of"
              + " names without an account, so that nobody sees that there is none. Servers that"
              + " share a database need the same one.");

  static final List<ConfigKey<?>> ALL = List.of(MECHANISMS, SECRET_FILE);

  private static SaslMechanism mechanism(String text) throws Unfit {
    return SaslMechanism.called(text)
        .orElseThrow(() -> new Unfit("'" + text + "' is not known; write one of " + words()));
  }

  private static String words() {
    return Arrays.stream(SaslMechanism.values())
        .map(SaslMechanism::word)
        .collect(Collectors.joining(", "));
  }
}
