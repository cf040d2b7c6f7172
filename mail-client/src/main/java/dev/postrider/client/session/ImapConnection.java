package dev.postrider.client.session;

import dev.postrider.client.ExitCode;
import dev.postrider.client.MailFailure;
import dev.postrider.client.accounts.Endpoint;
import dev.postrider.client.accounts.TlsMode;
import dev.postrider.client.accounts.Trust;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Level;
import org.eclipse.angus.mail.iap.Argument;
import org.eclipse.angus.mail.iap.BadCommandException;
import org.eclipse.angus.mail.iap.CommandFailedException;
import org.eclipse.angus.mail.iap.ConnectionException;
import org.eclipse.angus.mail.iap.ProtocolException;
import org.eclipse.angus.mail.iap.Response;
import org.eclipse.angus.mail.imap.protocol.BASE64MailboxEncoder;
import org.eclipse.angus.mail.imap.protocol.IMAPProtocol;
import org.eclipse.angus.mail.imap.protocol.IMAPResponse;
import org.eclipse.angus.mail.imap.protocol.MailboxInfo;
import org.eclipse.angus.mail.util.MailLogger;
import org.jspecify.annotations.Nullable;

/**
 * One IMAP connection: connect, protect, log in, then {@link Folders} and {@link SelectedFolder} on
 * top of {@link #command}.
 *
 * <p>Angus's {@code IMAPStore} and {@code IMAPFolder} are left out on purpose. They keep a pool of
 * connections, hold folder-wide locks and address messages by sequence number; a command-line
 * client wants one connection, no surprise commands on it, and UIDs.
 */
public final class ImapConnection implements AutoCloseable {
  private static final String PREFIX = "mail.imap";

  private final Endpoint endpoint;
  private final IMAPProtocol protocol;
  private final Trace trace;

  private ImapConnection(Endpoint endpoint, IMAPProtocol protocol, Trace trace) {
    this.endpoint = endpoint;
    this.protocol = protocol;
    this.trace = trace;
  }

  /** Connects and, with STARTTLS, protects the connection; nobody is logged in yet. */
  static ImapConnection connect(Endpoint endpoint, Trust trust, Timeouts timeouts, Trace trace)
      throws MailFailure {
    Properties properties = new Properties();
    timeouts.into(properties, PREFIX);
    if (endpoint.tls() != TlsMode.NONE) {
      TlsSockets.into(properties, PREFIX, trust);
    }
    MailLogger logger = new MailLogger(ImapConnection.class, "imap", trace.isOn(), trace.stream());
    IMAPProtocol protocol;
    try {
      protocol =
          new IMAPProtocol(
              "imap",
              endpoint.host(),
              endpoint.port(),
              properties,
              endpoint.tls() == TlsMode.TLS,
              logger);
    } catch (IOException | ProtocolException e) {
      throw Failures.connection(endpoint, e);
    }
    ImapConnection connection = new ImapConnection(endpoint, protocol, trace);
    if (endpoint.tls() == TlsMode.STARTTLS) {
      connection.startTls();
    }
    return connection;
  }

  private void startTls() throws MailFailure {
    try {
      if (protocol.isAuthenticated()) {
        throw new MailFailure(
            ExitCode.PROTOCOL,
            endpoint + " logged us in before TLS could start",
            "somebody may be in between; use the tls port");
      }
      if (!protocol.hasCapability("STARTTLS")) {
        throw new MailFailure(
            ExitCode.PROTOCOL,
            endpoint + " does not offer STARTTLS",
            "use the tls port (993); if it used to offer it, somebody may be in between");
      }
      protocol.startTLS();
      protocol.capability();
    } catch (ProtocolException e) {
      protocol.disconnect();
      throw Failures.connection(endpoint, e);
    } catch (MailFailure e) {
      protocol.disconnect();
      throw e;
    }
  }

  /** Logs in with AUTH=PLAIN if offered, else LOGIN. */
  void login(Login login) throws MailFailure {
    trace.hide(login.user(), login.password());
    try {
      if (protocol.isAuthenticated()) {
        return;
      }
      if (protocol.hasCapability("AUTH=PLAIN")) {
        protocol.authplain(null, login.user(), login.password());
      } else if (protocol.hasCapability("LOGINDISABLED")) {
        throw new MailFailure(
            ExitCode.PROTOCOL,
            endpoint + " accepts no password on this connection",
            endpoint.tls() == TlsMode.NONE ? "use tls or starttls" : null);
      } else {
        protocol.login(login.user(), login.password());
      }
    } catch (CommandFailedException e) {
      throw refusedLogin(login, e);
    } catch (ProtocolException e) {
      throw failure("log in", e);
    }
  }

  private MailFailure refusedLogin(Login login, CommandFailedException e) {
    String answer = serverText(e);
    boolean later = answer.contains("[UNAVAILABLE]") || answer.contains("[INUSE]");
    return new MailFailure(
            later ? ExitCode.TEMPORARY : ExitCode.NO_PERMISSION,
            endpoint + " refused the login of " + login.user() + ": " + answer,
            later
                ? "try again later"
                : "check user and password; some servers want an app password")
        .causedBy(e);
  }

  public Endpoint endpoint() {
    return endpoint;
  }

  public boolean has(String capability) {
    return protocol.hasCapability(capability);
  }

  /** What the server says it can do, in upper case, sorted. */
  public Set<String> capabilities() {
    Set<String> names = new TreeSet<>();
    protocol.getCapabilities().keySet().forEach(n -> names.add(n.toUpperCase(Locale.ROOT)));
    return names;
  }

  public Folders folders() {
    return new Folders(this);
  }

  /** Selects a folder; with {@code readOnly} by EXAMINE, which changes nothing on the server. */
  public SelectedFolder select(String folder, boolean readOnly) throws MailFailure {
    try {
      MailboxInfo info = readOnly ? protocol.examine(folder) : protocol.select(folder);
      return new SelectedFolder(this, folder, info);
    } catch (CommandFailedException e) {
      throw new MailFailure(
              ExitCode.NO_USER,
              "cannot open the folder " + folder + ": " + serverText(e),
              "postrider folder list shows the folders")
          .causedBy(e);
    } catch (ProtocolException e) {
      throw failure("open " + folder, e);
    }
  }

  /**
   * Runs one command and gives its untagged responses that could be read; those that break the
   * grammar are left out, as Angus drops them.
   *
   * @param what the work in the user's words, for the failure text: "list folders"
   */
  List<IMAPResponse> command(String what, String command, @Nullable Argument arguments)
      throws MailFailure {
    Response[] responses = protocol.command(command, arguments);
    Response last = responses[responses.length - 1];
    List<IMAPResponse> untagged = new ArrayList<>(responses.length);
    for (Response response : responses) {
      if (response instanceof IMAPResponse r && !response.equals(last)) {
        untagged.add(r);
      }
    }
    try {
      protocol.handleResult(last);
    } catch (ProtocolException e) {
      throw failure(what, e);
    }
    return untagged;
  }

  /**
   * Waits until the server reports a change of the selected folder, at most for {@code limit}. RFC
   * 2177 section 3.
   */
  void idle(Duration limit) throws MailFailure {
    // DONE is sent once: by the timer, or because there is news.
    AtomicBoolean done = new AtomicBoolean();
    CountDownLatch over = new CountDownLatch(1);
    Runnable end =
        () -> {
          if (done.compareAndSet(false, true)) {
            protocol.idleAbort();
          }
        };
    try {
      protocol.idleStart();
      Thread.ofVirtual().start(() -> endAfter(limit, over, end));
      boolean idling = true;
      while (idling) {
        Response response = protocol.readIdleResponse();
        if (response instanceof IMAPResponse r && r.keyEquals("EXISTS")) {
          end.run();
        }
        idling = response != null && protocol.processIdleResponse(response);
      }
    } catch (ProtocolException e) {
      throw failure("wait for news", e);
    } finally {
      done.set(true);
      over.countDown();
    }
  }

  private static void endAfter(Duration limit, CountDownLatch over, Runnable end) {
    try {
      if (!over.await(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        end.run();
      }
    } catch (InterruptedException e) {
      end.run();
    }
  }

  IMAPProtocol protocol() {
    return protocol;
  }

  /** A mailbox name as the server wants it. RFC 3501 section 5.1.3. */
  static Argument mailboxName(String name) {
    return new Argument().writeString(BASE64MailboxEncoder.encode(name));
  }

  MailFailure failure(String what, ProtocolException e) {
    return switch (e) {
      case ConnectionException c -> lost(c);
      case CommandFailedException c ->
          new MailFailure(
                  ExitCode.UNAVAILABLE, endpoint + " refused to " + what + ": " + serverText(c))
              .causedBy(e);
      case BadCommandException c ->
          new MailFailure(
                  ExitCode.PROTOCOL,
                  endpoint + " did not understand how we asked to " + what + ": " + serverText(c))
              .causedBy(e);
      default ->
          new MailFailure(
                  ExitCode.PROTOCOL,
                  endpoint + " broke the protocol when asked to " + what + ": " + e.getMessage())
              .causedBy(e);
    };
  }

  private MailFailure lost(ConnectionException e) {
    Response response = e.getResponse();
    Exception cause = response == null ? null : response.getException();
    if (cause != null) {
      return Failures.connection(endpoint, cause);
    }
    String said = serverText(e);
    return said.isEmpty()
        ? Failures.closed(endpoint)
        : new MailFailure(ExitCode.TEMPORARY, endpoint + " ended the session: " + said).causedBy(e);
  }

  /** What the server said, without the tag and the status word. */
  static String serverText(ProtocolException e) {
    Response response = e.getResponse();
    String text = response == null ? String.valueOf(e.getMessage()) : response.getRest();
    return text == null ? "" : text.strip();
  }

  /** Logs out if that works at once; never fails. */
  @Override
  public void close() {
    try {
      protocol.logout();
    } catch (ProtocolException e) {
      new MailLogger(ImapConnection.class, "imap", trace.isOn(), trace.stream())
          .log(Level.FINE, "logout", e);
    }
  }
}
