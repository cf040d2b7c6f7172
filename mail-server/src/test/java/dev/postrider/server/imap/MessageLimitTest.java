package dev.postrider.server.imap;

import dev.postrider.server.config.ImapConfig;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** RFC 9738, with a limit that is lower than an operator can set it. */
class MessageLimitTest {

  private static final String FIVE_SELECTED =
      """
      S: * OK [CAPABILITY {{.*}} MESSAGELIMIT=3 {{.*}}] {{.*}}
      C: l LOGIN alice@a.test secret
      S: l OK [CAPABILITY {{.*}} MESSAGELIMIT=3{{.*}}] {{.*}}
      C: s SELECT INBOX
      S: ...
      S: s OK {{.*}}
      """;

  private static final String END =
      """
      C: z LOGOUT
      S: ...
      S: z OK {{.*}}
      """;

  @TempDir Path directory;

  private void play(String dialog) throws Exception {
    try (ImapRig rig = new ImapRig(directory, ImapConfig.DEFAULTS.withMessageLimit(3))) {
      for (int i = 1; i <= 5; i++) {
        rig.deliver("INBOX", "Subject: " + i + "\n\nx\n");
      }
      rig.play(FIVE_SELECTED + dialog + END);
    }
  }

  @Test
  void readsTheHighestFromTheHighestDown() throws Exception {
    play(
        """
        C: a1 FETCH 1:* RFC822.SIZE
        S: * 5 FETCH (RFC822.SIZE {{.*}})
        S: * 4 FETCH (RFC822.SIZE {{.*}})
        S: * 3 FETCH (RFC822.SIZE {{.*}})
        S: a1 OK [MESSAGELIMIT 3 3] {{.*}}
        # Three are not too many, wherever they are.
        C: a2 UID FETCH 1:3 (UID)
        S: * 1 FETCH (UID 1)
        S: * 2 FETCH (UID 2)
        S: * 3 FETCH (UID 3)
        S: a2 OK Fetched
        C: a3 UID FETCH 1:4 (BODY[TEXT])
        S: * 4 FETCH (UID 4 BODY[TEXT] {{.*}}
        S: ...
        S: * 3 FETCH (UID 3 BODY[TEXT] {{.*}}
        S: ...
        S: * 2 FETCH (UID 2 BODY[TEXT] {{.*}}
        S: ...
        S: a3 OK [MESSAGELIMIT 3 2] {{.*}}
        # What a client asks for by place it must not ask for too much of.
        C: a4 UID FETCH 1:* (UID) (PARTIAL -1:-4)
        S: a4 NO [MESSAGELIMIT 3] {{.*}}
        C: a5 UID FETCH 1:* (UID) (PARTIAL -1:-3)
        S: * 3 FETCH (UID 3)
        S: * 4 FETCH (UID 4)
        S: * 5 FETCH (UID 5)
        S: a5 OK Fetched
        """);
  }

  @Test
  void looksForTheHighestThatMayBeMeant() throws Exception {
    play(
        """
        C: a1 SEARCH ALL
        S: * SEARCH 3 4 5
        S: a1 OK [MESSAGELIMIT 3 3] {{.*}}
        C: a2 SEARCH UIDBEFORE 3
        S: * SEARCH 1 2
        S: a2 OK Searched
        C: a3 UID SEARCH UIDAFTER 4
        S: * SEARCH 5
        S: a3 OK Searched
        C: a4 UID SEARCH RETURN (COUNT) UIDBEFORE 5 SUBJECT 1
        S: * ESEARCH (TAG "a4") UID COUNT 0
        S: a4 OK [MESSAGELIMIT 3 2] {{.*}}
        C: a5 UID SEARCH RETURN (SAVE) UNDELETED
        S: a5 OK [MESSAGELIMIT 3 3] {{.*}}
        C: a6 FETCH $ (UID)
        S: * 3 FETCH (UID 3)
        S: * 4 FETCH (UID 4)
        S: * 5 FETCH (UID 5)
        S: a6 OK Fetched
        # UID 5:* names the last one although it is not above it; UIDAFTER 5 names none.
        C: a7 SEARCH UIDAFTER 5
        S: * SEARCH
        S: a7 OK Searched
        C: a8 SEARCH UIDBEFORE 1
        S: * SEARCH
        S: a8 OK Searched
        C: b1 SORT (ARRIVAL) UTF-8 ALL
        S: b1 NO [MESSAGELIMIT 3] {{.*}}
        C: b2 SORT (REVERSE SUBJECT) UTF-8 UIDAFTER 2
        S: * SORT 5 4 3
        S: b2 OK Sorted
        C: b3 THREAD REFERENCES UTF-8 ALL
        S: b3 NO [MESSAGELIMIT 3] {{.*}}
        C: b4 THREAD ORDEREDSUBJECT UTF-8 1:2
        S: * THREAD (1)(2)
        S: b4 OK Threaded
        C: c1 SEARCH UIDAFTER
        S: c1 BAD {{.*}}
        C: c2 SEARCH UIDBEFORE 0
        S: c2 BAD {{.*}}
        C: c3 SEARCH UIDAFTER 1:3
        S: c3 BAD {{.*}}
        """);
  }

  @Test
  void changesTheHighest() throws Exception {
    play(
        """
        C: a1 STORE 1:* +FLAGS (\\Deleted)
        S: * 5 FETCH (FLAGS (\\Deleted \\Recent))
        S: * 4 FETCH (FLAGS (\\Deleted \\Recent))
        S: * 3 FETCH (FLAGS (\\Deleted \\Recent))
        S: a1 OK [MESSAGELIMIT 3 3] {{.*}}
        C: a2 STORE 1:2 +FLAGS.SILENT (\\Deleted)
        S: a2 OK Stored
        # Where there is another code, this one comes before it.
        C: a3 UID STORE 1:* (UNCHANGEDSINCE 1) +FLAGS (\\Seen)
        S: ...
        S: * NO [MESSAGELIMIT 3 3] {{.*}}
        S: a3 OK [MODIFIED 3:5] {{.*}}
        C: a4 UID EXPUNGE 1:*
        S: * 5 EXPUNGE
        S: * 4 EXPUNGE
        S: * 3 EXPUNGE
        S: a4 OK [MESSAGELIMIT 3 3] {{.*}}
        C: a5 EXPUNGE
        S: * 2 EXPUNGE
        S: * 1 EXPUNGE
        S: a5 OK Expunged 2
        """);
  }

  @Test
  void movesTheHighestAndCopiesAllOrNone() throws Exception {
    play(
        """
        C: a1 COPY 1:* Trash
        S: a1 NO [MESSAGELIMIT 3 3] {{.*}}
        C: a2 COPY 1:3 Trash
        S: a2 OK [COPYUID {{.*}}] {{.*}}
        C: a3 MOVE 1:4 Trash
        S: * OK [COPYUID {{[0-9]+}} 2:4 4:6] Moved
        S: * 4 EXPUNGE
        S: * 3 EXPUNGE
        S: * 2 EXPUNGE
        S: * NO [MESSAGELIMIT 3 2] {{.*}}
        S: a3 OK [HIGHESTMODSEQ {{.*}}] Moved
        C: a4 APPEND Drafts {6+}
        C: x: 1
        C:  {6+}
        C: x: 2
        C:  {6+}
        C: x: 3
        C:  {6+}
        C: x: 4
        C:
        S: a4 NO [MESSAGELIMIT 3] {{.*}}
        C: a5 STATUS Drafts (MESSAGES)
        S: * STATUS "Drafts" (MESSAGES 0)
        S: a5 OK {{.*}}
        """);
  }

  /** EXPUNGE takes all that are marked, and STATUS counts all. RFC 9738 section 3.1. */
  @Test
  void expungesAllThatAreMarked() throws Exception {
    play(
        """
        C: a1 STORE 1:3 +FLAGS.SILENT (\\Deleted)
        S: a1 OK Stored
        C: a2 STORE 4:5 +FLAGS.SILENT (\\Deleted)
        S: a2 OK Stored
        C: a3 EXPUNGE
        S: ...
        S: a3 OK Expunged 5
        """);
  }

  @Test
  void withoutALimitItsWordsAreUnknown() throws Exception {
    try (ImapRig rig = new ImapRig(directory)) {
      rig.play(
          """
          S: * OK {{.*}}
          C: l LOGIN alice@a.test secret
          S: l OK {{.*}}
          C: s SELECT INBOX
          S: ...
          S: s OK {{.*}}
          C: a SEARCH UIDAFTER 1
          S: a BAD Unknown here: UIDAFTER
          """
              + END);
    }
  }
}
