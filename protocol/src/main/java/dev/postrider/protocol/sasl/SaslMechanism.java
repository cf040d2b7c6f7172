package dev.postrider.protocol.sasl;

import java.util.Arrays;
import java.util.Optional;

/** Ways to log in, best first. */
public enum SaslMechanism {
  /** Who it is has been shown already, by a certificate. RFC 4422 appendix A. */
  EXTERNAL("EXTERNAL"),
  /** RFC 7677. */
  SCRAM_SHA_256_PLUS("SCRAM-SHA-256-PLUS"),
  /** RFC 7677. */
  SCRAM_SHA_256("SCRAM-SHA-256"),
  /** RFC 5802. */
  SCRAM_SHA_1_PLUS("SCRAM-SHA-1-PLUS"),
  /** RFC 5802. */
  SCRAM_SHA_1("SCRAM-SHA-1"),
  /** RFC 4616. */
  PLAIN("PLAIN"),
  /** Two prompts, without a standard. */
  LOGIN("LOGIN"),
  /** A token. RFC 7628. Last, as whoever has a token knows that it has one. */
  OAUTHBEARER("OAUTHBEARER"),
  /** The same as Google has it, without a standard. */
  XOAUTH2("XOAUTH2");

  private final String word;

  SaslMechanism(String word) {
    this.word = word;
  }

  /** As it is offered. */
  public String word() {
    return word;
  }

  /** The one that is called so, whatever the case of its letters. */
  public static Optional<SaslMechanism> called(String word) {
    return Arrays.stream(values()).filter(one -> one.word.equalsIgnoreCase(word)).findFirst();
  }

  /** Whether it works only on a connection that both ends can name. */
  public boolean isBound() {
    return this == SCRAM_SHA_256_PLUS || this == SCRAM_SHA_1_PLUS;
  }

  /** Whose keys it needs; empty for one that needs none. */
  public Optional<ScramHash> scram() {
    return switch (this) {
      case SCRAM_SHA_256_PLUS, SCRAM_SHA_256 -> Optional.of(ScramHash.SHA_256);
      case SCRAM_SHA_1_PLUS, SCRAM_SHA_1 -> Optional.of(ScramHash.SHA_1);
      case EXTERNAL, PLAIN, LOGIN, OAUTHBEARER, XOAUTH2 -> Optional.empty();
    };
  }

  /** Whether a token is shown. */
  public boolean isOfTokens() {
    return this == OAUTHBEARER || this == XOAUTH2;
  }

  /** Whether the server gets to know the password. */
  public boolean tellsPassword() {
    return this == PLAIN || this == LOGIN;
  }
}
