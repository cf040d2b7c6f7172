package dev.postrider.server.imap;

import java.util.ArrayList;
import java.util.List;

/** What the server says that it can do, by the state of the connection. RFC 3501 section 7.2.1. */
final class ImapCapabilities {

  private static final List<String> ALWAYS =
      List.of(
          "IMAP4rev1",
          "LITERAL+",
          "SASL-IR",
          "ID",
          "ENABLE",
          "IDLE",
          "NAMESPACE",
          "UIDPLUS",
          "MOVE",
          "UNSELECT",
          "CHILDREN",
          "LIST-EXTENDED",
          "LIST-STATUS",
          "STATUS=SIZE",
          "SPECIAL-USE",
          "ACL",
          "RIGHTS=kxte",
          "LIST-MYRIGHTS",
          "METADATA",
          "LIST-METADATA",
          "ESEARCH",
          "SEARCHRES",
          "WITHIN",
          "CONDSTORE",
          "QRESYNC",
          "MULTIAPPEND",
          "REPLACE",
          "BINARY",
          "CATENATE",
          "SORT",
          "SORT=DISPLAY",
          "ESORT",
          "PARTIAL",
          "THREAD=ORDEREDSUBJECT",
          "THREAD=REFERENCES");

  private ImapCapabilities() {}

  /**
   * Whoever is logged in needs none of the ways to log in.
   *
   * @param appendOctetsMax of a message, in every mailbox. RFC 7889 section 2
   */
  static List<String> of(boolean encrypted, boolean authenticated, long appendOctetsMax) {
    List<String> names = new ArrayList<>(ALWAYS);
    names.add("APPENDLIMIT=" + appendOctetsMax);
    if (!authenticated && encrypted) {
      names.add("AUTH=PLAIN");
      names.add("AUTH=LOGIN");
    } else if (!authenticated) {
      names.add("STARTTLS");
      names.add("LOGINDISABLED");
    }
    return names;
  }
}
