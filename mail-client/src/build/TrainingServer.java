import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.security.KeyStore;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * A mail server with one message that does not change, for the training run of {@link Layout}: just
 * enough IMAP and SMTP for the client to load the classes it needs for real work. It runs inside
 * Maven, never on a user's machine.
 */
final class TrainingServer implements AutoCloseable {
  private static final String HEADER =
      "From: =?utf-8?Q?Ann_M=C3=BCller?= <ann@example.test>\r\nTo: me@example.test\r\n"
          + "Subject: =?utf-8?B?R3LDvMOfZQ==?=\r\nDate: Sun, 1 Mar 2026 12:00:00 +0000\r\n"
          + "Message-ID: <1@example.test>\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n";
  private static final String STRUCTURE =
      "((\"TEXT\" \"PLAIN\" (\"CHARSET\" \"utf-8\") NIL NIL \"QUOTED-PRINTABLE\" 8 1)"
          + "(\"APPLICATION\" \"PDF\" (\"NAME\" \"a.pdf\") NIL NIL \"BASE64\" 4 NIL"
          + " (\"ATTACHMENT\" (\"FILENAME\" \"a.pdf\"))) \"MIXED\" (\"BOUNDARY\" \"b\"))";

  /** It guards a key that is good for nothing but the training. */
  static final String STORE_PASSWORD = "training";

  private final ServerSocket imap;
  private final ServerSocket smtp;

  TrainingServer(Path keys) throws Exception {
    KeyStore store = KeyStore.getInstance(keys.toFile(), STORE_PASSWORD.toCharArray());
    KeyManagerFactory managers = KeyManagerFactory.getInstance("PKIX");
    store.deleteEntry("ca");
    managers.init(store, STORE_PASSWORD.toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    imap = listen(context, this::imap);
    smtp = listen(context, this::smtp);
  }

  private interface Session {
    void talk(BufferedReader in, OutputStream out) throws IOException;
  }

  private static ServerSocket listen(SSLContext context, Session session) throws IOException {
    ServerSocket listener =
        context
            .getServerSocketFactory()
            .createServerSocket(0, 10, InetAddress.getLoopbackAddress());
    Thread.ofVirtual()
        .start(
            () -> {
              while (!listener.isClosed()) {
                try (Socket socket = listener.accept()) {
                  session.talk(
                      new BufferedReader(
                          new InputStreamReader(socket.getInputStream(), ISO_8859_1)),
                      socket.getOutputStream());
                } catch (IOException e) {
                  // The client hung up, or the training is over.
                }
              }
            });
    return listener;
  }

  int imapPort() {
    return imap.getLocalPort();
  }

  int smtpPort() {
    return smtp.getLocalPort();
  }

  @Override
  public void close() throws IOException {
    imap.close();
    smtp.close();
  }

  private static void say(OutputStream out, String... lines) throws IOException {
    for (String line : lines) {
      out.write((line + "\r\n").getBytes(ISO_8859_1));
    }
    out.flush();
  }

  private void smtp(BufferedReader in, OutputStream out) throws IOException {
    say(out, "220 training ESMTP");
    boolean data = false;
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      if (data) {
        data = !line.equals(".");
        if (!data) {
          say(out, "250 2.0.0 taken");
        }
      } else if (line.startsWith("EHLO")) {
        say(out, "250-training", "250-SIZE 100000000", "250-8BITMIME", "250 AUTH PLAIN LOGIN");
      } else if (line.startsWith("AUTH")) {
        say(out, "235 2.7.0 in");
      } else if (line.equals("DATA")) {
        data = true;
        say(out, "354 go on");
      } else {
        say(out, "250 2.0.0 ok");
      }
    }
  }

  private void imap(BufferedReader in, OutputStream out) throws IOException {
    say(out, "* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN SASL-IR UIDPLUS MOVE LITERAL+] training");
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      String tag = line.split(" ")[0];
      String rest = line.substring(Math.min(line.length(), tag.length() + 1));
      answer(in, out, rest);
      say(out, tag + " OK done");
    }
  }

  private static void answer(BufferedReader in, OutputStream out, String command)
      throws IOException {
    if (command.startsWith("EXAMINE") || command.startsWith("SELECT")) {
      say(out, "* FLAGS (\\Seen \\Flagged)", "* 1 EXISTS", "* 0 RECENT");
      say(out, "* OK [UIDVALIDITY 7] ok", "* OK [UIDNEXT 6] ok");
    } else if (command.startsWith("LIST")) {
      say(
          out,
          "* LIST () \"/\" INBOX",
          "* LIST (\\Sent) \"/\" Sent",
          "* LIST (\\Trash) \"/\" Trash");
    } else if (command.startsWith("LSUB")) {
      say(out, "* LSUB () \"/\" INBOX");
    } else if (command.startsWith("UID SEARCH")) {
      say(out, "* SEARCH 5");
    } else if (command.startsWith("STATUS")) {
      say(out, "* STATUS INBOX (MESSAGES 1 UNSEEN 1 UIDNEXT 6 UIDVALIDITY 7)");
    } else if (command.startsWith("APPEND")) {
      String size = command.replaceAll(".*\\{([0-9]+)\\+?}$", "$1");
      in.skip(Long.parseLong(size) + 2);
    } else if (command.contains("BODYSTRUCTURE")) {
      say(out, "* 1 FETCH (UID 5 BODYSTRUCTURE " + STRUCTURE + ")");
    } else if (command.contains("HEADER.FIELDS")) {
      say(
          out,
          "* 1 FETCH (UID 5 FLAGS (\\Seen) INTERNALDATE \"01-Mar-2026 12:00:00 +0000\" RFC822.SIZE"
              + " 99 BODY[HEADER.FIELDS (DATE)] {"
              + HEADER.length()
              + "}");
      say(out, HEADER + ")");
    } else if (command.contains("BODY.PEEK[HEADER]")) {
      say(out, "* 1 FETCH (UID 5 BODY[HEADER] {" + HEADER.length() + "}", HEADER + ")");
    } else if (command.contains("BODY.PEEK[1]<0.")) {
      say(out, "* 1 FETCH (UID 5 BODY[1]<0> {8}", "Gr=FC=DF)");
    } else if (command.contains("BODY.PEEK[2]<0.")) {
      say(out, "* 1 FETCH (UID 5 BODY[2]<0> {4}", "AAEC)");
    }
  }
}
