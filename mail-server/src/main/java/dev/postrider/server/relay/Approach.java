package dev.postrider.server.relay;

import dev.postrider.protocol.smtp.EhloCapabilities;
import dev.postrider.protocol.smtp.SmtpCommand;
import dev.postrider.protocol.smtp.SmtpReply;
import dev.postrider.protocol.smtp.SmtpReplyReader;
import dev.postrider.server.config.RouteConfig.TlsLevel;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.NoRouteToHostException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way to a peer that is ready for MAIL: hosts of a route in turn, greeting, EHLO, TLS.
 *
 * <p>What one host does, another of the same destination may not: only when none is ready do all
 * messages of the route get an outcome, a permanent one only when every host's was.
 */
final class Approach {

  private static final Logger log = LoggerFactory.getLogger(Approach.class);

  /** RFC 7504 section 3: the host takes no mail, ever. */
  private static final int NO_MAIL_HERE = 521;

  private static final int READY = 220;

  private final NextHops nextHops;
  private final Dialer dialer;
  private final PeerTls tls;
  private final HostIdentity self;
  private final String hostname;
  private final PeerTimeouts timeouts;

  Approach(
      NextHops nextHops,
      Dialer dialer,
      PeerTls tls,
      HostIdentity self,
      String hostname,
      PeerTimeouts timeouts) {
    this.nextHops = nextHops;
    this.dialer = dialer;
    this.tls = tls;
    this.self = self;
    this.hostname = hostname;
    this.timeouts = timeouts;
  }

  /** What came of it. */
  sealed interface Result {
    record Ready(PeerSession session) implements Result {}

    /** {@code outcome} is that of every message on the route. */
    record Nobody(Outcome outcome) implements Result {}
  }

  Result open(Route route) {
    return switch (nextHops.resolve(route)) {
      case NextHops.Answer.None(Outcome outcome) -> new Result.Nobody(outcome);
      case NextHops.Answer.Hosts(List<NextHop> hosts) -> inTurn(hosts);
    };
  }

  private Result inTurn(List<NextHop> hosts) {
    Optional<Outcome> deferred = Optional.empty();
    Optional<Outcome> failed = Optional.empty();
    for (NextHop hop : hosts) {
      try {
        return new Result.Ready(ready(hop));
      } catch (HostRefusedException refused) {
        log.info("relay.host-refused host={} reply=\"{}\"", hop.host(), refused.getMessage());
        switch (refused.outcome()) {
          case Outcome.Failed permanent -> failed = Optional.of(permanent);
          case Outcome.Deferred temporary -> deferred = Optional.of(temporary);
          case Outcome.Delivered impossible ->
              throw new IllegalStateException("delivered before MAIL");
        }
      }
    }
    return new Result.Nobody((deferred.isPresent() ? deferred : failed).orElseThrow());
  }

  private PeerSession ready(NextHop hop) throws HostRefusedException {
    PeerConnection connection = connect(hop, hop.addresses());
    InetAddress address = connection.remoteAddress();
    try {
      return greeted(connection, hop, hop.tls());
    } catch (TlsFailedException failure) {
      log.warn(
          "relay.tls-failed host={} address={} level={} cause=\"{}\"",
          hop.host(),
          address.getHostAddress(),
          hop.tls(),
          failure.getMessage());
      if (hop.tls() == TlsLevel.REQUIRED) {
        throw refused(
            "4.7.5",
            "The server "
                + hop.host()
                + " could not prove who it is, or failed to encrypt, and mail for it must be"
                + " encrypted.");
      }
    }
    // RFC 7435: without encryption that works, plain text is what was always done.
    PeerConnection again = connect(hop, List.of(address));
    try {
      return greeted(again, hop, TlsLevel.NONE);
    } catch (TlsFailedException impossible) {
      throw new IllegalStateException("TLS that nobody asked for", impossible);
    }
  }

  private PeerConnection connect(NextHop hop, List<InetAddress> addresses)
      throws HostRefusedException {
    try {
      return dialer.connect(addresses, hop.port());
    } catch (IOException failure) {
      log.info(
          "relay.connect-failed host={} addresses={} port={} cause=\"{}\"",
          hop.host(),
          addresses,
          hop.port(),
          failure.toString());
      throw refused("4.4.1", "The server " + hop.host() + " " + why(failure) + ".");
    }
  }

  private static String why(IOException failure) {
    return switch (failure) {
      case ConnectException refused -> "refuses connections";
      case NoRouteToHostException unreachable -> "cannot be reached over the network";
      case ClosedChannelException late -> "does not answer";
      default -> "cannot be connected to";
    };
  }

  /**
   * @throws TlsFailedException the peer offered TLS and then failed at it
   */
  private PeerSession greeted(PeerConnection connection, NextHop hop, TlsLevel level)
      throws HostRefusedException, TlsFailedException {
    boolean kept = false;
    try {
      PeerSession session = session(connection, hop, level);
      kept = true;
      return session;
    } catch (TlsFailedException failure) {
      throw failure;
    } catch (IOException lost) {
      throw new HostRefusedException(
          new Outcome.Deferred(PeerSession.lost(connection, hop.host(), lost)));
    } finally {
      if (!kept) {
        connection.close();
      }
    }
  }

  private PeerSession session(PeerConnection connection, NextHop hop, TlsLevel level)
      throws HostRefusedException, IOException {
    connection.stage("waiting for its greeting", timeouts.greeting());
    SmtpReply greeting = SmtpReplyReader.read(connection.in());
    if (!greeting.isPositive()) {
      Diagnosis diagnosis = PeerSession.diagnosis(hop.host(), greeting);
      // Any other 5yz is about this host or about us, not about the message: later, or another
      // host, may do better.
      throw new HostRefusedException(
          greeting.code() == NO_MAIL_HERE
              ? new Outcome.Failed(diagnosis)
              : new Outcome.Deferred(diagnosis));
    }
    EhloCapabilities offered = hello(connection, hop);
    if (level != TlsLevel.NONE && offered.startTls()) {
      SmtpReply reply =
          ask(connection, "asking for TLS", new SmtpCommand.StartTls(), timeouts.hello());
      if (reply.code() == READY) {
        encrypt(connection, hop, level);
        // RFC 3207 section 4.2: what was offered before counts for nothing.
        offered = hello(connection, hop);
      }
    }
    if (level == TlsLevel.REQUIRED && connection.tls().isEmpty()) {
      throw refused(
          "4.7.4", "The server " + hop.host() + " offers no encryption, which mail for it needs.");
    }
    return new PeerSession(connection, hop.host(), offered, timeouts);
  }

  private void encrypt(PeerConnection connection, NextHop hop, TlsLevel level)
      throws TlsFailedException {
    boolean verify = level == TlsLevel.REQUIRED;
    SSLContext context = verify ? tls.verified() : tls.any();
    connection.stage("negotiating TLS", timeouts.tls());
    try {
      connection.startTls(context, hop.host(), verify ? Optional.of(hop.host()) : Optional.empty());
    } catch (IOException failure) {
      throw new TlsFailedException(failure);
    }
  }

  /** EHLO, or HELO where that is not understood. RFC 5321 section 3.2. */
  private EhloCapabilities hello(PeerConnection connection, NextHop hop)
      throws HostRefusedException, IOException {
    SmtpReply reply =
        ask(connection, "saying EHLO", new SmtpCommand.Ehlo(hostname), timeouts.hello());
    boolean extended = reply.isPositive();
    if (reply.isPermanent()) {
      reply = ask(connection, "saying HELO", new SmtpCommand.Helo(hostname), timeouts.hello());
    }
    if (!reply.isPositive()) {
      throw new HostRefusedException(
          new Outcome.Deferred(PeerSession.diagnosis(hop.host(), reply)));
    }
    if (self.isOurName(reply.lines().getFirst().strip().split("[ \t]", 2)[0])) {
      throw new HostRefusedException(
          new Outcome.Failed(
              Diagnosis.ours(
                  "5.4.6",
                  "The server "
                      + hop.host()
                      + " calls itself "
                      + hostname
                      + ", as this server does: mail would go round in a loop.")));
    }
    return extended ? EhloCapabilities.parse(reply) : EhloCapabilities.NONE;
  }

  private static SmtpReply ask(
      PeerConnection connection, String doing, SmtpCommand command, Duration atMost)
      throws IOException {
    connection.stage(doing, atMost);
    connection.out().write(command.encode());
    connection.out().flush();
    return SmtpReplyReader.read(connection.in());
  }

  private static HostRefusedException refused(String status, String text) {
    return new HostRefusedException(new Outcome.Deferred(Diagnosis.ours(status, text)));
  }
}
