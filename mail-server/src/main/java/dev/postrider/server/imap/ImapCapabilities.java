package dev.postrider.server.imap;

import dev.postrider.protocol.imap.Extension;
import dev.postrider.protocol.sasl.SaslMechanism;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What the server says that it can do, by the state of the connection. RFC 3501 section 7.2.1. */
final class ImapCapabilities {

  private static final List<String> ALWAYS =
      List.of(
          "IMAP4rev1",
          "IMAP4rev2",
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
          "CREATE-SPECIAL-USE",
          "ACL",
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
          "OBJECTID",
          "PREVIEW",
          "SAVEDATE",
          "UTF8=ACCEPT",
          "UIDONLY",
          "UNAUTHENTICATE",
          "COMPRESS=DEFLATE",
          "INPROGRESS",
          "SORT",
          "SORT=DISPLAY",
          "ESORT",
          "PARTIAL",
          "THREAD=ORDEREDSUBJECT",
          "THREAD=REFERENCES");

  private ImapCapabilities() {}

  /**
   * Whoever is logged in needs none of the ways to log in, and what is compressed is not compressed
   * again.
   *
   * @param mechanisms by which somebody can log in, best first
   * @param spoken extensions that are not switched off; in the place of LITERAL+ is LITERAL- then,
   *     which IMAP4rev2 has anyway. RFC 7888 section 5
   * @param appendOctetsMax of a message, in every mailbox. RFC 7889 section 2
   */
  static List<String> of(
      boolean encrypted,
      boolean authenticated,
      boolean compressed,
      List<SaslMechanism> mechanisms,
      Set<Extension> spoken,
      long appendOctetsMax) {
    List<String> names = new ArrayList<>();
    for (String name : ALWAYS) {
      if (Extension.called(name).map(spoken::contains).orElse(true)) {
        names.add(name);
      } else if (name.equals(Extension.LITERAL_PLUS.capability())) {
        names.add("LITERAL-");
      }
    }
    if (compressed) {
      names.remove(Extension.COMPRESS_DEFLATE.capability());
    }
    if (spoken.contains(Extension.ACL)) {
      names.add("RIGHTS=kxte");
    }
    if (spoken.contains(Extension.APPENDLIMIT)) {
      names.add("APPENDLIMIT=" + appendOctetsMax);
    }
    if (!authenticated && encrypted) {
      mechanisms.forEach(mechanism -> names.add("AUTH=" + mechanism.word()));
      if (mechanisms.stream().noneMatch(SaslMechanism::tellsPassword)) {
        names.add("LOGINDISABLED");
      }
    } else if (!authenticated) {
      names.add("STARTTLS");
      names.add("LOGINDISABLED");
    }
    return names;
  }
}
