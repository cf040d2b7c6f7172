package dev.postrider.integration;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.postrider.integration.server.RunningServer;
import dev.postrider.testkit.dialog.SocketTransport;
import jakarta.mail.Flags;
import jakarta.mail.Folder;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Store;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.eclipse.angus.mail.imap.IMAPFolder;

/** The mailboxes of an account as another client, Jakarta Mail, sees and changes them. */
final class Account implements AutoCloseable {

  private final Session session;
  private final Store store;

  private Account(Session session, Store store) {
    this.session = session;
    this.store = store;
  }

  static Account open(RunningServer server, String user) throws MessagingException {
    Properties settings = new Properties();
    settings.put("mail.imaps.timeout", "30000");
    settings.put(
        "mail.imaps.ssl.socketFactory", SocketTransport.trustingContext().getSocketFactory());
    settings.put("mail.imaps.ssl.checkserveridentity", "false");
    Session session = Session.getInstance(settings);
    Store store = session.getStore("imaps");
    store.connect("localhost", server.port("imaps"), user, Servers.PASSWORD);
    return new Account(session, store);
  }

  /** A small message, told from others by its subject. */
  static byte[] letter(String subject) {
    return String.join(
            "\r\n",
            "From: Zoe <zoe@c.test>",
            "To: alice@a.test",
            "Date: Mon, 16 Nov 2026 10:00:00 +0000",
            "Message-ID: <" + subject + "@c.test>",
            "Subject: " + subject,
            "Content-Type: text/plain; charset=utf-8",
            "Content-Transfer-Encoding: 8bit",
            "",
            "About " + subject + ": grüße ☃",
            "")
        .getBytes(UTF_8);
  }

  Account create(String mailbox) throws MessagingException {
    store.getFolder(mailbox).create(Folder.HOLDS_MESSAGES);
    store.getFolder(mailbox).setSubscribed(true);
    return this;
  }

  Account append(String mailbox, String subject) throws MessagingException {
    MimeMessage message = new MimeMessage(session, new ByteArrayInputStream(letter(subject)));
    store.getFolder(mailbox).appendMessages(new Message[] {message});
    return this;
  }

  Account flag(String mailbox, String subject, Flags.Flag flag) throws Exception {
    return in(
        mailbox,
        Folder.READ_WRITE,
        folder -> {
          message(folder, subject).setFlag(flag, true);
          return this;
        });
  }

  Account move(String from, String subject, String to) throws Exception {
    return in(
        from,
        Folder.READ_WRITE,
        folder -> {
          Message[] messages = {message(folder, subject)};
          ((IMAPFolder) folder).moveMessages(messages, store.getFolder(to));
          return this;
        });
  }

  /** Removes it for good. */
  Account remove(String mailbox, String subject) throws Exception {
    return in(
        mailbox,
        Folder.READ_WRITE,
        folder -> {
          message(folder, subject).setFlag(Flags.Flag.DELETED, true);
          folder.expunge();
          return this;
        });
  }

  boolean exists(String mailbox) throws MessagingException {
    return store.getFolder(mailbox).exists();
  }

  /** Flags by subject: {@code FRS} when it is flagged, answered and seen. */
  Map<String, String> flags(String mailbox) throws Exception {
    return in(
        mailbox,
        Folder.READ_ONLY,
        folder -> {
          Map<String, String> flags = new TreeMap<>();
          for (Message message : folder.getMessages()) {
            String before = flags.put(message.getSubject(), letters(message.getFlags()));
            if (before != null) {
              throw new AssertionError(message.getSubject() + " is twice in " + mailbox);
            }
          }
          return flags;
        });
  }

  /** The whole message, as text of octets. */
  String text(String mailbox, String subject) throws Exception {
    return in(
        mailbox,
        Folder.READ_ONLY,
        folder -> {
          ByteArrayOutputStream octets = new ByteArrayOutputStream();
          message(folder, subject).writeTo(octets);
          return octets.toString(UTF_8);
        });
  }

  /** What is done with an open mailbox. */
  private interface Work<T> {
    T with(Folder folder) throws Exception;
  }

  /** Closes it without an expunge, which Folder.close() would do. */
  private <T> T in(String mailbox, int mode, Work<T> work) throws Exception {
    Folder folder = store.getFolder(mailbox);
    folder.open(mode);
    try {
      return work.with(folder);
    } finally {
      folder.close(false);
    }
  }

  private static String letters(Flags flags) {
    return (flags.contains(Flags.Flag.FLAGGED) ? "F" : "")
        + (flags.contains(Flags.Flag.ANSWERED) ? "R" : "")
        + (flags.contains(Flags.Flag.SEEN) ? "S" : "")
        + (flags.contains(Flags.Flag.DELETED) ? "T" : "");
  }

  private static Message message(Folder folder, String subject) throws MessagingException {
    for (Message message : folder.getMessages()) {
      if (subject.equals(message.getSubject())) {
        return message;
      }
    }
    throw new AssertionError(subject + " is not in " + folder.getFullName());
  }

  @Override
  public void close() throws MessagingException {
    store.close();
  }
}
