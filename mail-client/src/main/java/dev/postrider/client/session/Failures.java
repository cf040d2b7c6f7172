package dev.postrider.client.session;

import dev.postrider.client.ExitCode;
import dev.postrider.client.MailFailure;
import dev.postrider.client.accounts.Endpoint;
import java.io.EOFException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.util.Optional;
import javax.net.ssl.SSLException;
import org.eclipse.angus.mail.util.MailConnectException;
import org.eclipse.angus.mail.util.SocketConnectException;
import org.jspecify.annotations.Nullable;

/** What an exception from the network means to the user. */
final class Failures {
  private Failures() {}

  /** A failure to reach {@code endpoint}, or of a connection to it. */
  static MailFailure connection(Endpoint endpoint, Throwable thrown) {
    for (Throwable t = thrown; t != null; t = next(t)) {
      Optional<MailFailure> failure = one(endpoint, t);
      if (failure.isPresent()) {
        return failure.get().causedBy(thrown);
      }
    }
    return new MailFailure(
            ExitCode.UNAVAILABLE, "no connection to " + endpoint + ": " + thrown.getMessage())
        .causedBy(thrown);
  }

  private static Optional<MailFailure> one(Endpoint endpoint, Throwable t) {
    if (t instanceof UnknownHostException) {
      return Optional.of(
          new MailFailure(
              ExitCode.NO_HOST,
              "the host " + endpoint.host() + " is not known",
              "check its spelling and your network"));
    }
    if (t instanceof CertificateException || t instanceof SSLException) {
      return Optional.of(tls(endpoint, t));
    }
    if (t instanceof SocketTimeoutException || t instanceof InterruptedIOException) {
      return Optional.of(
          new MailFailure(
              ExitCode.TEMPORARY,
              endpoint + " did not answer in time",
              "try again, or give it longer with --timeout"));
    }
    if (t instanceof ConnectException || t instanceof NoRouteToHostException) {
      return Optional.of(
          new MailFailure(
              ExitCode.UNAVAILABLE,
              "cannot connect to " + endpoint + ": " + t.getMessage(),
              "is the server running, and the port right?"));
    }
    // Angus has no type of its own for the end of a stream.
    boolean dropped = String.valueOf(t.getMessage()).startsWith("Connection dropped by server");
    if (dropped || t instanceof EOFException || t instanceof SocketException) {
      return Optional.of(closed(endpoint));
    }
    return Optional.empty();
  }

  static MailFailure closed(Endpoint endpoint) {
    return new MailFailure(
        ExitCode.TEMPORARY,
        endpoint + " closed the connection",
        "try again; --trace FILE shows more");
  }

  private static MailFailure tls(Endpoint endpoint, Throwable t) {
    String text = String.valueOf(t.getMessage());
    if (text.contains("Unsupported or unrecognized SSL message")
        || text.contains("plaintext connection")) {
      return new MailFailure(
          ExitCode.PROTOCOL,
          endpoint + " does not speak TLS from the start",
          "use starttls for this port, or another port");
    }
    if (text.contains("handshake_failure") || text.contains("protocol_version")) {
      return new MailFailure(
          ExitCode.PROTOCOL,
          endpoint + " and this client have no TLS version or cipher in common: " + text);
    }
    return new MailFailure(
        ExitCode.NO_PERMISSION,
        "the certificate of " + endpoint + " is not trusted: " + certificateProblem(text),
        "postrider probe "
            + endpoint.host()
            + " shows it; trust it with --ca FILE or --trust-fingerprint SHA256");
  }

  /** The reason in a certificate exception, without Java's words around it. */
  static String certificateProblem(String text) {
    String plain =
        text.replaceFirst("^.*ValidatorException: ", "").replaceFirst("^\\([a-z_]+\\) ", "");
    return plain.replaceFirst("^PKIX path building failed.*", "no known authority signed it");
  }

  private static @Nullable Throwable next(Throwable t) {
    return switch (t) {
      case SocketConnectException e -> e.getException();
      case MailConnectException e -> e.getNextException();
      case jakarta.mail.MessagingException e -> e.getNextException();
      default -> t.getCause();
    };
  }

  /** Refuses to send a password where others can read it. */
  static void requireProtection(Endpoint endpoint, boolean allowPlaintext) throws MailFailure {
    boolean open = endpoint.tls() == dev.postrider.client.accounts.TlsMode.NONE;
    if (open && !endpoint.isLoopback() && !allowPlaintext) {
      throw new MailFailure(
          ExitCode.CONFIG,
          "the connection to " + endpoint + " would carry the password in plain text",
          "use tls or starttls; --allow-plaintext at setup allows it all the same");
    }
  }
}
