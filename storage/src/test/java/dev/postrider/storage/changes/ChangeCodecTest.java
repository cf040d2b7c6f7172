package dev.postrider.storage.changes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.postrider.protocol.address.MailAddress;
import dev.postrider.protocol.text.Octets;
import dev.postrider.storage.accounts.AccountId;
import dev.postrider.storage.mailboxes.Grantee;
import dev.postrider.storage.mailboxes.MailboxId;
import dev.postrider.storage.mailboxes.Right;
import dev.postrider.storage.mailboxes.Rights;
import dev.postrider.storage.mailboxes.SpecialUse;
import dev.postrider.storage.messages.BodyId;
import dev.postrider.storage.messages.Flags;
import dev.postrider.storage.messages.ModSeq;
import dev.postrider.storage.messages.SystemFlag;
import dev.postrider.storage.messages.Uid;
import dev.postrider.storage.messages.UidSet;
import dev.postrider.storage.queue.QueueEntry;
import dev.postrider.storage.queue.QueueId;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ChangeCodecTest {

  private static final MailboxId INBOX = new MailboxId(7);
  private static final AccountId ALICE = new AccountId(3);
  private static final Instant NOW = Instant.parse("2026-11-23T10:00:00.123Z");
  private static final MailAddress ADDRESS = new MailAddress("Jürgen o'x", "bücher.test");

  private static final List<Change> ALL =
      List.of(
          new Change.BodyStored(
              new BodyId(Long.MAX_VALUE), new BodyLocation(12, 1L << 40, 50_000_000_000L, -1)),
          new Change.MessageFiled(
              INBOX,
              new Uid(Uid.MAX),
              new ModSeq(Long.MAX_VALUE),
              new BodyId(1),
              0,
              Flags.of(Set.of(SystemFlag.SEEN, SystemFlag.DRAFT), Set.of("$Forwarded", "work")),
              Instant.parse("1969-12-31T23:59:59Z"),
              Instant.parse("2106-02-07T06:28:16Z")),
          new Change.MessageFiled(
              INBOX, new Uid(2), new ModSeq(3), new BodyId(2), 1, Flags.NONE, NOW, null),
          new Change.FlagsChanged(
              INBOX,
              new ModSeq(9),
              List.of(
                  new Change.FlagGroup(Flags.NONE, UidSet.of(1, 2, 3, 900_000)),
                  new Change.FlagGroup(Flags.of(SystemFlag.DELETED), UidSet.of(4)))),
          new Change.Expunged(INBOX, new ModSeq(10), UidSet.of(1, Uid.MAX), NOW, true),
          new Change.Forgotten(INBOX, UidSet.of(1, 7)),
          new Change.BodyMoved(new BodyId(7), new BodyLocation(12, 112, 5, -3)),
          new Change.BodyStored(new BodyId(8), new BodyLocation(12, 112, 500, -3, 200)),
          new Change.BodiesDropped(List.of(new BodyId(1L << 40), new BodyId(7), new BodyId(8))),
          new Change.SegmentDropped(Integer.MAX_VALUE),
          new Change.Described(
              new BodyId(7), new BodyDescription(1, 400, -3, new byte[] {1, 0, -1, 127})),
          new Change.NumbersGiven(1, 2, 3, Long.MAX_VALUE),
          new Change.AccountCounted(ALICE, 4_294_967_295L),
          new Change.MailboxCounted(INBOX, 7, new ModSeq(8), 9),
          new Change.MailboxWas(INBOX, ALICE, "old", NOW),
          new Change.ExpungedKept(
              INBOX, new Uid(1), new ModSeq(2), new BodyId(3), 4, Flags.NONE, NOW, NOW),
          new Change.RecentTaken(INBOX, new Uid(5)),
          new Change.MailboxCreated(
              INBOX, ALICE, "Entwürfe/été", 4_294_967_295L, Optional.of(SpecialUse.DRAFTS)),
          new Change.MailboxCreated(INBOX, ALICE, "x", 1, Optional.empty()),
          new Change.MailboxRenamed(INBOX, ALICE, "日本語"),
          new Change.MailboxDeleted(INBOX, ALICE, NOW, true),
          new Change.Subscribed(ALICE, "a/b"),
          new Change.AccessChanged(INBOX, ALICE, Grantee.anyone(), Rights.ALL),
          new Change.AccessChanged(
              INBOX, ALICE, Grantee.of(new AccountId(7)).negated(), Rights.NONE),
          new Change.Unsubscribed(ALICE, ""),
          new Change.Annotated(
              ALICE,
              Optional.of(INBOX),
              "/shared/comment",
              Optional.of(Octets.of(new byte[] {0, -1}))),
          new Change.Annotated(ALICE, Optional.empty(), "/private/x", Optional.empty()),
          new Change.QueueAdded(
              new QueueEntry(
                  new QueueId(1),
                  new BodyId(2),
                  3,
                  Optional.of(ADDRESS),
                  ADDRESS,
                  "trace",
                  true,
                  false,
                  NOW,
                  NOW.plusSeconds(450),
                  2,
                  "451 4.7.1 später",
                  true)),
          new Change.QueueAdded(
              new QueueEntry(
                  new QueueId(1),
                  new BodyId(2),
                  3,
                  Optional.empty(),
                  ADDRESS,
                  "",
                  false,
                  true,
                  NOW,
                  NOW,
                  0,
                  "",
                  false)),
          new Change.QueueDeferred(new QueueId(1), NOW, 4, "timeout", false),
          new Change.QueueDone(new QueueId(1)),
          new Change.QueueRescheduled(new QueueId(1), NOW),
          new Change.AccountCreated(ALICE, ADDRESS, "$argon2id$v=19$x"),
          new Change.CredentialChanged(ALICE, ""),
          new Change.AccountRemoved(ALICE));

  @Test
  void everyChangeComesBackAsItWas() throws Exception {
    Batch all = new Batch(NOW, ALL);
    assertThat(ChangeCodec.decode(ChangeCodec.encode(all))).isEqualTo(all);
    for (Change change : ALL) {
      Batch one = new Batch(NOW, List.of(change));
      assertThat(ChangeCodec.decode(ChangeCodec.encode(one))).isEqualTo(one);
    }
  }

  @Test
  void everyKindOfChangeIsInThisTest() {
    Set<Class<?>> here = ALL.stream().map(Object::getClass).collect(Collectors.toSet());
    assertThat(leaves(Change.class)).isNotEmpty().isSubsetOf(here);
  }

  private static Set<Class<?>> leaves(Class<?> sealed) {
    return Arrays.stream(sealed.getPermittedSubclasses())
        .flatMap(type -> type.isSealed() ? leaves(type).stream() : Stream.of(type))
        .collect(Collectors.toSet());
  }

  /** What is on disks already. When this fails, the version has to change. */
  @Test
  void bytesOfVersion7StayAsTheyAre() {
    List<Change> changes =
        List.of(
            new Change.BodyStored(new BodyId(1), new BodyLocation(1, 112, 300, -2)),
            new Change.MessageFiled(
                new MailboxId(7),
                new Uid(1),
                new ModSeq(2),
                new BodyId(1),
                300,
                Flags.of(Set.of(SystemFlag.SEEN), Set.of("a")),
                Instant.ofEpochSecond(1),
                Instant.ofEpochSecond(6)),
            new Change.Expunged(
                new MailboxId(7),
                new ModSeq(3),
                UidSet.of(5, 6, 10),
                Instant.ofEpochSecond(2),
                true),
            new Change.MailboxDeleted(
                new MailboxId(7), new AccountId(1), Instant.ofEpochSecond(3), false),
            new Change.Forgotten(new MailboxId(7), UidSet.of(5)),
            new Change.Described(
                new BodyId(1), new BodyDescription(1, 200, -2, new byte[] {5, -1})),
            new Change.BodiesDropped(List.of(new BodyId(7), new BodyId(5))),
            new Change.AccessChanged(
                new MailboxId(7),
                new AccountId(1),
                Grantee.of(new AccountId(2)).negated(),
                Rights.of(Right.LOOKUP, Right.READ)),
            new Change.Annotated(
                new AccountId(1),
                Optional.of(new MailboxId(7)),
                "/private/x",
                Optional.of(Octets.of(new byte[] {5, -1}))));
    assertThat(
            HexFormat.of()
                .formatHex(ChangeCodec.encode(new Batch(Instant.ofEpochSecond(4), changes))))
        .isEqualTo(
            "070800"
                + "010202e001d8040300"
                + "020e020402d8040202026102000c"
                + "040e06060a0208"
                + "040001"
                + "080e02060000"
                + "120e020a"
                + "150202900303"
                + "0405ff"
                + "16040e03"
                + "170e02040104"
                + "6c72"
                + "18020e14"
                + "2f707269766174652f78"
                + "010405ff");
  }

  /** Version 6 did not say when messages were saved; all else is as it was. */
  @Test
  void bytesOfVersion6AreStillRead() throws Exception {
    Batch batch =
        ChangeCodec.decode(
            HexFormat.of()
                .parseHex("060800" + "020e020402d804020202610200" + "040e06060a02080400" + "01"));
    assertThat(batch)
        .isEqualTo(
            new Batch(
                Instant.ofEpochSecond(4),
                List.of(
                    new Change.MessageFiled(
                        new MailboxId(7),
                        new Uid(1),
                        new ModSeq(2),
                        new BodyId(1),
                        300,
                        Flags.of(Set.of(SystemFlag.SEEN), Set.of("a")),
                        Instant.ofEpochSecond(1),
                        null),
                    new Change.Expunged(
                        new MailboxId(7),
                        new ModSeq(3),
                        UidSet.of(5, 6, 10),
                        Instant.ofEpochSecond(2),
                        true))));
  }

  /** Version 5 annotated none; all else is as it was. */
  @Test
  void bytesOfVersion5AreStillRead() throws Exception {
    Batch batch = ChangeCodec.decode(HexFormat.of().parseHex("050800" + "170e02040104" + "6c72"));
    assertThat(batch)
        .isEqualTo(
            new Batch(
                Instant.ofEpochSecond(4),
                List.of(
                    new Change.AccessChanged(
                        new MailboxId(7),
                        new AccountId(1),
                        Grantee.of(new AccountId(2)).negated(),
                        Rights.of(Right.LOOKUP, Right.READ)))));
  }

  /** Version 4 shared no mailboxes; all else is as it was. */
  @Test
  void bytesOfVersion4AreStillRead() throws Exception {
    Batch batch =
        ChangeCodec.decode(HexFormat.of().parseHex("040800" + "010202e001d8040300" + "16040e03"));
    assertThat(batch)
        .isEqualTo(
            new Batch(
                Instant.ofEpochSecond(4),
                List.of(
                    new Change.BodyStored(new BodyId(1), new BodyLocation(1, 112, 300, -2)),
                    new Change.BodiesDropped(List.of(new BodyId(7), new BodyId(5))))));
  }

  /** Version 3 dropped bodies with their segment alone, and packed none; all else is as it was. */
  @Test
  void bytesOfVersion3AreStillRead() throws Exception {
    Batch batch =
        ChangeCodec.decode(
            HexFormat.of()
                .parseHex("030800" + "010202e001d80403" + "150202900303" + "0405ff" + "1404"));
    assertThat(batch)
        .isEqualTo(
            new Batch(
                Instant.ofEpochSecond(4),
                List.of(
                    new Change.BodyStored(new BodyId(1), new BodyLocation(1, 112, 300, -2)),
                    new Change.Described(
                        new BodyId(1), new BodyDescription(1, 200, -2, new byte[] {5, -1})),
                    new Change.SegmentDropped(2))));
  }

  /** Version 2 described no bodies; all else is as it was. */
  @Test
  void bytesOfVersion2AreStillRead() throws Exception {
    Batch batch = ChangeCodec.decode(HexFormat.of().parseHex("020800" + "040e06060a0208040001"));
    assertThat(batch)
        .isEqualTo(
            new Batch(
                Instant.ofEpochSecond(4),
                List.of(
                    new Change.Expunged(
                        new MailboxId(7),
                        new ModSeq(3),
                        UidSet.of(5, 6, 10),
                        Instant.ofEpochSecond(2),
                        true))));
  }

  /** Version 1 told neither when a batch was written nor when and why messages left. */
  @Test
  void bytesOfVersion1AreStillRead() throws Exception {
    Batch batch =
        ChangeCodec.decode(
            HexFormat.of().parseHex("01" + "010202e001d80403" + "040e06060a0208" + "080e02"));
    assertThat(batch)
        .isEqualTo(
            new Batch(
                Instant.EPOCH,
                List.of(
                    new Change.BodyStored(new BodyId(1), new BodyLocation(1, 112, 300, -2)),
                    new Change.Expunged(
                        new MailboxId(7), new ModSeq(3), UidSet.of(5, 6, 10), Instant.EPOCH, false),
                    new Change.MailboxDeleted(
                        new MailboxId(7), new AccountId(1), Instant.EPOCH, false))));
  }

  @Test
  void refusesAnUnknownVersion() {
    assertThatExceptionOfType(MalformedChangeException.class)
        .isThrownBy(() -> ChangeCodec.decode(new byte[] {99}))
        .withMessageContaining("99");
  }

  @Test
  void refusesWhatIsCutOrScrambledWithoutAnyOtherException() {
    byte[] good = ChangeCodec.encode(new Batch(NOW, ALL));
    Random random = new Random(4711);
    int refused = 0;
    for (int round = 0; round < 20_000; round++) {
      byte[] bad = Arrays.copyOf(good, 1 + random.nextInt(good.length));
      bad[random.nextInt(bad.length)] = (byte) random.nextInt();
      try {
        ChangeCodec.decode(bad);
      } catch (MalformedChangeException e) {
        refused++;
      }
    }
    assertThat(refused).isGreaterThan(1000);
  }

  @Test
  void credentialsAreNotPrinted() {
    assertThat(new Change.AccountCreated(ALICE, ADDRESS, "secret").toString())
        .doesNotContain("secret");
    assertThat(new Change.CredentialChanged(ALICE, "secret").toString()).doesNotContain("secret");
  }
}
