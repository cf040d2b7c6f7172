package dev.postrider.server.imap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postrider.testkit.dialog.Transport;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Walks through the states of a session with commands that are right, or nearly. */
class ImapSessionFuzzTest {

  private static final String MULTIPART =
      """
      Content-Type: multipart/mixed; boundary=x

      --x

      one
      --x
      Content-Type: message/rfc822

      Subject: two

      """;

  private static final List<String> COMMANDS =
      List.of(
          "SELECT INBOX",
          "SELECT INBOX",
          "EXAMINE INBOX",
          "SELECT a/b",
          "CREATE a/b",
          "DELETE a/b",
          "RENAME a/b a/c",
          "RENAME INBOX a/d",
          "LIST (SUBSCRIBED RECURSIVEMATCH) \"\" * RETURN (CHILDREN)",
          "LSUB \"\" %",
          "SETACL a/b bob@a.test +lrk",
          "SETACL \"Other Users/bob@a.test/INBOX\" anyone lr",
          "GETACL a/b",
          "DELETEACL a/b -anyone",
          "LISTRIGHTS INBOX bob",
          "SETMETADATA a/b (/private/comment \"x\" /shared/comment ~{3+}\r\na\0c)",
          "SETMETADATA \"\" (/private/comment NIL)",
          "GETMETADATA (DEPTH infinity MAXSIZE 2) a/b (/private /shared/comment)",
          "LIST \"\" % RETURN (METADATA (/shared/comment))",
          "MYRIGHTS \"Other Users/bob@a.test/INBOX\"",
          "LIST \"Other Users/\" % RETURN (MYRIGHTS STATUS (MESSAGES))",
          "SUBSCRIBE a/b",
          "STATUS INBOX (MESSAGES UNSEEN)",
          append("INBOX (\\Seen)", "Subject: x\n\n"),
          append("a/b", MULTIPART),
          append("INBOX (\\Seen)", "x: 1\n") + message(" (\\Draft $x)", MULTIPART),
          append("a/b", "x: 1\n") + " {0+}\r\n",
          "STATUS a/b (APPENDLIMIT UIDNEXT)",
          "FETCH 1:* (BINARY.PEEK[1]<1.3> BINARY.SIZE[] BINARY.SIZE[2.1])",
          "UID FETCH 1:* BINARY[]",
          "APPEND INBOX ~{38+}\r\nContent-Transfer-Encoding: binary\r\n\r\n\0",
          "APPEND a/b CATENATE (TEXT {3+}\r\nx:  URL /INBOX/;UID=1/;SECTION=TEXT URL \";UID=2\")",
          "UID REPLACE 1 a/b CATENATE (URL \"/a/b/;UID=1/;SECTION=1/;PARTIAL=0.5\")",
          message("REPLACE 1 INBOX (\\Seen)", "x: 1\n"),
          message("UID REPLACE * a/b", MULTIPART),
          "FETCH 1:* (FLAGS ENVELOPE BODYSTRUCTURE BODY[1] BODY[TEXT]<1.2>)",
          "UID FETCH 1:* (BODY.PEEK[HEADER.FIELDS (Subject)] RFC822.SIZE)",
          "FETCH 1 BODY[]",
          "STORE 1 +FLAGS (\\Deleted $x)",
          "UID STORE 1:* FLAGS.SILENT (\\Deleted)",
          "EXPUNGE",
          "UID EXPUNGE 1:5",
          "COPY 1:* a/b",
          "UID COPY 1:* a/b",
          "UID MOVE 1:2 a/b",
          "MOVE 1 a/b",
          "SEARCH OR TEXT x NOT (BODY 1 SENTBEFORE 1-Jan-2020)",
          "UID SEARCH RECENT UNKEYWORD $x",
          "SEARCH RETURN (SAVE) OR $ DELETED",
          "UID SEARCH RETURN (MIN MAX SAVE) YOUNGER 3600 NOT $",
          "SEARCH RETURN () OLDER 1 UID $",
          "SORT (REVERSE SUBJECT DATE) UTF-8 NOT $",
          "UID SORT (DISPLAYFROM REVERSE SIZE ARRIVAL) US-ASCII OR MODSEQ 4 TEXT x",
          "SORT RETURN (MIN MAX SAVE) (REVERSE ARRIVAL FROM) UTF-8 OR $ 1:3",
          "UID SORT RETURN () (SUBJECT) UTF-8 UNDELETED MODSEQ 2",
          "THREAD REFERENCES UTF-8 ALL",
          "UID THREAD ORDEREDSUBJECT US-ASCII NOT $",
          "UID FETCH $ (FLAGS)",
          "STORE $ -FLAGS (\\Deleted)",
          "UID EXPUNGE $",
          "MOVE $ a/b",
          "IDLE\r\nDONE",
          "CLOSE",
          "UNSELECT",
          "CHECK",
          "NOOP",
          "NAMESPACE",
          "ENABLE CONDSTORE",
          "SELECT INBOX (CONDSTORE)",
          "ENABLE QRESYNC",
          "UID SEARCH RETURN (PARTIAL -1:-9 SAVE MIN) ALL",
          "UID FETCH 1:* (FLAGS) (PARTIAL 2:5 CHANGEDSINCE 2)",
          "SELECT INBOX (QRESYNC (1 1 1:5 (1,2 1,2)))",
          "UID FETCH 1:* (FLAGS) (CHANGEDSINCE 1 VANISHED)",
          "UID FETCH $ (FLAGS) (CHANGEDSINCE 1 VANISHED)",
          "STATUS INBOX (HIGHESTMODSEQ)",
          "FETCH 1:* (MODSEQ)",
          "UID FETCH 1:* (FLAGS) (CHANGEDSINCE 3)",
          "FETCH 1:* BODY[]<0.1> (CHANGEDSINCE 5)",
          "STORE 1:* (UNCHANGEDSINCE 6) +FLAGS.SILENT (\\Seen)",
          "UID STORE 1:* (UNCHANGEDSINCE 9) -FLAGS (\\Seen)",
          "STORE 1 (UNCHANGEDSINCE 0) +FLAGS ($y)",
          "SEARCH OR MODSEQ 4 NOT MODSEQ \"/flags/\\\\seen\" all 3",
          "ENABLE IMAP4rev2",
          "ENABLE UTF8=ACCEPT",
          "ENABLE UIDONLY",
          "APPEND a/b UTF8 (~{6+}\r\nx: 1\r\n)",
          "SELECT \"a/\u00c3\u00bc\"",
          "CREATE \"a/\u00c3\u00bc\"",
          "LIST (SUBSCRIBED RECURSIVEMATCH) \"\" (\"a/\u00c3%\" %) RETURN (STATUS (SIZE DELETED))",
          "UID SEARCH CHARSET UTF-8 OR LARGER 5000000000 $ TEXT \"\u00c3\u00bc\"",
          "FETCH 1 BODY.PEEK[]<9223372036854775807.9223372036854775807>",
          "FETCH 1:* (EMAILID THREADID)",
          "UID SEARCH OR EMAILID M1 NOT THREADID T1",
          "STATUS a/b (MAILBOXID RECENT)",
          "UNAUTHENTICATE",
          "COMPRESS GZIP",
          "COMPRESS DEFLATE",
          "UNAUTHENTICATE\r\nu LOGIN alice@a.test secret",
          "CREATE a/e (USE (\\Sent))",
          "CREATE a/f (USE (\\All \\x))",
          "FETCH 1:* (UID PREVIEW (LAZY) PREVIEW)",
          "UID FETCH 1:* PREVIEW (CHANGEDSINCE 2)",
          "UID FETCH 1:* (SAVEDATE FLAGS)",
          "SEARCH NOT SAVEDON 23-Nov-2026 SAVEDATESUPPORTED",
          "ID NIL",
          "STARTTLS",
          "LOGIN alice@a.test secret",
          "AUTHENTICATE PLAIN =");

  private static final int SESSIONS = 40;
  private static final int COMMANDS_EACH = 40;

  @TempDir Path directory;

  @Test
  void neverMeetsACommandItCannotAnswer() throws Exception {
    Random random = new Random(42);
    int answered = 0;
    try (ImapRig rig = new ImapRig(directory)) {
      for (int session = 0; session < SESSIONS; session++) {
        String script = script(random);
        String said = converse(rig, script);
        assertThat(said).as(script).doesNotContain("Internal error").doesNotContain("SERVERBUG");
        answered += said.split(" OK ", -1).length;
      }
      rig.awaitSessions();
    }
    assertThat(answered).as("commands that were carried out").isGreaterThan(SESSIONS * 10);
  }

  private static String append(String where, String message) {
    return "APPEND " + message(where, message);
  }

  private static String message(String arguments, String message) {
    String octets = message.replace("\n", "\r\n");
    return arguments + " {" + octets.length() + "+}\r\n" + octets;
  }

  private static String script(Random random) {
    StringBuilder script = new StringBuilder("l LOGIN alice@a.test secret\r\n");
    for (int i = 0; i < COMMANDS_EACH; i++) {
      StringBuilder command = new StringBuilder(COMMANDS.get(random.nextInt(COMMANDS.size())));
      if (random.nextInt(5) == 0) {
        command.setCharAt(random.nextInt(command.length()), (char) (0x20 + random.nextInt(95)));
      }
      script.append('c').append(i).append(' ').append(command).append("\r\n");
    }
    return script.append("z LOGOUT\r\n").toString();
  }

  private static String converse(ImapRig rig, String script) throws Exception {
    try (Transport client = rig.open("fuzz")) {
      Thread writer = Thread.ofVirtual().start(() -> write(client, script));
      String said = new String(client.in().readAllBytes(), StandardCharsets.ISO_8859_1);
      writer.join();
      return said;
    }
  }

  private static void write(Transport client, String script) {
    try {
      OutputStream out = client.out();
      out.write(script.getBytes(StandardCharsets.ISO_8859_1));
      client.closeOutput();
    } catch (IOException e) {
      // The session ended before it had read everything, which is one of its rights.
      assertThat(e).isNotNull();
    }
  }
}
