package dev.postrider.server.net;

/** Why a connection is not served. */
public enum Refusal {
  /** The server has as many connections as it may. */
  SERVER_FULL("too many connections"),
  /** That address has as many connections as it may. */
  ADDRESS_FULL("too many connections from your address"),
  /** That address connects too often. */
  ADDRESS_TOO_FAST("too many new connections from your address, wait a minute");

  private final String text;

  Refusal(String text) {
    this.text = text;
  }

  /** For the peer. */
  public String text() {
    return text;
  }
}
