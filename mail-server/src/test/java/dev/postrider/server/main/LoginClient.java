package dev.postrider.server.main;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.postrider.testkit.sasl.ScramClient;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Base64;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/** Logs in to a server over TLS from the start, by IMAP or by submission. */
final class LoginClient implements AutoCloseable {

  private static final Duration LIMIT = Duration.ofSeconds(30);

  private final SSLSocket socket;
  private final BufferedReader in;
  private final boolean imap;

  /** {@code keys}: what the client shows of itself in the handshake. */
  private LoginClient(int port, boolean imap, String protocol, KeyManager... keys)
      throws IOException, GeneralSecurityException {
    SSLContext trusting = SSLContext.getInstance("TLS");
    trusting.init(keys, new TrustManager[] {new TrustingAll()}, null);
    this.imap = imap;
    socket =
        (SSLSocket)
            trusting.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port);
    socket.setEnabledProtocols(new String[] {protocol});
    socket.setSoTimeout((int) LIMIT.toMillis());
    socket.startHandshake();
    in = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
  }

  static LoginClient imap(int port, String protocol, KeyManager... keys) throws Exception {
    return new LoginClient(port, true, protocol, keys);
  }

  static LoginClient submission(int port, String protocol, KeyManager... keys) throws Exception {
    return new LoginClient(port, false, protocol, keys);
  }

  /** The mechanisms that are offered, as the server writes them. */
  String offered() throws IOException {
    if (imap) {
      String greeting = in.readLine();
      int from = greeting.indexOf(" AUTH=");
      return from < 0 ? "" : greeting.substring(from + 1, greeting.indexOf(']'));
    }
    in.readLine();
    say("EHLO c.test");
    String offered = "";
    String line = "-";
    while (line.contains("-")) {
      line = in.readLine();
      if (line.startsWith("250") && line.substring(4).startsWith("AUTH ")) {
        offered = line.substring(4);
      }
      if (line.startsWith("250 ")) {
        break;
      }
    }
    return offered;
  }

  void say(String line) throws IOException {
    socket.getOutputStream().write((line + "\r\n").getBytes(UTF_8));
  }

  String hear() throws IOException {
    return String.valueOf(in.readLine());
  }

  /** Begins a mechanism; what the server says. */
  String begin(String mechanism, String response) throws IOException {
    say((imap ? "a AUTHENTICATE " : "AUTH ") + mechanism + " " + base64(response));
    return hear();
  }

  /** Answers; what the server says. */
  String answer(String response) throws IOException {
    say(base64(response));
    return hear();
  }

  /** The text of a challenge. */
  String challenge(String line) {
    String mark = imap ? "+ " : "334 ";
    if (!line.startsWith(mark)) {
      throw new AssertionError("no challenge: " + line);
    }
    return new String(Base64.getDecoder().decode(line.substring(mark.length())), UTF_8);
  }

  /** A whole exchange; what the server says at its end. */
  String scram(String mechanism, String header, byte[] binding, String user, String password)
      throws IOException {
    String digest = mechanism.contains("256") ? "SHA-256" : "SHA-1";
    ScramClient client = new ScramClient(digest, header, binding, user, password, "abcdefghij");
    String line = begin(mechanism, client.first());
    line = answer(client.last(challenge(line)));
    if (!line.startsWith("+") && !line.startsWith("334")) {
      return line;
    }
    if (!client.isServer(challenge(line))) {
      throw new AssertionError("the server does not know the password");
    }
    say("");
    return hear();
  }

  /** RFC 9266. */
  byte[] exported() throws IOException {
    ExtendedSSLSession session = (ExtendedSSLSession) socket.getSession();
    return session.exportKeyingMaterialData("EXPORTER-Channel-Binding", new byte[0], 32);
  }

  /** RFC 5929 section 4.1, of a certificate that is signed with SHA-256. */
  byte[] endPoint() throws Exception {
    return MessageDigest.getInstance("SHA-256")
        .digest(socket.getSession().getPeerCertificates()[0].getEncoded());
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  static String base64(String text) {
    return text.isEmpty() ? "=" : Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
  }

  private static final class TrustingAll implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
