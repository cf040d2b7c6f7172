package dev.postrider.server.imap;

import dev.postrider.protocol.address.MailAddress;
import dev.postrider.protocol.imap.Extension;
import dev.postrider.server.config.ImapConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is left where extensions are switched off. */
class SwitchedOffTest {

  @TempDir Path directory;

  @Test
  void tellsAndKnowsNoneOfThem() throws Exception {
    try (ImapRig rig = new ImapRig(directory, Extension.values())) {
      rig.play(
          """
          S: * OK [CAPABILITY IMAP4rev1 IMAP4rev2 LITERAL- SASL-IR ENABLE IDLE NAMESPACE UIDPLUS \
          MOVE UNSELECT CHILDREN LIST-EXTENDED LIST-STATUS STATUS=SIZE SPECIAL-USE ESEARCH \
          SEARCHRES BINARY AUTH=PLAIN AUTH=LOGIN] {{.*}}
          C: a1 ID NIL
          S: a1 BAD Unknown command ID
          C: a1 UNAUTHENTICATE
          S: a1 BAD Unknown command UNAUTHENTICATE
          C: a1 COMPRESS DEFLATE
          S: a1 BAD Unknown command COMPRESS
          C: a2 LOGIN alice@a.test secret
          S: a2 OK {{.*}}
          C: a3 ENABLE CONDSTORE QRESYNC UTF8=ACCEPT UIDONLY
          S: * ENABLED
          S: a3 OK Nothing to enable
          C: a4 CREATE x
          S: a4 OK Created
          C: a5 CREATE y (USE (\\Sent))
          S: a5 BAD Unknown here: USE
          C: a5 STATUS x (MAILBOXID)
          S: a5 BAD Unknown here: MAILBOXID
          C: a6 STATUS x (HIGHESTMODSEQ)
          S: a6 BAD Unknown here: HIGHESTMODSEQ
          C: a7 STATUS x (APPENDLIMIT)
          S: a7 BAD Unknown here: APPENDLIMIT
          C: a8 APPEND INBOX {6+}
          C: x: 1
          C:
          S: a8 OK {{.*}}
          C: a9 APPEND INBOX {6+}
          C: x: 2
          C:  {6+}
          C: x: 3
          C:
          S: a9 BAD {{.*}}
          C: b1 APPEND INBOX CATENATE (TEXT {6+}
          C: x: 4
          C: )
          S: b1 BAD Unknown here: CATENATE
          C: b1 APPEND INBOX UTF8 (~{6+}
          C: x: 4
          C: )
          S: b1 BAD Unknown here: UTF8
          C: b2 SELECT INBOX (CONDSTORE)
          S: b2 BAD {{.*}}
          C: b3 SELECT INBOX
          S: * FLAGS {{.*}}
          S: * 1 EXISTS
          S: * 1 RECENT
          S: * OK [UNSEEN 1] {{.*}}
          S: * OK [PERMANENTFLAGS {{.*}}
          S: * OK [UIDNEXT 2] {{.*}}
          S: * OK [UIDVALIDITY {{.*}}
          S: b3 OK [READ-WRITE] Selected
          C: b4 SORT (DATE) UTF-8 ALL
          S: b4 BAD Unknown command SORT
          C: b5 UID SORT (DATE) UTF-8 ALL
          S: b5 BAD Unknown command UID SORT
          C: b6 UID THREAD REFERENCES UTF-8 ALL
          S: b6 BAD Unknown here: REFERENCES
          C: b7 THREAD ORDEREDSUBJECT UTF-8 ALL
          S: b7 BAD Unknown here: ORDEREDSUBJECT
          C: b8 SEARCH OR SEEN YOUNGER 3
          S: b8 BAD Unknown here: YOUNGER
          C: b9 SEARCH OLDER 3
          S: b9 BAD Unknown here: OLDER
          C: c1 SEARCH MODSEQ 3
          S: c1 BAD Unknown here: MODSEQ
          C: c2 SEARCH EMAILID M1
          S: c2 BAD Unknown here: EMAILID
          C: c3 UID SEARCH RETURN (PARTIAL 1:2) ALL
          S: c3 BAD Unknown here: PARTIAL
          C: c4 FETCH 1 (FLAGS MODSEQ)
          S: c4 BAD Unknown here: MODSEQ
          C: c5 FETCH 1 (PREVIEW (LAZY))
          S: c5 BAD Unknown here: PREVIEW
          C: c5 FETCH 1 SAVEDATE
          S: c5 BAD Unknown here: SAVEDATE
          C: c5 SEARCH SAVEDON 1-Jan-2026
          S: c5 BAD Unknown here: SAVEDON
          C: c5 FETCH 1 EMAILID
          S: c5 BAD Unknown here: EMAILID
          C: c6 UID FETCH 1 FLAGS (CHANGEDSINCE 1)
          S: c6 BAD Unknown here: CHANGEDSINCE
          C: c7 UID FETCH 1 FLAGS (PARTIAL 1:2)
          S: c7 BAD Unknown here: PARTIAL
          C: c8 STORE 1 (UNCHANGEDSINCE 1) FLAGS ()
          S: c8 BAD Unknown here: UNCHANGEDSINCE
          C: z LOGOUT
          S: ...
          S: z OK {{.*}}
          """);
    }
  }

  @Test
  void switchesOffForOneAccountAndFromItsLoginOn() throws Exception {
    ImapConfig.AccountWithout alices =
        new ImapConfig.AccountWithout(
            MailAddress.parse("Alice@A.test").orElseThrow(), Set.of(Extension.SORT));
    ImapConfig config =
        new ImapConfig(Set.of(Extension.WITHIN), List.of(alices), Duration.ofMinutes(4));
    try (ImapRig rig = new ImapRig(directory, config)) {
      rig.play(
          """
          S: * OK [CAPABILITY {{.*}} SEARCHRES CONDSTORE {{.*}} SORT SORT=DISPLAY {{.*}}] {{.*}}
          C: a1 LOGIN alice@a.test secret
          S: a1 OK [CAPABILITY {{.*}} INPROGRESS PARTIAL {{.*}}] {{.*}}
          C: a2 EXAMINE INBOX
          S: ...
          S: a2 OK {{.*}}
          C: a3 SORT (DATE) UTF-8 ALL
          S: a3 BAD Unknown command SORT
          C: a4 SEARCH OLDER 3
          S: a4 BAD Unknown here: OLDER
          C: a5 UNAUTHENTICATE
          S: a5 OK {{.*}}
          C: a6 CAPABILITY
          S: * CAPABILITY {{.*}} SORT SORT=DISPLAY {{.*}}
          S: a6 OK {{.*}}
          C: a7 LOGIN bob@a.test secret
          S: a7 OK [CAPABILITY {{.*}} SORT SORT=DISPLAY {{.*}}] {{.*}}
          C: a8 EXAMINE INBOX
          S: ...
          S: a8 OK {{.*}}
          C: a9 SORT (DATE) UTF-8 ALL
          S: * SORT
          S: a9 OK {{.*}}
          C: z LOGOUT
          S: ...
          S: z OK {{.*}}
          """);
    }
  }

  @Test
  void tellsNoModSequenceWithMove() throws Exception {
    try (ImapRig rig = new ImapRig(directory, Extension.CONDSTORE)) {
      rig.deliver("INBOX", "x: 1\n");
      rig.play(
          """
          S: * OK {{.*}}
          C: a1 LOGIN alice@a.test secret
          S: a1 OK {{.*}}
          C: a2 SELECT INBOX
          S: ...
          S: a2 OK {{.*}}
          C: a3 MOVE 1 Trash
          S: * OK [COPYUID {{.*}}] Moved
          S: * 1 EXPUNGE
          S: a3 OK Moved
          C: a4 REPLACE 1 INBOX {6+}
          C: x: 1
          C:
          S: a4 BAD No message has that sequence number
          C: a5 SELECT INBOX (QRESYNC (1 1))
          S: a5 BAD Unknown here: QRESYNC
          C: z LOGOUT
          S: ...
          S: z OK {{.*}}
          """);
    }
  }

  @Test
  void takesShortLiteralsWithoutWaitingAndLongOnesNot() throws Exception {
    try (ImapRig rig = new ImapRig(directory, Extension.LITERAL_PLUS, Extension.REPLACE)) {
      rig.play(
          """
          S: * OK [CAPABILITY IMAP4rev1 IMAP4rev2 LITERAL- {{.*}}] {{.*}}
          C: a1 LOGIN {12+}
          C: alice@a.test secret
          S: a1 OK {{.*}}
          C: a2 REPLACE 1 INBOX {4097+}
          C: %s
          S: a2 BAD Unknown command REPLACE
          C: a3 APPEND INBOX {4097+}
          C: %s
          S: a3 BAD [TOOBIG] {{.*}}
          C: a4 APPEND INBOX {4096+}
          C: %s
          S: a4 OK {{.*}}
          C: a5 APPEND INBOX {4097}
          S: + OK
          C: %s
          S: a5 OK {{.*}}
          C: z LOGOUT
          S: ...
          S: z OK {{.*}}
          """
              .formatted("x".repeat(4097), "x".repeat(4097), "x".repeat(4096), "x".repeat(4097)));
    }
  }
}
