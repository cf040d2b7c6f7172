package dev.postrider.server.imap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postrider.protocol.imap.ImapWriter;
import dev.postrider.protocol.imap.SequenceSet;
import dev.postrider.storage.StoreException;
import dev.postrider.storage.mailboxes.Mailbox;
import dev.postrider.storage.messages.FlagChange;
import dev.postrider.storage.messages.Flags;
import dev.postrider.storage.messages.MailboxDelta;
import dev.postrider.storage.messages.MailboxIndex;
import dev.postrider.storage.messages.Message;
import dev.postrider.storage.messages.ModSeq;
import dev.postrider.storage.messages.SystemFlag;
import dev.postrider.storage.messages.Uid;
import dev.postrider.storage.messages.UidSet;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SelectedMailboxTest {

  private static final Pattern FETCHED =
      Pattern.compile("\\* \\d+ FETCH \\(UID (\\d+) FLAGS \\(.*\\) MODSEQ \\((\\d+)\\)\\)");

  @TempDir Path directory;
  private ImapRig rig;
  private Mailbox inbox;

  @BeforeEach
  void open() throws StoreException {
    rig = new ImapRig(directory);
    inbox = rig.mailbox("INBOX");
  }

  @AfterEach
  void close() throws StoreException {
    rig.close();
  }

  private SelectedMailbox select() throws StoreException {
    return new SelectedMailbox(Reached.own(inbox), rig.store.messages().open(inbox.id()), false);
  }

  private static List<String> refresh(SelectedMailbox mailbox, boolean expunge) throws Exception {
    return refresh(mailbox, expunge, Awareness.PLAIN);
  }

  private static List<String> refresh(SelectedMailbox mailbox, boolean expunge, Awareness awareness)
      throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    var _ = mailbox.refresh(new ImapWriter(out), expunge, true, ImapRig.dialect(awareness));
    return out.toString(StandardCharsets.US_ASCII).lines().toList();
  }

  private void deliver(int messages) throws StoreException {
    for (int i = 0; i < messages; i++) {
      rig.deliver("INBOX", "Subject: x\n\n");
    }
  }

  private void expunge(long... uids) throws StoreException {
    change(new FlagChange.Add(Flags.of(SystemFlag.DELETED)), uids);
    rig.store.messages().expunge(inbox.id(), UidSet.of(uids));
  }

  private void change(FlagChange change, long... uids) throws StoreException {
    rig.store.messages().changeFlags(inbox.id(), UidSet.of(uids), change, null);
  }

  @Test
  void numbersMessagesByTheirPlace() throws Exception {
    deliver(5);
    expunge(2, 4);
    try (SelectedMailbox mailbox = select()) {
      assertThat(mailbox.count()).isEqualTo(3);
      assertThat(mailbox.positions(SequenceSet.of(2, SequenceSet.LARGEST), false))
          .containsExactly(1, 2);
      assertThat(mailbox.positions(SequenceSet.of(2, 4), true)).containsExactly(1);
      assertThat(mailbox.positions(SequenceSet.of(4), false)).isNull();
      assertThat(mailbox.positions(SequenceSet.of(4), true)).isEmpty();
      assertThat(mailbox.uid(1)).isEqualTo(3);
    }
  }

  @Test
  void hasNoNumberAtAllWhenEmpty() throws Exception {
    try (SelectedMailbox mailbox = select()) {
      SequenceSet all = SequenceSet.of(1, SequenceSet.LARGEST);
      assertThat(mailbox.positions(all, false)).isNull();
      assertThat(mailbox.positions(all, true)).isEmpty();
    }
  }

  @Test
  void saysExpungeFromTheHighestNumberDown() throws Exception {
    deliver(4);
    try (SelectedMailbox mailbox = select()) {
      expunge(1, 3);
      deliver(1);
      assertThat(refresh(mailbox, true))
          .containsExactly("* 3 EXPUNGE", "* 1 EXPUNGE", "* 3 EXISTS", "* 3 RECENT");
      assertThat(refresh(mailbox, true)).isEmpty();
    }
  }

  @Test
  void withholdsExpungeButNotWhatIsNew() throws Exception {
    deliver(3);
    try (SelectedMailbox mailbox = select()) {
      expunge(1);
      deliver(1);
      assertThat(refresh(mailbox, false)).containsExactly("* 4 EXISTS", "* 4 RECENT");
      assertThat(mailbox.uid(0)).isEqualTo(1);
      assertThat(refresh(mailbox, true)).containsExactly("* 1 EXPUNGE");
      assertThat(mailbox.uid(0)).isEqualTo(2);
      assertThat(mailbox.recentCount()).isEqualTo(3);
    }
  }

  @Test
  void neverMentionsWhatCameAndWentUnseen() throws Exception {
    deliver(1);
    try (SelectedMailbox mailbox = select()) {
      deliver(1);
      expunge(2);
      assertThat(refresh(mailbox, true)).isEmpty();
    }
  }

  @Test
  void tellsFlagsOfOthersAndNotItsOwn() throws Exception {
    deliver(2);
    try (SelectedMailbox mailbox = select()) {
      change(new FlagChange.Add(Flags.of(SystemFlag.SEEN)), 1, 2);
      mailbox.told(mailbox.messages(new int[] {0})[0]);
      assertThat(refresh(mailbox, false))
          .containsExactly("* 2 FETCH (UID 2 FLAGS (\\Seen \\Recent))");
      change(new FlagChange.Remove(Flags.of(SystemFlag.SEEN)), 1);
      assertThat(refresh(mailbox, false)).containsExactly("* 1 FETCH (UID 1 FLAGS (\\Recent))");
    }
  }

  @Test
  void tellsModSequencesToWhoKnowsThem() throws Exception {
    deliver(2);
    try (SelectedMailbox mailbox = select()) {
      assertThat(mailbox.highestModSeq()).isEqualTo(new ModSeq(3));
      change(new FlagChange.Add(Flags.of(SystemFlag.SEEN)), 2);
      assertThat(refresh(mailbox, false, Awareness.CONDSTORE))
          .containsExactly("* 2 FETCH (UID 2 FLAGS (\\Seen \\Recent) MODSEQ (4))");
      assertThat(mailbox.highestModSeq()).isEqualTo(new ModSeq(4));
    }
  }

  /** Whoever remembers that number asks for what came after it. RFC 7162 section 6. */
  @Test
  void neverPromisesMoreThanItHasTold() throws Exception {
    deliver(3);
    try (SelectedMailbox mailbox = select()) {
      expunge(2);
      assertThat(mailbox.highestModSeq()).isEqualTo(new ModSeq(4));
      String withheld = "* OK [HIGHESTMODSEQ 4] Highest mod-sequence";
      assertThat(refresh(mailbox, false, Awareness.CONDSTORE)).containsExactly(withheld);
      change(new FlagChange.Add(Flags.of(SystemFlag.SEEN)), 1);
      assertThat(refresh(mailbox, false, Awareness.CONDSTORE))
          .containsExactly("* 1 FETCH (UID 1 FLAGS (\\Seen \\Recent) MODSEQ (7))", withheld);
      assertThat(mailbox.highestModSeq()).isEqualTo(new ModSeq(4));
      assertThat(refresh(mailbox, true, Awareness.CONDSTORE))
          .containsExactly("* 2 EXPUNGE", "* OK [HIGHESTMODSEQ 7] Highest mod-sequence");
      assertThat(refresh(mailbox, true, Awareness.CONDSTORE)).isEmpty();
      assertThat(mailbox.highestModSeq()).isEqualTo(new ModSeq(7));
    }
  }

  @Test
  void knowsWhichOfSomeMessagesHaveChanged() throws Exception {
    deliver(6);
    ModSeq before = new ModSeq(7);
    expunge(1);
    try (SelectedMailbox mailbox = select()) {
      change(new FlagChange.Add(Flags.of(SystemFlag.SEEN)), 3, 5, 6);
      expunge(6);
      deliver(1);
      assertThat(mailbox.changedSince(before, new int[] {0, 1, 2, 3, 4})).containsExactly(1, 3);
      assertThat(mailbox.changedSince(before, new int[] {2, 3})).containsExactly(3);
      assertThat(mailbox.changedSince(before, new int[0])).isEmpty();
    }
  }

  @Test
  void isTheOnlyOneToCallAMessageRecent() throws Exception {
    deliver(2);
    try (SelectedMailbox first = select();
        SelectedMailbox second = select()) {
      assertThat(first.recentCount()).isEqualTo(2);
      assertThat(second.recentCount()).isZero();
    }
  }

  private static BitSet bits(int... positions) {
    BitSet bits = new BitSet();
    Arrays.stream(positions).forEach(bits::set);
    return bits;
  }

  @Test
  void savedResultIsEmptyAtFirstAndNoMistakeThen() throws Exception {
    deliver(2);
    try (SelectedMailbox mailbox = select()) {
      assertThat(mailbox.positions(SequenceSet.SAVED, false)).isEmpty();
      assertThat(mailbox.positions(SequenceSet.SAVED, true)).isEmpty();
      mailbox.save(bits(1));
      assertThat(mailbox.positions(SequenceSet.SAVED, false)).containsExactly(1);
      assertThat(mailbox.positions(SequenceSet.SAVED, true)).containsExactly(1);
      mailbox.save(new BitSet());
      assertThat(mailbox.positions(SequenceSet.SAVED, false)).isEmpty();
    }
  }

  @Test
  void savedResultLosesWhatIsExpungedAndNothingElse() throws Exception {
    deliver(6);
    try (SelectedMailbox mailbox = select()) {
      mailbox.save(bits(1, 2, 5));
      expunge(1, 3);
      deliver(1);
      refresh(mailbox, false);
      assertThat(mailbox.positions(SequenceSet.SAVED, false)).containsExactly(1, 2, 5);
      refresh(mailbox, true);
      assertThat(mailbox.positions(SequenceSet.SAVED, false)).containsExactly(0, 3);
      assertThat(mailbox.uid(0)).isEqualTo(2);
      assertThat(mailbox.uid(3)).isEqualTo(6);
    }
  }

  @Test
  void savedResultStaysOfTheSameMessagesWhateverHappens() throws Exception {
    Random random = new Random(11);
    deliver(30);
    int next = 31;
    int outlived = 0;
    try (SelectedMailbox mailbox = select()) {
      Set<Long> model = new TreeSet<>();
      for (int round = 0; round < 60; round++) {
        switch (random.nextInt(4)) {
          case 0 -> {
            deliver(1);
            next++;
          }
          case 1 -> {
            model.clear();
            BitSet found = new BitSet();
            for (int at = 0; at < mailbox.count(); at++) {
              if (random.nextBoolean()) {
                found.set(at);
                model.add(mailbox.uid(at));
              }
            }
            mailbox.save(found);
          }
          default -> expunge(1 + random.nextInt(next - 1));
        }
        refresh(mailbox, random.nextBoolean());
        Set<Long> left = new TreeSet<>();
        for (int at = 0; at < mailbox.count(); at++) {
          left.add(mailbox.uid(at));
        }
        left.retainAll(model);
        Set<Long> saved = new TreeSet<>();
        for (int at : mailbox.uidPositions(SequenceSet.SAVED)) {
          saved.add(mailbox.uid(at));
        }
        assertThat(saved).isEqualTo(left);
        outlived += saved.isEmpty() ? 0 : 1;
      }
    }
    assertThat(outlived).as("rounds with something saved").isGreaterThan(20);
  }

  @Test
  void keepsCountWithAClientWhateverHappens() throws Exception {
    Random random = new Random(7);
    deliver(10);
    long next = 11;
    List<Long> client = new ArrayList<>();
    try (SelectedMailbox mailbox = select()) {
      for (int i = 0; i < mailbox.count(); i++) {
        client.add(mailbox.uid(i));
      }
      for (int round = 0; round < 60; round++) {
        switch (random.nextInt(3)) {
          case 0 -> {
            deliver(1);
            next++;
          }
          case 1 -> expunge(1 + random.nextInt((int) next - 1));
          default ->
              change(
                  new FlagChange.Replace(Flags.of(SystemFlag.FLAGGED)),
                  1 + random.nextInt((int) next - 1));
        }
        for (String line : refresh(mailbox, random.nextBoolean())) {
          follow(line, client, mailbox);
        }
        assertThat(client).hasSize(mailbox.count());
        for (int i = 0; i < client.size(); i++) {
          assertThat(mailbox.uid(i)).isEqualTo(client.get(i));
        }
      }
    }
  }

  /** What the client does not know, it gets when it asks for what came after its number. */
  @Test
  void missesNothingAfterTheNumberItWasTold() throws Exception {
    Random random = new Random(11);
    deliver(10);
    long next = 11;
    Map<Long, ModSeq> known = new HashMap<>();
    try (SelectedMailbox mailbox = select();
        MailboxIndex index = rig.store.messages().open(inbox.id())) {
      index.snapshot().messages().forEach(m -> known.put(m.uid().value(), m.modSeq()));
      for (int round = 0; round < 60; round++) {
        switch (random.nextInt(3)) {
          case 0 -> {
            deliver(1);
            known.put(next, index.find(new Uid(next)).orElseThrow().modSeq());
            next++;
          }
          case 1 -> expunge(1 + random.nextInt((int) next - 1));
          default -> {
            Flags keyword = Flags.of(Set.of(), Set.of("round" + round));
            change(new FlagChange.Add(keyword), 1 + random.nextInt((int) next - 1));
          }
        }
        if (random.nextBoolean()) {
          refresh(mailbox, random.nextInt(4) == 0, Awareness.CONDSTORE)
              .forEach(line -> learn(line, known));
        }
        ModSeq told = mailbox.highestModSeq();
        MailboxDelta missed = index.changesSince(told);
        for (int at = 0; at < mailbox.count(); at++) {
          long uid = mailbox.uid(at);
          Optional<Message> message = index.find(new Uid(uid));
          assertThat(
                  message.isEmpty()
                      ? missed.vanished().contains(uid)
                      : missed.changed().contains(message.get())
                          || message.get().modSeq().equals(known.get(uid)))
              .as("round %d, UID %d, told %s", round, uid, told)
              .isTrue();
        }
      }
    }
  }

  private static void learn(String line, Map<Long, ModSeq> known) {
    Matcher fetched = FETCHED.matcher(line);
    if (fetched.matches()) {
      known.put(Long.valueOf(fetched.group(1)), new ModSeq(Long.parseLong(fetched.group(2))));
    }
  }

  /** Does what a client does with an untagged response. */
  private static void follow(String line, List<Long> client, SelectedMailbox mailbox) {
    String[] words = line.split(" ");
    int number = Integer.parseInt(words[1]);
    switch (words[2]) {
      case "EXPUNGE" -> client.remove(number - 1);
      case "EXISTS" -> {
        assertThat(number).isGreaterThanOrEqualTo(client.size());
        while (client.size() < number) {
          client.add(mailbox.uid(client.size()));
        }
      }
      case "FETCH" -> assertThat(client.get(number - 1)).isEqualTo(Long.parseLong(words[4]));
      case "RECENT" -> assertThat(number).isLessThanOrEqualTo(client.size());
      default -> throw new AssertionError(line);
    }
  }
}
