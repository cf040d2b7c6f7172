package dev.postrider.integration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postrider.integration.server.RunningServer;
import dev.postrider.testkit.dialog.SocketTransport;
import jakarta.mail.Flags;
import jakarta.mail.Folder;
import jakarta.mail.Message;
import jakarta.mail.Session;
import jakarta.mail.Store;
import jakarta.mail.Transport;
import jakarta.mail.event.MessageCountAdapter;
import jakarta.mail.event.MessageCountEvent;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.nio.file.Path;
import java.util.Properties;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.eclipse.angus.mail.imap.IMAPFolder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jakarta Mail as the client of both protocols. */
class JakartaMailIT {

  @TempDir Path directory;

  @Test
  void isWokenInIdleByWhatItSends() throws Exception {
    try (RunningServer server = Servers.start(directory.resolve("a"), "a.test", "")) {
      Session session = session(server);
      try (Store store = session.getStore("imaps")) {
        store.connect("localhost", server.port("imaps"), "bob@a.test", Servers.PASSWORD);
        IMAPFolder inbox = (IMAPFolder) store.getFolder("INBOX");
        inbox.open(Folder.READ_WRITE);
        BlockingQueue<Message> arrived = new LinkedBlockingQueue<>();
        inbox.addMessageCountListener(
            new MessageCountAdapter() {
              @Override
              public void messagesAdded(MessageCountEvent event) {
                arrived.addAll(java.util.List.of(event.getMessages()));
              }
            });
        Thread idle = Thread.ofVirtual().start(() -> idle(inbox));
        send(session, server);
        Message message = arrived.poll(30, TimeUnit.SECONDS);
        assertThat(message).as("IDLE told of nothing").isNotNull();
        idle.join(10_000);
        assertThat(message.getSubject()).isEqualTo("Grüße aus Jakarta");
        assertThat(message.getContent()).asString().contains("schöner Text ☃");
        message.setFlag(Flags.Flag.DELETED, true);
        assertThat(inbox.expunge()).hasSize(1);
        assertThat(inbox.getMessageCount()).isZero();
      }
    }
  }

  /** Ends with the first thing that the server tells. */
  private static void idle(IMAPFolder inbox) {
    try {
      inbox.idle(true);
    } catch (jakarta.mail.MessagingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Session session(RunningServer server) {
    Properties settings = new Properties();
    for (String protocol : new String[] {"imaps", "smtps"}) {
      settings.put("mail." + protocol + ".timeout", "30000");
      settings.put(
          "mail." + protocol + ".ssl.socketFactory",
          SocketTransport.trustingContext().getSocketFactory());
      settings.put("mail." + protocol + ".ssl.checkserveridentity", "false");
    }
    settings.put("mail.smtps.auth", "true");
    settings.put("mail.smtps.port", Integer.toString(server.port("submissions")));
    return Session.getInstance(settings);
  }

  private static void send(Session session, RunningServer server) throws Exception {
    MimeMessage message = new MimeMessage(session);
    message.setFrom(new InternetAddress("alice@a.test", "Alice Müller", "utf-8"));
    message.setRecipients(Message.RecipientType.TO, "bob@a.test");
    message.setSubject("Grüße aus Jakarta", "utf-8");
    message.setText("schöner Text ☃\n", "utf-8");
    message.saveChanges();
    try (Transport transport = session.getTransport("smtps")) {
      transport.connect("localhost", server.port("submissions"), "alice@a.test", Servers.PASSWORD);
      transport.sendMessage(message, message.getAllRecipients());
    }
  }
}
