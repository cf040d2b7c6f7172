package dev.postrider.protocol.imap;

import static dev.postrider.protocol.imap.Commands.parse;
import static dev.postrider.protocol.imap.Commands.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postrider.protocol.imap.ImapCommand.ListReturn;
import dev.postrider.protocol.imap.ImapCommand.ListSelection;
import dev.postrider.protocol.imap.ImapCommand.MetadataDepth;
import dev.postrider.protocol.imap.ImapCommand.SearchReturn;
import dev.postrider.protocol.imap.ImapCommand.StatusItem;
import dev.postrider.protocol.imap.ImapCommand.StoreAction;
import dev.postrider.protocol.text.Octets;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CommandParserTest {

  @Test
  void takesAListBehindPreviewForItsOwnOnlyWhereItSaysLazy() {
    FetchItem lazy = new FetchItem.Preview(true);
    FetchItem preview = new FetchItem.Preview(false);
    assertThat(((ImapCommand.Fetch) parse("FETCH 1 PREVIEW (lazy)")).items()).containsExactly(lazy);
    assertThat(((ImapCommand.Fetch) parse("FETCH 1 (PREVIEW (LAZY) UID PREVIEW)")).items())
        .containsExactly(lazy, new FetchItem.UniqueId(), preview);
    ImapCommand.Fetch changed = (ImapCommand.Fetch) parse("FETCH 1 PREVIEW (CHANGEDSINCE 5)");
    assertThat(changed.items()).containsExactly(preview);
    assertThat(changed.changedSince()).hasValue(5);
    assertThat(refusal("FETCH 1 (PREVIEW (LAZY UID))"))
        .isEqualTo("BAD The only modifier of PREVIEW is LAZY");
  }

  @Test
  void readsWhatAMailboxIsToBeFor() {
    assertThat(parse("CREATE x (use (\\Sent \\Junk))"))
        .isEqualTo(new ImapCommand.Create("x", false, Set.of("\\Sent", "\\Junk")));
    assertThat(refusal("CREATE x (USE (Sent))")).startsWith("BAD ");
  }

  @Test
  void comparesTheLettersOfIdentifiersAsTheyAre() {
    assertThat(((ImapCommand.Search) parse("SEARCH emailid M_a-B")).key())
        .isEqualTo(new SearchKey.EmailId("M_a-B"));
    assertThat(refusal("SEARCH THREADID " + "x".repeat(256)))
        .isEqualTo("BAD Not an object identifier");
  }

  @Test
  void readsNamesInAnyCase() {
    assertThat(parse("noop")).isEqualTo(new ImapCommand.Noop());
    assertThat(parse("Uid Expunge 4:6"))
        .isEqualTo(new ImapCommand.Expunge(Optional.of(SequenceSet.of(4, 6))));
  }

  @Test
  void letsTrailingSpacesPass() {
    assertThat(parse("CAPABILITY  ")).isEqualTo(new ImapCommand.Capability());
  }

  @Test
  void writesInboxInCapitals() {
    assertThat(parse("SELECT inbox"))
        .isEqualTo(new ImapCommand.Select("INBOX", SelectParameters.NONE));
    assertThat(parse("SELECT \"inBox/a\""))
        .isEqualTo(new ImapCommand.Select("INBOX/a", SelectParameters.NONE));
    assertThat(parse("SELECT inboxes"))
        .isEqualTo(new ImapCommand.Select("inboxes", SelectParameters.NONE));
  }

  @Test
  void decodesMailboxNames() {
    assertThat(parse("EXAMINE Entw&APw-rfe"))
        .isEqualTo(new ImapCommand.Examine("Entwürfe", SelectParameters.NONE));
    assertThat(refusal("SELECT R&D")).startsWith("NO [CANNOT] ");
  }

  @Test
  void knowsThatATrailingSeparatorAnnouncesChildren() {
    assertThat(parse("CREATE a/b/")).isEqualTo(new ImapCommand.Create("a/b", true, Set.of()));
    assertThat(parse("CREATE a/b")).isEqualTo(new ImapCommand.Create("a/b", false, Set.of()));
  }

  @Test
  void readsLoginWithQuotesAndEscapes() {
    ImapCommand.Login login = (ImapCommand.Login) parse("LOGIN alice@a.test \"p\\\"\\\\ w\"");
    assertThat(login.name()).isEqualTo("alice@a.test");
    assertThat(new String(login.password().octets(), StandardCharsets.UTF_8)).isEqualTo("p\"\\ w");
    assertThat(login.toString()).doesNotContain("p\"");
  }

  @Test
  void readsAuthenticateWithInitialResponse() {
    assertThat(parse("AUTHENTICATE plain AGEAYg=="))
        .isEqualTo(new ImapCommand.Authenticate("PLAIN", Optional.of("AGEAYg==")));
    assertThat(parse("AUTHENTICATE PLAIN ="))
        .isEqualTo(new ImapCommand.Authenticate("PLAIN", Optional.of("=")));
  }

  @Test
  void readsThunderbirdsIdWithNilAndRepeatedFields() {
    assertThat(parse("ID (\"name\" \"Thunderbird\" \"version\" NIL \"NAME\" \"again\")"))
        .isEqualTo(new ImapCommand.Id(Map.of("name", "Thunderbird")));
    assertThat(parse("ID NIL")).isEqualTo(new ImapCommand.Id(Map.of()));
  }

  @Test
  void readsThunderbirdsList() {
    assertThat(parse("list (subscribed) \"\" \"*\" return (special-use)"))
        .isEqualTo(
            new ImapCommand.List(
                "",
                List.of(new ListPattern("*")),
                Set.of(ListSelection.SUBSCRIBED),
                Set.of(ListReturn.SPECIAL_USE),
                List.of(),
                List.of(),
                true));
  }

  @Test
  void readsListWithSeveralPatterns() {
    assertThat(parse("LIST () \"\" (INBOX a/%) RETURN (CHILDREN SUBSCRIBED)"))
        .isEqualTo(
            new ImapCommand.List(
                "",
                List.of(new ListPattern("INBOX"), new ListPattern("a/%")),
                Set.of(),
                Set.of(ListReturn.CHILDREN, ListReturn.SUBSCRIBED),
                List.of(),
                List.of(),
                true));
    assertThat(parse("LIST \"\" \"\""))
        .isEqualTo(
            new ImapCommand.List(
                "", List.of(new ListPattern("")), Set.of(), Set.of(), List.of(), List.of(), false));
  }

  @Test
  void readsWhoseRightsAreToBecomeWhat() {
    assertThat(parse("SETACL INBOX bob@a.test lrs"))
        .isEqualTo(new ImapCommand.SetAcl("INBOX", "bob@a.test", StoreAction.REPLACE, "lrs"));
    assertThat(parse("SETACL x -anyone +c"))
        .isEqualTo(new ImapCommand.SetAcl("x", "-anyone", StoreAction.ADD, "c"));
    assertThat(parse("setacl x {7+}\r\nb\u00c3\u00b6b@\u00c3\u00a4 \"-\""))
        .isEqualTo(new ImapCommand.SetAcl("x", "b\u00f6b@\u00e4", StoreAction.REMOVE, ""));
    assertThat(parse("SETACL x bob \"\""))
        .isEqualTo(new ImapCommand.SetAcl("x", "bob", StoreAction.REPLACE, ""));
    assertThat(parse("DELETEACL \"Other Users/bob/INBOX\" anyone"))
        .isEqualTo(new ImapCommand.DeleteAcl("Other Users/bob/INBOX", "anyone"));
    assertThat(parse("LISTRIGHTS inbox anyone"))
        .isEqualTo(new ImapCommand.ListRights("INBOX", "anyone"));
    assertThat(parse("GETACL x")).isEqualTo(new ImapCommand.GetAcl("x"));
    assertThat(parse("MYRIGHTS x")).isEqualTo(new ImapCommand.MyRights("x"));
    assertThat(((ImapCommand.List) parse("LIST \"\" % RETURN (MYRIGHTS)")).returns())
        .containsExactly(ListReturn.MYRIGHTS);
  }

  @Test
  void readsWhichAnnotationsAreWanted() {
    ImapCommand one =
        new ImapCommand.GetMetadata(
            "INBOX", List.of("/shared/comment"), OptionalLong.empty(), MetadataDepth.ZERO);
    assertThat(parse("GETMETADATA INBOX /Shared/Comment")).isEqualTo(one);
    assertThat(parse("getmetadata inbox (\"/shared/comment\")")).isEqualTo(one);
    ImapCommand some =
        new ImapCommand.GetMetadata(
            "", List.of("/private", "/shared/a"), OptionalLong.of(1024), MetadataDepth.INFINITY);
    assertThat(parse("GETMETADATA (MAXSIZE 1024 DEPTH infinity) \"\" (/private /shared/a)"))
        .isEqualTo(some);
    assertThat(parse("GETMETADATA \"\" (depth Infinity maxsize 1024) (/private /shared/a)"))
        .isEqualTo(some);
    assertThat(((ImapCommand.List) parse("LIST \"\" % RETURN (METADATA (/shared/a))")).metadata())
        .containsExactly("/shared/a");
  }

  @Test
  void readsWhatAnnotationsAreToBecome() {
    assertThat(parse("SETMETADATA x (/private/a NIL /shared/b \"\" /Shared/c ~{3+}\r\na\0c)"))
        .isEqualTo(
            new ImapCommand.SetMetadata(
                "x",
                Map.of(
                    "/private/a",
                    Optional.empty(),
                    "/shared/b",
                    Optional.of(Octets.of(new byte[0])),
                    "/shared/c",
                    Optional.of(Octets.of(new byte[] {'a', 0, 'c'})))));
    assertThat(refusal("SETMETADATA x (/private/a {16385+}\r\n" + "x".repeat(16385) + ")"))
        .startsWith("NO [METADATA MAXSIZE 16384] ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GETMETADATA",
        "GETMETADATA x",
        "GETMETADATA x ()",
        "GETMETADATA x comment",
        "GETMETADATA x /shared/",
        "GETMETADATA x /shared//a",
        "GETMETADATA x \"/shared/*\"",
        "GETMETADATA x (/shared/a",
        "GETMETADATA (DEPTH 2) x /shared/a",
        "GETMETADATA (MAXSIZE) x /shared/a",
        "GETMETADATA (SIZE 1) x /shared/a",
        "GETMETADATA (DEPTH 1) x (DEPTH 1) /shared/a",
        "SETMETADATA x",
        "SETMETADATA x ()",
        "SETMETADATA x (/shared/a)",
        "SETMETADATA x (/shared NIL)",
        "SETMETADATA x /shared/a NIL",
        "SETMETADATA x (/shared/a b)",
        "LIST \"\" % RETURN (METADATA)"
      })
  void refusesWhatNamesNoAnnotations(String line) {
    assertThat(refusal(line)).startsWith("BAD ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SETACL", "SETACL x", "SETACL x bob", "SETACL x bob ", "SETACL x bob l r",
        "SETACL x {1+}\r\n\u00ff l", "DELETEACL x", "GETACL", "GETACL x y", "LISTRIGHTS x",
        "MYRIGHTS", "LIST (MYRIGHTS) \"\" *"
      })
  void refusesWhatNamesNoRights(String line) {
    assertThat(refusal(line)).startsWith("BAD ");
  }

  @Test
  void readsStatusItemsThatListIsToReturn() {
    ImapCommand.List list =
        (ImapCommand.List)
            parse("LIST \"\" % RETURN (SUBSCRIBED STATUS (UNSEEN MESSAGES size) CHILDREN)");
    assertThat(list.returns())
        .containsExactlyInAnyOrder(ListReturn.SUBSCRIBED, ListReturn.CHILDREN);
    assertThat(list.status())
        .containsExactly(StatusItem.MESSAGES, StatusItem.UNSEEN, StatusItem.SIZE);
    assertThat(list.extended()).isTrue();
    assertThat(parse("LIST \"\" % RETURN (STATUS (HIGHESTMODSEQ))").isCondstoreEnabling()).isTrue();
    assertThat(list.isCondstoreEnabling()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "LIST (RECURSIVEMATCH) \"\" *",
        "LIST (RECURSIVEMATCH REMOTE) \"\" *",
        "LIST (SUBSCRIBEDREMOTE) \"\" *",
        "LIST \"\" * RETURN (STATUS)",
        "LIST \"\" * RETURN (STATUS ())",
        "LIST \"\" * RETURN (STATUS (MESSAGES X))",
        "LIST \"\" * RETURN (STATUS(MESSAGES))",
        "LIST \"\" * RETURN",
        "LIST \"\" *  RETURN ()",
      })
  void refusesListOptionsItDoesNotHave(String line) {
    assertThat(refusal(line)).startsWith("BAD ");
  }

  @Test
  void readsThunderbirdsHeaderFetch() {
    ImapCommand.Fetch fetch =
        (ImapCommand.Fetch)
            parse(
                "UID fetch 1,3:5,9:* (UID RFC822.SIZE FLAGS BODY.PEEK[HEADER.FIELDS (From To"
                    + " Message-ID)])");
    assertThat(fetch.byUid()).isTrue();
    assertThat(fetch.messages().toString()).isEqualTo("1,3:5,9:*");
    assertThat(fetch.items())
        .containsExactly(
            new FetchItem.UniqueId(),
            new FetchItem.Size(),
            new FetchItem.MessageFlags(),
            new FetchItem.Body(
                new BodySection(
                    List.of(), BodySection.Text.HEADER_FIELDS, List.of("From", "To", "Message-ID")),
                true,
                Optional.empty(),
                "BODY[HEADER.FIELDS (From To Message-ID)]"));
  }

  @Test
  void readsSectionsAndPartials() {
    assertThat(section("BODY[]")).isEqualTo("BODY[]");
    assertThat(section("BODY[1.2.3]")).isEqualTo("BODY[1.2.3]");
    assertThat(section("body[4.1.mime]")).isEqualTo("BODY[4.1.MIME]");
    assertThat(section("BODY[4.HEADER.FIELDS.NOT (\"X Y\" a)]"))
        .as("not a field name, so not accepted")
        .isNull();
    assertThat(section("BODY[TEXT]<0.65536>")).isEqualTo("BODY[TEXT]");
    FetchItem.Body body =
        (FetchItem.Body) ((ImapCommand.Fetch) parse("FETCH 1 BODY[]<5.6>")).items().get(0);
    assertThat(body.partial()).contains(new FetchItem.Partial(5, 6));
  }

  private static @org.jspecify.annotations.Nullable String section(String item) {
    return switch (new Commands("a FETCH 1 " + item + "\r\n").next()) {
      case CommandReader.Received.Command received ->
          ((FetchItem.Body) ((ImapCommand.Fetch) received.command()).items().get(0)).label();
      case CommandReader.Received.Unacceptable u -> null;
      case CommandReader.Received.End e -> null;
    };
  }

  @Test
  void spreadsMacros() {
    assertThat(((ImapCommand.Fetch) parse("FETCH 1 FAST")).items()).hasSize(3);
    assertThat(((ImapCommand.Fetch) parse("FETCH 1 ALL")).items()).hasSize(4);
    assertThat(((ImapCommand.Fetch) parse("FETCH 1 FULL")).items())
        .hasSize(5)
        .contains(new FetchItem.BodyStructure(false));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "FETCH 1 (ALL)",
        "FETCH 1 BODY.PEEK",
        "FETCH 1 BODY[MIME]",
        "FETCH 1 BODY[0]",
        "FETCH 1 BODY[1.]",
        "FETCH 1 BODY[]<0.0>",
        "FETCH 1 ()",
        "FETCH 0 FLAGS",
        "FETCH 1, FLAGS",
        "FETCH 4294967296 FLAGS",
        "FETCH 1",
        "UID",
        "UID NOOP",
        "XYZZY",
        "LOGIN a",
        "LOGIN a \"b",
        "LOGIN a \"b\\c\"",
        "STORE 1 FLAGZ \\Seen",
        "STORE 1 +FLAGS",
        "APPEND INBOX {1",
        "APPEND INBOX ~ {1}",
        "APPEND INBOX CATENATE",
        "APPEND INBOX CATENATE ()",
        "APPEND INBOX CATENATE (URL)",
        "APPEND INBOX CATENATE (TEXT x)",
        "APPEND INBOX ~~{1}",
        "SELECT ~{1}",
        "FETCH 1 BINARY",
        "FETCH 1 BINARY.PEEK",
        "FETCH 1 BINARY[TEXT]",
        "FETCH 1 BINARY[1.MIME]",
        "FETCH 1 BINARY[1.]",
        "FETCH 1 BINARY[0]",
        "FETCH 1 BINARY[1]<0.0>",
        "FETCH 1 BINARY[1",
        "FETCH 1 BINARY.SIZE[1]<0.5>",
        "FETCH 1 BINARY.SIZE.PEEK[1]",
        "REPLACE 1:2 INBOX {1}",
        "REPLACE 1,2 INBOX {1}",
        "REPLACE $ INBOX {1}",
        "REPLACE 0 INBOX {1}",
        "UID REPLACE INBOX {1}",
        "REPLACE 1 INBOX",
        "APPEND INBOX {1}x",
        "APPEND INBOX \"32-Jan-2020 00:00:00 +0000\" {1}",
        "SEARCH",
        "SEARCH RETURN",
        "SEARCH RETURN ALL",
        "SEARCH RETURN ()",
        "SEARCH RETURN (COUNT)",
        "SEARCH RETURN (COUNT",
        "SEARCH RETURN (COUNT ) ALL",
        "SEARCH RETURN ( COUNT) ALL",
        "SEARCH RETURN (COUNT)ALL",
        "SEARCH RETURN (COUNT,MIN) ALL",
        "SEARCH RETURN (MEDIAN) ALL",
        "SEARCH RETURN (CONTEXT) ALL",
        "SEARCH RETURN (COUNT) RETURN (MIN) ALL",
        "SEARCH CHARSET UTF-8 RETURN (COUNT) ALL",
        "SEARCH OLDER 0",
        "SEARCH OLDER -1",
        "SEARCH OLDER 1.5",
        "SEARCH OLDER 4294967296",
        "SEARCH YOUNGER",
        "SEARCH YOUNGER 99999999999999999999999999",
        "SEARCH $,1",
        "SEARCH 1,$",
        "SEARCH $:*",
        "SEARCH UID $,$",
        "FETCH $$ FLAGS",
        "FETCH $:1 FLAGS",
        "FETCH $FLAGS",
        "UID STORE 1:$ +FLAGS x",
        "COPY $,3 INBOX",
        "UID EXPUNGE $,1",
        "UID EXPUNGE",
        "SELECT INBOX (CONDSTORE",
        "SELECT INBOX (CONDSTORE X)",
        "EXAMINE INBOX ()",
        "STATUS INBOX (HIGHESTMODSEQ 1)",
        "FETCH 1 FLAGS (CHANGEDSINCE)",
        "FETCH 1 FLAGS (CHANGEDSINCE 0)",
        "FETCH 1 FLAGS (CHANGEDSINCE 9223372036854775808)",
        "FETCH 1 FLAGS (CHANGEDSINCE 99999999999999999999999)",
        "FETCH 1 FLAGS (CHANGEDSINCE 1 CHANGEDSINCE 2)",
        "FETCH 1 FLAGS (UNCHANGEDSINCE 1)",
        "FETCH 1 FLAGS(CHANGEDSINCE 1)",
        "STORE 1 (UNCHANGEDSINCE) FLAGS ()",
        "STORE 1 (UNCHANGEDSINCE -1) FLAGS ()",
        "STORE 1 (UNCHANGEDSINCE 9223372036854775808) FLAGS ()",
        "STORE 1 (UNCHANGEDSINCE 1)FLAGS ()",
        "STORE 1 FLAGS () (UNCHANGEDSINCE 1)",
        "SEARCH MODSEQ",
        "SEARCH MODSEQ x",
        "SEARCH MODSEQ 9223372036854775808",
        "SEARCH MODSEQ all 1",
        "SEARCH MODSEQ \"/flags/x\" 1",
        "SEARCH MODSEQ \"/flags/x\" some 1",
        "SEARCH MODSEQ \"/flags/\" all 1",
        "SEARCH MODSEQ \"/vendor/x\" all 1",
        "SEARCH BEFORE 31-Feb-2020",
        "",
      })
  void refusesWhatIsNotInTheGrammar(String line) {
    assertThat(refusal(line)).startsWith("BAD ");
  }

  @Test
  void readsStoreFlagsInEveryForm() {
    ImapCommand.Store store =
        (ImapCommand.Store) parse("UID STORE 1:2 -FLAGS.SILENT (\\Seen $Junk \\Recent)");
    assertThat(store.action()).isEqualTo(StoreAction.REMOVE);
    assertThat(store.silent()).isTrue();
    assertThat(store.flags()).containsExactly("\\Seen", "$Junk");
    assertThat(((ImapCommand.Store) parse("STORE 1 FLAGS \\Seen \\Deleted")).flags())
        .containsExactly("\\Seen", "\\Deleted");
    assertThat(((ImapCommand.Store) parse("STORE 1 FLAGS ()")).flags()).isEmpty();
  }

  @Test
  void readsModSequencesOfAllSixtyThreeBits() {
    assertThat(fetch("FETCH 1 FLAGS").changedSince()).isEmpty();
    assertThat(fetch("FETCH 1 FLAGS  ").changedSince()).isEmpty();
    assertThat(fetch("UID FETCH 1:* (FLAGS MODSEQ) (changedsince 12345)").changedSince())
        .hasValue(12345);
    assertThat(fetch("FETCH 1 BODY[]<0.1> (CHANGEDSINCE 9223372036854775807)").changedSince())
        .hasValue(Long.MAX_VALUE);
    ImapCommand.Store store =
        (ImapCommand.Store) parse("STORE 7,5 (UNCHANGEDSINCE 0) +FLAGS.SILENT (\\Deleted)");
    assertThat(store.unchangedSince()).hasValue(0);
    assertThat(store.flags()).containsExactly("\\Deleted");
    assertThat(((ImapCommand.Store) parse("STORE 7 FLAGS ()")).unchangedSince()).isEmpty();
    assertThat(search("SEARCH MODSEQ 9223372036854775807").key())
        .isEqualTo(new SearchKey.ModSeq(Long.MAX_VALUE));
    assertThat(search("SEARCH MODSEQ \"/flags/\\\\draft\" ALL 0").key())
        .isEqualTo(new SearchKey.ModSeq(0));
  }

  /** RFC 7162 section 3.1. */
  @Test
  void knowsWhichCommandsEnableCondstore() {
    for (String line :
        List.of(
            "ENABLE X CONDSTORE",
            "STATUS x (MESSAGES HIGHESTMODSEQ)",
            "FETCH 1 MODSEQ",
            "UID FETCH 1 (UID MODSEQ)",
            "FETCH 1 FLAGS (CHANGEDSINCE 1)",
            "SEARCH OR SEEN NOT (UID 1 MODSEQ 1)",
            "STORE 1 (UNCHANGEDSINCE 0) FLAGS ()")) {
      assertThat(parse(line).isCondstoreEnabling()).as(line).isTrue();
    }
    for (String line :
        List.of(
            "ENABLE X",
            "STATUS x (MESSAGES)",
            "FETCH 1 ALL",
            "SEARCH OR SEEN NOT (UID 1 TEXT MODSEQ)",
            "STORE 1 FLAGS ()",
            "NOOP")) {
      assertThat(parse(line).isCondstoreEnabling()).as(line).isFalse();
    }
    assertThat(parse("SELECT x (condstore)"))
        .isEqualTo(new ImapCommand.Select("x", new SelectParameters(true, Optional.empty())));
    assertThat(parse("EXAMINE x (CONDSTORE) "))
        .isEqualTo(new ImapCommand.Examine("x", new SelectParameters(true, Optional.empty())));
  }

  private static Optional<SelectParameters.Resync> resync(String line) {
    return ((ImapCommand.Select) parse(line)).parameters().resync();
  }

  @Test
  void readsWhatAClientKnowsOfAMailbox() {
    assertThat(resync("SELECT x (QRESYNC (67890007 20050715194045000 41,43:211 (1:2,4 41,43:44)))"))
        .contains(
            new SelectParameters.Resync(
                67890007,
                20050715194045000L,
                Optional.of(
                    new SequenceSet(
                        List.of(new SequenceSet.Range(41, 41), new SequenceSet.Range(43, 211)))),
                Optional.of(
                    new SelectParameters.Sample(
                        new SequenceSet(
                            List.of(new SequenceSet.Range(1, 2), new SequenceSet.Range(4, 4))),
                        new SequenceSet(
                            List.of(
                                new SequenceSet.Range(41, 41), new SequenceSet.Range(43, 44)))))));
    assertThat(resync("SELECT x (qresync (1 2 (1 3)) condstore)").orElseThrow().known()).isEmpty();
    assertThat(resync("SELECT x (QRESYNC (1 2 5))").orElseThrow().sample()).isEmpty();
    assertThat(((ImapCommand.Enable) parse("ENABLE x qresync")).isQresyncEnabling()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT x (QRESYNC)",
        "SELECT x (QRESYNC ())",
        "SELECT x (QRESYNC (1 2)",
        "SELECT x (QRESYNC (1 2 ))",
        "SELECT x (QRESYNC (4294967296 2))",
        "SELECT x (QRESYNC (1 9223372036854775808))",
        "SELECT x (QRESYNC (1 2 *))",
        "SELECT x (QRESYNC (1 2 1:5 ()))",
        "SELECT x (QRESYNC (1 2 1:5 (1)))",
        "SELECT x (QRESYNC (1 2 1:5 (1,1 4,5)))",
        "SELECT x (QRESYNC (1 2 1:5 (2:1 4:5)))",
        "SELECT x (QRESYNC (1 2 1:5 (1:4294967295 1:4294967294)))",
        "SELECT x (QRESYNC (1 2 1:5 (1 1) 3))",
      })
  void refusesWhatNoClientCanKnow(String line) {
    assertThat(refusal(line)).startsWith("BAD ");
  }

  @Test
  void knowsWhichSearchCountsMessages() {
    for (String line : List.of("UID SEARCH 1:5", "UID SEARCH OR SEEN NOT (UID 5 2)")) {
      assertThat(CommandFacts.of(parse(line)).expungeMayFollow()).as(line).isFalse();
    }
    for (String line : List.of("UID SEARCH UID 1:5", "UID SEARCH OR SEEN NOT $")) {
      assertThat(CommandFacts.of(parse(line)).expungeMayFollow()).as(line).isTrue();
    }
    assertThat(CommandFacts.of(parse("SEARCH ALL")).expungeMayFollow()).isFalse();
  }

  private static ImapCommand.Fetch fetch(String line) {
    return (ImapCommand.Fetch) parse(line);
  }

  @Test
  void readsAppendUpToItsMessage() {
    assertThat(parse("APPEND Sent (\\Seen) \" 7-Jul-1996 02:44:25 -0700\" {310+}"))
        .isEqualTo(
            new ImapCommand.Append(
                "Sent",
                new AppendMessage(
                    List.of("\\Seen"),
                    Optional.of(OffsetDateTime.parse("1996-07-07T02:44:25-07:00")),
                    new LiteralHead(310, true))));
  }

  @Test
  void readsTheAnnouncementOfAMessageWithNul() {
    assertThat(parse("APPEND x ~{7}"))
        .isEqualTo(
            new ImapCommand.Append(
                "x",
                new AppendMessage(
                    List.of(), Optional.empty(), new LiteralHead(7, false, true, false))));
    assertThat(((ImapCommand.Append) parse("APPEND x (a) ~{7+}")).message().parts().octets())
        .contains(new LiteralHead(7, true, true, false));
  }

  @Test
  void readsTheAnnouncementOfAMessageWithUtf8InItsHeader() {
    AppendParts parts = ((ImapCommand.Append) parse("APPEND x utf8 (~{7}")).message().parts();
    assertThat(parts).isEqualTo(AppendParts.whole(new LiteralHead(7, false, true, true)));
    parts = ((ImapCommand.Append) parse("APPEND x CATENATE (UTF8 (~{7+}")).message().parts();
    assertThat(parts.octets()).contains(new LiteralHead(7, true, true, true));
    assertThat(parts.more()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"APPEND x UTF8 ({7}", "APPEND x UTF8 ~{7}", "APPEND x UTF8 (~{7})"})
  void refusesMessagesThatAreNotEnclosed(String line) {
    assertThat(refusal(line)).startsWith("BAD ");
  }

  @Test
  void readsPartsWithoutTheirEncoding() {
    assertThat(items("FETCH 1 (BINARY[] BINARY.PEEK[1.2]<5.6> binary.size[3] BINARY[1]<0.1>)"))
        .containsExactly(
            new FetchItem.Binary(List.of(), false, Optional.empty()),
            new FetchItem.Binary(List.of(1, 2), true, Optional.of(new FetchItem.Partial(5, 6))),
            new FetchItem.BinarySize(List.of(3)),
            new FetchItem.Binary(List.of(1), false, Optional.of(new FetchItem.Partial(0, 1))));
  }

  private static List<FetchItem> items(String line) {
    return ((ImapCommand.Fetch) parse(line)).items();
  }

  @Test
  void readsReplaceUpToItsMessage() {
    AppendMessage message =
        new AppendMessage(List.of(), Optional.empty(), new LiteralHead(310, false));
    assertThat(parse("REPLACE 4 Drafts {310}"))
        .isEqualTo(new ImapCommand.Replace(false, SequenceSet.of(4, 4), "Drafts", message));
    assertThat(parse("uid replace * INBOX {310}"))
        .isEqualTo(
            new ImapCommand.Replace(
                true, SequenceSet.of(SequenceSet.LARGEST, SequenceSet.LARGEST), "INBOX", message));
  }

  @Test
  void readsTheLimitOfAppendAmongStatusItems() {
    assertThat(parse("STATUS x (appendlimit)"))
        .isEqualTo(new ImapCommand.Status("x", List.of(ImapCommand.StatusItem.APPENDLIMIT)));
  }

  @Test
  void readsSearchKeys() {
    assertThat(parse("SEARCH CHARSET utf-8 OR FROM x NOT (SEEN 1:3) SINCE 1-Feb-1994"))
        .isEqualTo(
            new ImapCommand.Search(
                false,
                Set.of(),
                Optional.empty(),
                Optional.of("UTF-8"),
                new SearchKey.And(
                    List.of(
                        new SearchKey.Or(
                            new SearchKey.Header("FROM", "x"),
                            new SearchKey.Not(
                                new SearchKey.And(
                                    List.of(
                                        new SearchKey.HasFlag("\\Seen"),
                                        new SearchKey.Numbered(false, SequenceSet.of(1, 3)))))),
                        new SearchKey.Dated(
                            false, SearchKey.Relation.SINCE, LocalDate.of(1994, 2, 1))))));
  }

  private static ImapCommand.Search search(String line) {
    return (ImapCommand.Search) parse(line);
  }

  @Test
  void readsWhatSearchIsToReturn() {
    assertThat(parse("uid search return (min MAX Count save) charset utf-8 seen"))
        .isEqualTo(
            new ImapCommand.Search(
                true,
                Set.of(SearchReturn.MIN, SearchReturn.MAX, SearchReturn.COUNT, SearchReturn.SAVE),
                Optional.empty(),
                Optional.of("UTF-8"),
                new SearchKey.HasFlag("\\Seen")));
    assertThat(search("SEARCH SEEN").returns()).isEmpty();
  }

  @Test
  void readsWhichPartOfWhatIsFoundIsWanted() {
    ImapCommand.Search search = search("SEARCH RETURN (SAVE partial -1:-100 MIN) ALL");
    assertThat(search.partial()).contains(new PartialRange(1, 100, true));
    assertThat(search.partial().orElseThrow()).hasToString("-1:-100");
    assertThat(search.returns())
        .containsExactlyInAnyOrder(SearchReturn.SAVE, SearchReturn.PARTIAL, SearchReturn.MIN);
    assertThat(fetch("UID FETCH 1:9 (FLAGS) (PARTIAL 500:400 CHANGEDSINCE 3)").partial())
        .contains(new PartialRange(500, 400, false));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SEARCH RETURN (PARTIAL) ALL",
        "SEARCH RETURN (PARTIAL 1) ALL",
        "SEARCH RETURN (PARTIAL 0:1) ALL",
        "SEARCH RETURN (PARTIAL 1:*) ALL",
        "SEARCH RETURN (PARTIAL -1:5) ALL",
        "SEARCH RETURN (PARTIAL 1:-5) ALL",
        "SEARCH RETURN (PARTIAL 1:4294967296) ALL",
        "SEARCH RETURN (PARTIAL 1:5 PARTIAL 6:10) ALL",
        "SEARCH RETURN (PARTIAL 1:5 ALL) ALL",
        "SORT RETURN (PARTIAL 1:5) (DATE) UTF-8 ALL",
        "FETCH 1:9 (FLAGS) (PARTIAL 1:5)",
        "UID FETCH 1:9 (FLAGS) (PARTIAL 1:5 PARTIAL 1:5)",
      })
  void refusesPartsThatAreNone(String line) {
    assertThat(refusal(line)).startsWith("BAD ");
  }

  @Test
  void takesAnEmptyListOfReturnsForAll() {
    assertThat(search("SEARCH RETURN () 1:2").returns()).containsExactly(SearchReturn.ALL);
  }

  @Test
  void takesAReturnThatIsNamedAgainForOne() {
    assertThat(search("SEARCH RETURN (MIN MIN ALL min) ALL").returns())
        .containsExactlyInAnyOrder(SearchReturn.MIN, SearchReturn.ALL);
  }

  @Test
  void readsTheMarkOfWhatWasSavedWhereverASetMayStand() {
    assertThat(parse("FETCH $ (FLAGS)"))
        .isEqualTo(
            new ImapCommand.Fetch(
                false,
                SequenceSet.SAVED,
                List.of(new FetchItem.MessageFlags()),
                OptionalLong.empty(),
                false,
                Optional.empty()));
    assertThat(((ImapCommand.Store) parse("UID STORE $ +FLAGS $x")).messages().isSaved()).isTrue();
    assertThat(parse("UID COPY $ Trash"))
        .isEqualTo(new ImapCommand.Copy(true, SequenceSet.SAVED, "Trash"));
    assertThat(parse("MOVE $ $")).isEqualTo(new ImapCommand.Move(false, SequenceSet.SAVED, "$"));
    assertThat(parse("UID EXPUNGE $"))
        .isEqualTo(new ImapCommand.Expunge(Optional.of(SequenceSet.SAVED)));
    assertThat(search("SEARCH $").key())
        .isEqualTo(new SearchKey.Numbered(false, SequenceSet.SAVED));
    assertThat(search("SEARCH (OR $ UID $)").key())
        .isEqualTo(
            new SearchKey.And(
                List.of(
                    new SearchKey.Or(
                        new SearchKey.Numbered(false, SequenceSet.SAVED),
                        new SearchKey.Numbered(true, SequenceSet.SAVED)))));
  }

  @Test
  void readsIntervals() {
    assertThat(search("SEARCH OLDER 4294967295").key())
        .isEqualTo(new SearchKey.Within(true, 4294967295L));
    assertThat(search("SEARCH NOT younger 1").key())
        .isEqualTo(new SearchKey.Not(new SearchKey.Within(false, 1)));
  }

  /** RFC 5182 section 2.1. */
  @Test
  void tellsWhetherARefusedSearchEmptiesWhatWasSaved() {
    assertThat(emptiesSaved("SEARCH RETURN (SAVE) CHARSET KOI8-R TEXT x")).isTrue();
    assertThat(emptiesSaved("UID SEARCH RETURN (MIN SAVE) " + "1,".repeat(20_000) + "1")).isTrue();
    assertThat(emptiesSaved("SEARCH RETURN (SAVE) TEXT {70000}")).isTrue();
    assertThat(emptiesSaved("SEARCH RETURN (SAVE) OLDER 0")).as("BAD").isFalse();
    assertThat(emptiesSaved("SEARCH RETURN (SAVE MEDIAN) ALL")).as("BAD").isFalse();
    assertThat(emptiesSaved("SEARCH RETURN (COUNT) CHARSET KOI8-R TEXT x")).isFalse();
    assertThat(emptiesSaved("SEARCH CHARSET KOI8-R TEXT x")).isFalse();
    assertThat(emptiesSaved("FETCH " + "1,".repeat(20_000) + "1 FLAGS")).isFalse();
  }

  private static boolean emptiesSaved(String line) {
    return ((CommandReader.Received.Unacceptable) new Commands("a " + line + "\r\n").next())
        .emptiesSaved();
  }

  @Test
  void namesTheCharsetsItHas() {
    assertThat(refusal("SEARCH CHARSET KOI8-R TEXT x"))
        .startsWith("NO [BADCHARSET (US-ASCII UTF-8)] ");
  }

  @Test
  void bindsTheDepthOfSearchKeys() {
    assertThat(parse("SEARCH " + "NOT ".repeat(40) + "SEEN")).isNotNull();
    assertThat(refusal("SEARCH " + "NOT ".repeat(10_000) + "SEEN")).startsWith("BAD ");
    assertThat(refusal("SEARCH " + "(".repeat(60_000))).startsWith("BAD ");
  }

  @Test
  void bindsTheRangesOfASequenceSet() {
    assertThat(refusal("FETCH " + "1,".repeat(20_000) + "1 FLAGS")).startsWith("NO [LIMIT] ");
  }
}
