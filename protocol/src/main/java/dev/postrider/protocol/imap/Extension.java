package dev.postrider.protocol.imap;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Extensions without which IMAP4rev1 and IMAP4rev2 are still what they are, and by which words of a
 * command clients use them. Where one is not spoken, its words are like any that nobody knows.
 */
@SuppressWarnings("ImmutableEnumChecker") // the lists are of List.of
public enum Extension {
  ACL(
      "ACL",
      List.of(),
      "COMMAND SETACL",
      "COMMAND DELETEACL",
      "COMMAND GETACL",
      "COMMAND LISTRIGHTS",
      "COMMAND MYRIGHTS"),
  APPENDLIMIT("APPENDLIMIT", List.of(), "STATUS APPENDLIMIT"),
  CATENATE("CATENATE", List.of(), "APPEND CATENATE"),
  COMPRESS_DEFLATE("COMPRESS=DEFLATE", List.of(), "COMMAND COMPRESS"),
  CONDSTORE(
      "CONDSTORE",
      List.of(),
      "ENABLE CONDSTORE",
      "SELECT CONDSTORE",
      "STATUS HIGHESTMODSEQ",
      "SEARCH MODSEQ",
      "FETCH MODSEQ",
      "FETCH-MODIFIER CHANGEDSINCE",
      "STORE UNCHANGEDSINCE"),
  CREATE_SPECIAL_USE("CREATE-SPECIAL-USE", List.of(), "CREATE USE"),
  ID("ID", List.of(), "COMMAND ID"),
  INPROGRESS("INPROGRESS", List.of()),
  LIST_MYRIGHTS("LIST-MYRIGHTS", List.of(ACL), "LIST-RETURN MYRIGHTS"),
  LITERAL_PLUS("LITERAL+", List.of()),
  METADATA("METADATA", List.of(), "COMMAND GETMETADATA", "COMMAND SETMETADATA"),
  LIST_METADATA("LIST-METADATA", List.of(METADATA), "LIST-RETURN METADATA"),
  MULTIAPPEND("MULTIAPPEND", List.of()),
  OBJECTID(
      "OBJECTID",
      List.of(),
      "STATUS MAILBOXID",
      "SEARCH EMAILID",
      "SEARCH THREADID",
      "FETCH EMAILID",
      "FETCH THREADID"),
  PARTIAL("PARTIAL", List.of(), "SEARCH-RETURN PARTIAL", "FETCH-MODIFIER PARTIAL"),
  PREVIEW("PREVIEW", List.of(), "FETCH PREVIEW"),
  QRESYNC(
      "QRESYNC", List.of(CONDSTORE), "ENABLE QRESYNC", "SELECT QRESYNC", "FETCH-MODIFIER VANISHED"),
  REPLACE("REPLACE", List.of(), "COMMAND REPLACE"),
  SAVEDATE(
      "SAVEDATE",
      List.of(),
      "FETCH SAVEDATE",
      "SEARCH SAVEDBEFORE",
      "SEARCH SAVEDON",
      "SEARCH SAVEDSINCE",
      "SEARCH SAVEDATESUPPORTED"),
  SORT("SORT", List.of(), "COMMAND SORT"),
  SORT_DISPLAY("SORT=DISPLAY", List.of(SORT), "SORT DISPLAYFROM", "SORT DISPLAYTO"),
  ESORT("ESORT", List.of(SORT), "SORT RETURN"),
  THREAD_ORDEREDSUBJECT("THREAD=ORDEREDSUBJECT", List.of(), "THREAD ORDEREDSUBJECT"),
  THREAD_REFERENCES("THREAD=REFERENCES", List.of(), "THREAD REFERENCES"),
  UIDONLY("UIDONLY", List.of(), "ENABLE UIDONLY"),
  UNAUTHENTICATE("UNAUTHENTICATE", List.of(), "COMMAND UNAUTHENTICATE"),
  UTF8_ACCEPT("UTF8=ACCEPT", List.of(), "ENABLE UTF8=ACCEPT", "APPEND UTF8", "CATENATE UTF8"),
  WITHIN("WITHIN", List.of(), "SEARCH OLDER", "SEARCH YOUNGER");

  private static final Map<String, Extension> BY_WORD = new HashMap<>();

  static {
    for (Extension extension : values()) {
      extension.words.forEach(word -> BY_WORD.put(word, extension));
    }
  }

  /** Where a word stands. */
  enum Place {
    COMMAND,
    CREATE,
    ENABLE,
    APPEND,
    CATENATE,
    SELECT,
    STATUS,
    LIST_RETURN,
    SEARCH,
    SEARCH_RETURN,
    FETCH,
    FETCH_MODIFIER,
    STORE,
    SORT,
    THREAD;

    private String before(String word) {
      return name().replace('_', '-') + " " + word;
    }
  }

  private final String capability;
  private final List<Extension> needs;
  private final List<String> words;

  Extension(String capability, List<Extension> needs, String... words) {
    this.capability = capability;
    this.needs = needs;
    this.words = List.of(words);
  }

  /** As the server says that it can do it. */
  public String capability() {
    return capability;
  }

  /** The one that is called so, whatever the case of its letters. */
  public static Optional<Extension> called(String capability) {
    return Arrays.stream(values())
        .filter(extension -> extension.capability.equalsIgnoreCase(capability))
        .findFirst();
  }

  /** To which {@code word}, in capitals, belongs. */
  static Optional<Extension> of(Place place, String word) {
    return Optional.ofNullable(BY_WORD.get(place.before(word)));
  }

  /** All but {@code off}, and but those that need one of them. */
  public static Set<Extension> allBut(Set<Extension> off) {
    EnumSet<Extension> spoken = EnumSet.allOf(Extension.class);
    spoken.removeAll(off);
    spoken.removeIf(extension -> !spoken.containsAll(extension.needs));
    return Set.copyOf(spoken);
  }
}
