package dev.postrider.server.net;

/** Certificate or key cannot be used. The message is one line for the operator, with the file. */
public final class TlsConfigException extends Exception {

  private static final long serialVersionUID = 1L;

  TlsConfigException(String message) {
    super(message);
  }

  TlsConfigException(String message, Throwable cause) {
    super(message, cause);
  }
}
