package dev.postrider.protocol.imap;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;

/** Half-right commands: the words of the grammar in any order, with octets changed. */
final class CommandFuzz {

  private static final List<String> LINES =
      List.of(
          "a1 LOGIN {5+}\r\nalice \"pass\"\r\n",
          "a2 APPEND \"INBOX\" (\\Seen) \"17-Jul-1996 02:44:25 -0700\" {5+}\r\nabcde\r\n",
          "c1 APPEND x {3}\r\nabc (a) {4+}\r\nabcd \"17-Jul-1996 02:44:25 -0700\" {1}\r\nx\r\n",
          "c2 UID REPLACE 4711 Drafts (\\Seen) {3+}\r\nabc\r\n",
          "c3 REPLACE * Drafts {3}\r\nabc\r\n",
          "c4 UID FETCH 1:* (BINARY.PEEK[1.2]<0.100> BINARY[] BINARY.SIZE[3])\r\n",
          "c5 APPEND x ~{3}\r\na\0c ~{2+}\r\n\0\0\r\n",
          "c6 APPEND x CATENATE (TEXT {3}\r\nabc URL \"/x/;UID=2\" TEXT {1+}\r\nx)\r\n",
          "c6 APPEND x UTF8 (~{3}\r\nabc) CATENATE (UTF8 (~{1+}\r\na) URL /x)\r\n",
          "c7 APPEND x () CATENATE (URL /x/;UID=2/;SECTION=1.MIME) (a) {3+}\r\nabc\r\n",
          "a3 UID FETCH 1:*,5 (UID FLAGS BODY.PEEK[1.2.HEADER.FIELDS (From To)]<0.100>)\r\n",
          "a4 SEARCH CHARSET UTF-8 OR (SEEN NOT FROM \"x\") HEADER {3+}\r\nabc \"\" 1:5\r\n",
          "a5 LIST (SUBSCRIBED RECURSIVEMATCH) \"\" (\"*\" %) RETURN (CHILDREN)\r\n",
          "a6 STORE 1,2:3 +FLAGS.SILENT (\\Deleted $x)\r\n",
          "b2 UID FETCH 1:* (FLAGS MODSEQ) (CHANGEDSINCE 9223372036854775807)\r\n",
          "b3 STORE 1:2 (UNCHANGEDSINCE 0) -FLAGS (\\Seen)\r\n",
          "b4 SEARCH OR MODSEQ \"/flags/\\\\draft\" all 620162338 NOT MODSEQ 1\r\n",
          "b5 SELECT INBOX (CONDSTORE)\r\n",
          "a7 ID (\"name\" \"x\" \"v\" NIL)\r\n",
          "a8 STATUS &AOk- (MESSAGES UNSEEN)\r\n",
          "a9 AUTHENTICATE PLAIN AGEAYg==\r\n",
          "b1 UID COPY 4:* {3}\r\nfoo\r\n",
          "b2 UID SEARCH RETURN (MIN COUNT SAVE) CHARSET UTF-8 OR $ (UID $ OLDER 3600) TEXT x\r\n",
          "b3 SEARCH RETURN () YOUNGER 86400\r\n",
          "b4 FETCH $ (FLAGS)\r\n",
          "b5 UID EXPUNGE $\r\n",
          "d1 SELECT \"Entw\u00c3\u00bcrfe\"\r\n",
          "d2 RENAME R&D {4+}\r\na\u00c3\u00bcb\r\n",
          "d3 UID SEARCH LARGER 5000000000 TEXT \"\u00c3\u00bc\"\r\n",
          "d4 APPEND x {99999999999999999999+}\r\n",
          "d5 SEARCH OR EMAILID M4 NOT THREADID T_-9\r\n",
          "d6 UID FETCH 1 (EMAILID THREADID)\r\n",
          "d7 CREATE x/ (USE (\\Sent \\Junk))\r\n",
          "d8 UNAUTHENTICATE\r\n",
          "d9 COMPRESS DEFLATE\r\n",
          "d9 FETCH 1 (PREVIEW (LAZY) UID)\r\n",
          "e0 UID SEARCH SAVEDSINCE 1-Feb-2026 FLAGGED\r\n",
          "e1 UID FETCH 1 PREVIEW (LAZY) (PARTIAL 1:2)\r\n",
          "b6 SORT (REVERSE DATE SUBJECT DISPLAYFROM) UTF-8 OR $ FROM {3+}\r\nabc\r\n",
          "b7 UID SORT RETURN (MIN COUNT SAVE) (REVERSE SIZE) US-ASCII UID $\r\n",
          "b9 SETACL \"Other Users/x@y/INBOX\" {3+}\r\n-ab +lrswipkxtecda\r\n",
          "c1 LISTRIGHTS INBOX anyone\r\n",
          "c4 GETMETADATA (DEPTH 1 MAXSIZE 9) \"\" (/shared /private/x)\r\n",
          "c5 SETMETADATA INBOX (/private/a NIL /shared/b ~{3+}\r\na\0c /shared/c \"x\")\r\n",
          "c6 LIST \"\" % RETURN (METADATA (/shared/comment) STATUS (UIDNEXT))\r\n",
          "c2 LIST \"\" % RETURN (MYRIGHTS)\r\n",
          "b8 UID THREAD REFERENCES UTF-8 SUBJECT {3+}\r\nabc OR $ 2:*\r\n");

  private static final String PIECES = "(){}[]<>\"\\*%$+-.:, \r\n\0&\u00e9019aA";

  private final Random random;

  CommandFuzz(long seed) {
    random = new Random(seed);
  }

  byte[] next() {
    StringBuilder text = new StringBuilder();
    int lines = 1 + random.nextInt(3);
    for (int i = 0; i < lines; i++) {
      text.append(LINES.get(random.nextInt(LINES.size())));
    }
    int changes = random.nextInt(4);
    for (int i = 0; i < changes; i++) {
      int at = random.nextInt(text.length());
      char piece = PIECES.charAt(random.nextInt(PIECES.length()));
      switch (random.nextInt(4)) {
        case 0 -> text.setCharAt(at, piece);
        case 1 -> text.insert(at, piece);
        case 2 -> text.deleteCharAt(at);
        default -> text.insert(at, text.substring(at, Math.min(text.length(), at + 7)));
      }
    }
    return text.toString().getBytes(StandardCharsets.ISO_8859_1);
  }
}
