package dev.postrider.server.imap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postrider.server.config.LimitsConfig;
import dev.postrider.storage.StoreSettings;
import dev.postrider.storage.messages.Spool;
import dev.postrider.testkit.dialog.Transport;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AppendHandlerTest {

  @TempDir Path directory;

  static LimitsConfig messagesOf(long octetsMax) {
    LimitsConfig usual = LimitsConfig.DEFAULTS;
    return new LimitsConfig(
        octetsMax,
        usual.recipientsMax(),
        usual.connectionsMax(),
        usual.connectionsPerAddressMax(),
        usual.connectionsPerAddressPerMinute(),
        usual.messagesPerAccountPerHour(),
        usual.idleTimeout(),
        usual.commandTimeout(),
        usual.writeTimeout(),
        usual.unauthenticatedTimeout(),
        usual.failedLoginsPerAddress());
  }

  @Test
  void keepsTheConfiguredLimitAndSaysIt() throws Exception {
    try (ImapRig rig = new ImapRig(directory, messagesOf(100))) {
      rig.play(
          """
          S: * OK [CAPABILITY {{.*}} APPENDLIMIT=100{{.*}}] {{.*}}
          C: l LOGIN alice@a.test secret
          S: l OK [CAPABILITY {{.*}} APPENDLIMIT=100{{.*}}] {{.*}}
          C: a STATUS INBOX (APPENDLIMIT)
          S: * STATUS "INBOX" (APPENDLIMIT 100)
          S: a OK {{.*}}
          C: b APPEND INBOX {101}
          S: b NO [TOOBIG] A message has at most 100 octets here
          """);
      rig.play(
          "S: * OK {{.*}}\nC: l LOGIN alice@a.test secret\nS: l OK {{.*}}\n"
              + "C: b APPEND INBOX {100+}\nC-: "
              + "x".repeat(100)
              + "\nC:  {101+}\nC-: "
              + "x".repeat(101)
              + "\nC:\nS: b NO [TOOBIG] A message has at most 100 octets here\n"
              + "C: c APPEND INBOX {100+}\nC-: "
              + "x".repeat(100)
              + "\nC:\nS: c OK [APPENDUID {{[0-9]+}} 1] Appended\n");
    }
  }

  @Test
  void saysNoLimitThatCannotBeAnnounced() throws Exception {
    try (ImapRig rig = new ImapRig(directory, messagesOf(1L << 40))) {
      rig.play("S: * OK [CAPABILITY {{.*}} APPENDLIMIT=4294967295{{.*}}] {{.*}}\n");
    }
  }

  @Test
  void refusesMoreMessagesThanOneCommitHoldsAndLivesOn() throws Exception {
    try (ImapRig rig = new ImapRig(directory)) {
      rig.play(
          "S: * OK {{.*}}\nC: l LOGIN alice@a.test secret\nS: l OK {{.*}}\nC-: a APPEND INBOX\n"
              + "C*"
              + (Upload.MESSAGES_MAX + 10)
              + "-:  {3+}\\x0d\\x0ax: \nC:\nS: a NO [LIMIT] {{.*}}10000 messages{{.*}}\n"
              + "C: b STATUS INBOX (MESSAGES UIDNEXT)\n"
              + "S: * STATUS \"INBOX\" (MESSAGES 0 UIDNEXT 1)\nS: b OK {{.*}}\n");
    }
  }

  @Test
  void takesAsManyMessagesAsItSays() throws Exception {
    try (ImapRig rig = new ImapRig(directory)) {
      rig.play(
          "S: * OK {{.*}}\nC: l LOGIN alice@a.test secret\nS: l OK {{.*}}\nC-: a APPEND INBOX\n"
              + "C*"
              + Upload.MESSAGES_MAX
              + "-:  {3+}\\x0d\\x0ax: \nC:\nS: a OK [APPENDUID {{[0-9]+}} 1:10000] Appended\n"
              + "C: b STATUS INBOX (MESSAGES UIDNEXT)\n"
              + "S: * STATUS \"INBOX\" (MESSAGES 10000 UIDNEXT 10001)\nS: b OK {{.*}}\n");
    }
  }

  @Test
  void refusesMoreOctetsThanOneCommitHoldsAndLivesOn() throws Exception {
    int octets = 16 * 1024 * 1024;
    int messages = (int) (Upload.OCTETS_MAX / octets);
    try (ImapRig rig = new ImapRig(directory, LimitsConfig.DEFAULTS);
        Transport client = rig.open("large")) {
      Conversation talk = new Conversation(client);
      talk.logIn();
      talk.send("a APPEND INBOX");
      byte[] message = new byte[octets];
      for (int i = 0; i <= messages; i++) {
        talk.send(" {" + octets + "+}\r\n");
        talk.out.write(message);
      }
      talk.send("\r\n");
      assertThat(talk.reply("a ")).startsWith("a NO [LIMIT] ").contains("134217728 octets");
      talk.send("b STATUS INBOX (MESSAGES)\r\n");
      assertThat(talk.in.readLine()).isEqualTo("* STATUS \"INBOX\" (MESSAGES 0)");
      try (Stream<Path> spool = Files.list(directory.resolve("spool"))) {
        assertThat(spool).isEmpty();
      }
    }
  }

  /** The memory of a spool, once: the second message would not fit in it. */
  @Test
  void allMessagesAreInOneFileOfTheSpool() throws Exception {
    int octets = Spool.MEMORY_OCTETS_MAX - 1000;
    try (ImapRig rig =
            new ImapRig(
                directory, LimitsConfig.DEFAULTS, StoreSettings.defaults().withCompress(true));
        Transport client = rig.open("many")) {
      Conversation talk = new Conversation(client);
      talk.logIn();
      talk.send("a APPEND INBOX");
      for (int i = 0; i < 5; i++) {
        talk.send(" {" + octets + "}\r\n");
        assertThat(talk.reply("+ ")).isEqualTo("+ OK");
        talk.send(("Subject: " + i + "\r\n\r\n" + "x".repeat(octets)).substring(0, octets));
      }
      talk.send(" {5}\r\n");
      assertThat(talk.reply("+ ")).isEqualTo("+ OK");
      try (Stream<Path> spool = Files.list(directory.resolve("spool"))) {
        assertThat(spool).hasSize(1);
      }
      talk.send("x: y \r\n");
      assertThat(talk.reply("a ")).matches("a OK \\[APPENDUID [0-9]+ 1:6\\] Appended");
      try (Stream<Path> spool = Files.list(directory.resolve("spool"))) {
        assertThat(spool).isEmpty();
      }
      talk.send("b SELECT INBOX\r\nc FETCH 1:6 (RFC822.SIZE BODY.PEEK[HEADER])\r\n");
      for (int i = 0; i < 5; i++) {
        assertThat(talk.reply("* " + (i + 1) + " FETCH")).contains("SIZE " + octets + " BODY");
        assertThat(talk.in.readLine()).isEqualTo("Subject: " + i);
      }
      assertThat(talk.reply("* 6 FETCH")).contains("SIZE 5 ");
    }
  }

  @Test
  void refusesMoreThanSoManyPartsOfAMessage() throws Exception {
    try (ImapRig rig = new ImapRig(directory)) {
      rig.deliver("INBOX", "x");
      String start =
          """
          S: * OK {{.*}}
          C: l LOGIN alice@a.test secret
          S: l OK {{.*}}
          C-: a APPEND INBOX CATENATE (TEXT {1+}\\x0d\\x0ay
          C*\
          """;
      String end = "-:  URL /INBOX/;UID=1 TEXT {1+}\\x0d\\x0ay\nC: )\n";
      rig.play(
          start
              + (Upload.PARTS_MAX / 2)
              + end
              + "S: a NO [LIMIT] At most 1000 parts of a message\n");
      rig.play(
          start
              + (Upload.PARTS_MAX / 2 - 1)
              + end
              + "S: a OK [APPENDUID {{[0-9]+}} 2] Appended\n"
              + "C: b EXAMINE INBOX\nS: ...\nS: b OK {{.*}}\n"
              + "C: c FETCH 2 RFC822.SIZE\nS: * 2 FETCH (RFC822.SIZE 999)\nS: c OK {{.*}}\n");
    }
  }

  @Test
  void fullDiskInTheMiddleLeavesNothing() throws Exception {
    StoreSettings full = StoreSettings.defaults().withReserveOctets(Long.MAX_VALUE / 2);
    try (ImapRig rig = new ImapRig(directory, LimitsConfig.DEFAULTS, full)) {
      rig.play(
          """
          S: * OK {{.*}}
          C: l LOGIN alice@a.test secret
          S: l OK {{.*}}
          C: b APPEND INBOX {4+}
          C-: text
          C:  {4}
          S: + OK
          C: text
          S: b NO [OVERQUOTA] No room on the server now; try again later
          C: c STATUS INBOX (MESSAGES UIDNEXT)
          S: * STATUS "INBOX" (MESSAGES 0 UIDNEXT 1)
          S: c OK {{.*}}
          """);
    }
  }
}
