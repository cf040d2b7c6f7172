package dev.postrider.client.session;

import dev.postrider.client.MailFailure;
import dev.postrider.client.accounts.Endpoint;
import dev.postrider.client.accounts.TlsMode;
import dev.postrider.client.accounts.Trust;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * Looks at a server's port from outside, without logging in: what it greets with, what it can do,
 * its certificate and whether that is believed, and how long each step takes. Certificates that are
 * not believed are shown, not refused; no password ever goes over such a connection.
 */
public final class Probe {
  /** What a capability list or an EHLO reply may have. Lines. */
  private static final int LINES_MAX = 200;

  private final Trust trust;
  private final Timeouts timeouts;
  private final InstantSource clock;

  public Probe(Trust trust, Timeouts timeouts, InstantSource clock) {
    this.trust = trust;
    this.timeouts = timeouts;
    this.clock = clock;
  }

  public PortReport imap(Endpoint endpoint) throws MailFailure {
    return new Look("imap", endpoint).run();
  }

  public PortReport smtp(Endpoint endpoint) throws MailFailure {
    return new Look("smtp", endpoint).run();
  }

  /** One look at one port. */
  private final class Look {
    private final String service;
    private final Endpoint endpoint;
    private String greeting = "";
    private String tlsVersion = "";
    private String cipher = "";
    private @Nullable Certificate certificate;
    private @Nullable String untrusted;
    private List<String> capabilities = List.of();
    private List<String> plainMechanisms = List.of();
    private long connectMillis;
    private long greetingMillis;
    private long tlsMillis;

    Look(String service, Endpoint endpoint) {
      this.service = service;
      this.endpoint = endpoint;
    }

    PortReport run() throws MailFailure {
      Instant start = clock.instant();
      try (Socket socket = new Socket()) {
        socket.connect(
            new InetSocketAddress(endpoint.host(), endpoint.port()),
            Math.toIntExact(timeouts.connect().toMillis()));
        socket.setSoTimeout(Math.toIntExact(timeouts.read().toMillis()));
        connectMillis = since(start);
        talk(socket);
        return report(Optional.empty());
      } catch (IOException | CertificateException e) {
        return report(Optional.of(Failures.connection(endpoint, e).text()));
      }
    }

    private void talk(Socket socket) throws IOException, MailFailure, CertificateException {
      Lines lines;
      if (endpoint.tls() == TlsMode.TLS) {
        lines = greeted(startTls(socket));
        capabilities = ask(lines);
      } else {
        lines = greeted(socket);
        capabilities = ask(lines);
        if (capabilities.contains("STARTTLS")) {
          plainMechanisms = mechanisms(capabilities);
          lines.send(service.equals("imap") ? "s1 STARTTLS" : "STARTTLS");
          String answer = lines.read();
          if (answer.startsWith("s1 OK") || answer.startsWith("220")) {
            lines = new Lines(startTls(socket));
            capabilities = ask(lines);
          }
        }
      }
      lines.send(service.equals("imap") ? "q1 LOGOUT" : "QUIT");
    }

    private Lines greeted(Socket socket) throws IOException {
      Instant start = clock.instant();
      Lines lines = new Lines(socket);
      greeting = service.equals("imap") ? lines.read() : String.join(" ", lines.reply(LINES_MAX));
      greetingMillis = since(start);
      boolean expected =
          service.equals("imap") ? greeting.startsWith("* ") : greeting.startsWith("220");
      if (!expected) {
        throw new IOException("it does not speak " + service + ": " + greeting);
      }
      return lines;
    }

    private List<String> ask(Lines lines) throws IOException {
      List<String> found = new ArrayList<>();
      if (service.equals("imap")) {
        lines.send("c1 CAPABILITY");
        for (int i = 0; i < LINES_MAX; i++) {
          String line = lines.read();
          if (line.startsWith("c1 ")) {
            break;
          }
          if (line.toUpperCase(Locale.ROOT).startsWith("* CAPABILITY ")) {
            found.addAll(List.of(line.substring(13).strip().split("\\s+")));
          }
        }
        return found;
      }
      lines.send("EHLO [127.0.0.1]");
      List<String> reply = lines.reply(LINES_MAX);
      for (String line : reply.subList(Math.min(1, reply.size()), reply.size())) {
        found.add(line.substring(Math.min(4, line.length())).strip());
      }
      return found;
    }

    private Socket startTls(Socket plain) throws IOException, MailFailure, CertificateException {
      Instant start = clock.instant();
      RecordingTrust recording = new RecordingTrust(TlsSockets.trustManager(trust));
      SSLSocket tls =
          (SSLSocket)
              context(recording)
                  .getSocketFactory()
                  .createSocket(plain, endpoint.host(), endpoint.port(), true);
      if (!(trust instanceof Trust.Fingerprint)) {
        SSLParameters parameters = tls.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        tls.setSSLParameters(parameters);
      }
      tls.startHandshake();
      tlsMillis = since(start);
      tlsVersion = tls.getSession().getProtocol();
      cipher = tls.getSession().getCipherSuite();
      untrusted = recording.problem();
      X509Certificate leaf = recording.leaf();
      certificate = leaf == null ? null : Certificate.of(leaf);
      return tls;
    }

    private static SSLContext context(RecordingTrust recording) throws IOException {
      try {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new RecordingTrust[] {recording}, null);
        return context;
      } catch (GeneralSecurityException e) {
        throw new IOException(e);
      }
    }

    private long since(Instant start) {
      return Duration.between(start, clock.instant()).toMillis();
    }

    private PortReport report(Optional<String> problem) {
      return new PortReport(
          service,
          endpoint,
          problem,
          greeting,
          tlsVersion,
          cipher,
          Optional.ofNullable(certificate),
          Optional.ofNullable(untrusted),
          capabilities,
          mechanisms(capabilities),
          plainMechanisms,
          connectMillis,
          greetingMillis,
          tlsMillis);
    }
  }

  /** {@code AUTH=PLAIN} of IMAP and {@code AUTH PLAIN LOGIN} of SMTP, as names. */
  private static List<String> mechanisms(List<String> capabilities) {
    List<String> names = new ArrayList<>();
    for (String capability : capabilities) {
      String upper = capability.toUpperCase(Locale.ROOT);
      if (upper.startsWith("AUTH=")) {
        names.add(upper.substring(5));
      } else if (upper.startsWith("AUTH ")) {
        names.addAll(List.of(upper.substring(5).strip().split("\\s+")));
      }
    }
    return names.stream().distinct().toList();
  }
}
