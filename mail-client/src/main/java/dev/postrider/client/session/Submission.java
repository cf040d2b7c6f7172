package dev.postrider.client.session;

import dev.postrider.client.ExitCode;
import dev.postrider.client.MailFailure;
import dev.postrider.client.accounts.Endpoint;
import dev.postrider.client.accounts.TlsMode;
import dev.postrider.client.accounts.Trust;
import jakarta.mail.Address;
import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.MessagingException;
import jakarta.mail.SendFailedException;
import jakarta.mail.Session;
import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.eclipse.angus.mail.smtp.SMTPAddressFailedException;
import org.eclipse.angus.mail.smtp.SMTPMessage;
import org.eclipse.angus.mail.smtp.SMTPSenderFailedException;
import org.eclipse.angus.mail.smtp.SMTPTransport;
import org.jspecify.annotations.Nullable;

/**
 * One SMTP connection for handing in mail. RFC 6409 section 3.
 *
 * <p>The dialogue is Angus's, with three things set right: what the server did not offer is not
 * used (8BITMIME, SMTPUTF8, SIZE), recipients that are refused do not take the others with them,
 * and every failure knows the stage it happened at.
 */
public final class Submission implements AutoCloseable {
  private static final String PREFIX = "mail.smtp";

  /**
   * Our name in EHLO. An address literal is always valid (RFC 5321 section 4.1.4) and tells nobody
   * what this machine is called.
   */
  private static final String EHLO_NAME = "[127.0.0.1]";

  private final Endpoint endpoint;
  private final Session session;
  private final Dialogue dialogue;

  private Submission(Endpoint endpoint, Session session, Dialogue dialogue) {
    this.endpoint = endpoint;
    this.session = session;
    this.dialogue = dialogue;
  }

  /**
   * Connects and logs in.
   *
   * @param utf8 whether addresses outside ASCII are to be sent; Angus wants to know beforehand
   */
  static Submission connect(
      Endpoint endpoint, Trust trust, Timeouts timeouts, Trace trace, Login login, boolean utf8)
      throws MailFailure {
    trace.hide(login.user(), login.password());
    Properties properties = properties(endpoint, trust, timeouts);
    properties.setProperty("mail.mime.allowutf8", Boolean.toString(utf8));
    Session session = Session.getInstance(properties);
    session.setDebugOut(trace.stream());
    session.setDebug(trace.isOn());
    Dialogue dialogue = new Dialogue(session);
    Submission submission = new Submission(endpoint, session, dialogue);
    try {
      dialogue.connect(endpoint.host(), endpoint.port(), login.user(), login.password());
      return submission;
    } catch (MessagingException e) {
      throw submission.connectFailure(login, e);
    }
  }

  private static Properties properties(Endpoint endpoint, Trust trust, Timeouts timeouts)
      throws MailFailure {
    Properties p = new Properties();
    timeouts.into(p, PREFIX);
    p.setProperty(PREFIX + ".localhost", EHLO_NAME);
    p.setProperty(PREFIX + ".auth", "true");
    p.setProperty(PREFIX + ".auth.mechanisms", "PLAIN LOGIN");
    p.setProperty(PREFIX + ".sendpartial", "true");
    p.setProperty(PREFIX + ".quitwait", "false");
    boolean startTls = endpoint.tls() == TlsMode.STARTTLS;
    p.setProperty(PREFIX + ".starttls.enable", Boolean.toString(startTls));
    p.setProperty(PREFIX + ".starttls.required", Boolean.toString(startTls));
    p.setProperty(PREFIX + ".ssl.enable", Boolean.toString(endpoint.tls() == TlsMode.TLS));
    if (endpoint.tls() != TlsMode.NONE) {
      TlsSockets.into(p, PREFIX, trust);
    }
    return p;
  }

  private MailFailure connectFailure(Login login, MessagingException e) {
    int code = dialogue.getLastReturnCode();
    String reply = dialogue.reply();
    String stage = dialogue.stage();
    if (e instanceof AuthenticationFailedException) {
      return refusedLogin(login, code, reply).causedBy(e).atStage("auth", code);
    }
    if (stage.equals("ehlo") && String.valueOf(e.getMessage()).contains("STARTTLS is required")) {
      return new MailFailure(
              ExitCode.PROTOCOL,
              endpoint + " does not offer STARTTLS",
              "use the tls port (465); if it used to offer it, somebody may be in between")
          .causedBy(e)
          .atStage("starttls", -1);
    }
    if (code >= 400 && !reply.isEmpty()) {
      return refused("the connection", code, reply).causedBy(e).atStage(stage, code);
    }
    return Failures.connection(endpoint, e).atStage(stage, -1);
  }

  private MailFailure refusedLogin(Login login, int code, String reply) {
    if (code == 454 || code == 421) {
      return new MailFailure(
          ExitCode.TEMPORARY,
          endpoint + " cannot check the login now: " + reply,
          "try again later");
    }
    if (reply.isEmpty() || code < 400) {
      return new MailFailure(
          ExitCode.PROTOCOL,
          endpoint + " offers no way to log in that this client knows (PLAIN, LOGIN)",
          endpoint.tls() == TlsMode.NONE ? "use tls or starttls" : null);
    }
    return new MailFailure(
        ExitCode.NO_PERMISSION,
        endpoint + " refused the login of " + login.user() + ": " + reply,
        "check user and password; some servers want an app password");
  }

  private MailFailure refused(String what, int code, String reply) {
    boolean later = code >= 400 && code < 500;
    return new MailFailure(
        later ? ExitCode.TEMPORARY : ExitCode.UNAVAILABLE,
        endpoint + " refused " + what + ": " + reply,
        later ? "try again later" : null);
  }

  public Endpoint endpoint() {
    return endpoint;
  }

  /** Whether the server's EHLO named this extension. */
  public boolean offers(String extension) {
    return dialogue.supportsExtension(extension);
  }

  /**
   * Hands in one message.
   *
   * @param eightBit whether it has octets above 127
   */
  public Delivery send(Envelope envelope, MessageBytes message, boolean eightBit)
      throws MailFailure {
    String options = options(envelope, message, eightBit);
    Streamed streamed = new Streamed(session, message);
    streamed.setEnvelopeFrom(envelope.from());
    streamed.setSendPartial(true);
    if (!options.isEmpty()) {
      streamed.setMailExtension(options);
    }
    List<Address> recipients = new ArrayList<>();
    for (String address : envelope.to()) {
      recipients.add(address(address));
    }
    try {
      dialogue.sendMessage(streamed, recipients.toArray(new Address[0]));
      return new Delivery(envelope.to(), List.of(), dialogue.reply());
    } catch (SendFailedException e) {
      return partial(envelope, e);
    } catch (MessagingException e) {
      throw Failures.connection(endpoint, e).atStage(dialogue.stage(), -1);
    }
  }

  /** Parameters of MAIL, only those the server offered. RFC 1870, RFC 6152, RFC 6531. */
  private String options(Envelope envelope, MessageBytes message, boolean eightBit)
      throws MailFailure {
    List<String> options = new ArrayList<>();
    if (offers("SIZE")) {
      requireFits(message.size());
      options.add("SIZE=" + message.size());
    }
    if (envelope.needsUtf8()) {
      if (!offers("SMTPUTF8")) {
        throw new MailFailure(
                ExitCode.UNAVAILABLE,
                "an address has letters outside ASCII, which " + endpoint + " does not take",
                "use the person's ASCII address if there is one")
            .atStage("mail", -1);
      }
      // Angus adds the parameter itself.
    }
    if (eightBit) {
      if (!offers("8BITMIME")) {
        throw new MailFailure(
                ExitCode.DATA,
                "the message has 8-bit text, which " + endpoint + " does not take",
                "encode its parts as quoted-printable or base64")
            .atStage("mail", -1);
      }
      options.add("BODY=8BITMIME");
    }
    return String.join(" ", options);
  }

  private void requireFits(long size) throws MailFailure {
    String limit = dialogue.getExtensionParameter("SIZE");
    if (limit != null && limit.matches("[1-9][0-9]{0,17}") && size > Long.parseLong(limit)) {
      throw new MailFailure(
              ExitCode.UNAVAILABLE,
              "the message has " + size + " octets, " + endpoint + " takes at most " + limit,
              "send fewer or smaller attachments")
          .atStage("mail", -1);
    }
  }

  private static InternetAddress address(String address) throws MailFailure {
    try {
      InternetAddress parsed = new InternetAddress();
      parsed.setAddress(address);
      if (address.isEmpty() || address.chars().anyMatch(c -> c <= ' ' || c == 0x7F)) {
        throw new AddressException("space or control character in address", address);
      }
      return parsed;
    } catch (AddressException e) {
      throw new MailFailure(ExitCode.DATA, "\"" + address + "\" is no address").causedBy(e);
    }
  }

  /** Some or all recipients were refused, or the sender, or the message itself. */
  private Delivery partial(Envelope envelope, SendFailedException thrown) throws MailFailure {
    List<Delivery.Refusal> refused = new ArrayList<>();
    for (Exception e = thrown; e instanceof MessagingException m; e = m.getNextException()) {
      if (e instanceof SMTPAddressFailedException a) {
        refused.add(
            new Delivery.Refusal(
                a.getAddress().getAddress(), a.getReturnCode(), oneLine(a.getMessage())));
      } else if (e instanceof SMTPSenderFailedException s) {
        throw refused("the sender " + envelope.from(), s.getReturnCode(), oneLine(s.getMessage()))
            .causedBy(thrown)
            .atStage("mail", s.getReturnCode());
      } else if (e instanceof IOException) {
        throw Failures.connection(endpoint, e).atStage(dialogue.stage(), -1);
      }
    }
    List<String> accepted = new ArrayList<>();
    for (Address address : orNone(thrown.getValidSentAddresses())) {
      accepted.add(((InternetAddress) address).getAddress());
    }
    if (!accepted.isEmpty()) {
      return new Delivery(accepted, refused, dialogue.reply());
    }
    if (refused.isEmpty()) {
      int code = dialogue.getLastReturnCode();
      throw refused("the message", code, dialogue.reply())
          .causedBy(thrown)
          .atStage(dialogue.stage(), code);
    }
    Delivery.Refusal first = refused.getFirst();
    boolean later = refused.stream().allMatch(Delivery.Refusal::isTemporary);
    throw new MailFailure(
            later ? ExitCode.TEMPORARY : ExitCode.NO_USER,
            endpoint
                + " refused "
                + (refused.size() == 1 ? first.address() : "all recipients")
                + ": "
                + first.text(),
            later ? "try again later" : "check the address")
        .causedBy(thrown)
        .atStage("rcpt", first.code());
  }

  private static Address[] orNone(Address @Nullable [] addresses) {
    return addresses == null ? new Address[0] : addresses;
  }

  private static String oneLine(@Nullable String text) {
    return text == null ? "" : text.strip().replaceAll("\\s*[\r\n]+\\s*", " ");
  }

  @Override
  public void close() {
    try {
      dialogue.close();
    } catch (MessagingException e) {
      // The message is in or refused already; how the connection ends changes nothing.
      dialogue.at("quit");
    }
  }

  /** Angus's SMTP client, remembering where in the dialogue it is. */
  private static final class Dialogue extends SMTPTransport {
    private String stage = "connect";

    Dialogue(Session session) {
      super(session, null);
    }

    void at(String stage) {
      this.stage = stage;
    }

    String stage() {
      return stage;
    }

    String reply() {
      return oneLine(getLastServerResponse());
    }

    @Override
    protected boolean ehlo(String domain) throws MessagingException {
      at("ehlo");
      return super.ehlo(domain);
    }

    @Override
    protected void startTLS() throws MessagingException {
      at("starttls");
      super.startTLS();
    }

    @Override
    protected void mailFrom() throws MessagingException {
      at("mail");
      super.mailFrom();
    }

    @Override
    protected void rcptTo() throws MessagingException {
      at("rcpt");
      super.rcptTo();
    }

    @Override
    protected OutputStream data() throws MessagingException {
      at("data");
      return super.data();
    }

    @Override
    protected void finishData() throws IOException, MessagingException {
      at("end-of-data");
      super.finishData();
    }
  }

  /** Lets Angus write a message that exists as octets already, exactly as it is. */
  private static final class Streamed extends SMTPMessage {
    private final MessageBytes bytes;

    Streamed(Session session, MessageBytes bytes) {
      super(session);
      this.bytes = bytes;
      this.saved = true;
    }

    @Override
    public void writeTo(OutputStream out, String @Nullable [] ignored) throws IOException {
      bytes.writeTo(out);
    }

    @Override
    public void saveChanges() {
      // The octets are final.
    }
  }
}
