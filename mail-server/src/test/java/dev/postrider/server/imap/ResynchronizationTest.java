package dev.postrider.server.imap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postrider.protocol.imap.ImapWriter;
import dev.postrider.protocol.imap.SelectParameters.Resync;
import dev.postrider.protocol.imap.SelectParameters.Sample;
import dev.postrider.protocol.imap.SequenceSet;
import dev.postrider.storage.StoreException;
import dev.postrider.storage.mailboxes.Mailbox;
import dev.postrider.storage.messages.FlagChange;
import dev.postrider.storage.messages.Flags;
import dev.postrider.storage.messages.MailboxIndex;
import dev.postrider.storage.messages.Message;
import dev.postrider.storage.messages.SystemFlag;
import dev.postrider.storage.messages.UidSet;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResynchronizationTest {

  private static final Pattern FETCH =
      Pattern.compile("\\* (\\d+) FETCH \\(UID (\\d+) FLAGS \\((.*)\\) MODSEQ \\((\\d+)\\)\\)");

  private static final Pattern RECENT = Pattern.compile(" ?\\\\Recent$");

  private static final Pattern VANISHED = Pattern.compile("\\* VANISHED \\(EARLIER\\) ([0-9:,]+)");

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
    return new SelectedMailbox(Reached.own(inbox), rig.store.messages().open(inbox.id()), true);
  }

  private List<String> resynchronize(SelectedMailbox mailbox, Resync resync) throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Resynchronization.write(
        resync, mailbox, new ImapWriter(out), ImapRig.dialect(Awareness.QRESYNC));
    return out.toString(StandardCharsets.US_ASCII).lines().toList();
  }

  private Resync since(long modSeq) {
    return new Resync(inbox.uidValidity(), modSeq, Optional.empty(), Optional.empty());
  }

  private void deliver() throws StoreException {
    rig.deliver("INBOX", "Subject: x\n\n");
  }

  private void change(FlagChange change, long... uids) throws StoreException {
    rig.store.messages().changeFlags(inbox.id(), UidSet.of(uids), change, null);
  }

  private static SequenceSet set(LongStream numbers) {
    return new SequenceSet(numbers.mapToObj(n -> new SequenceSet.Range(n, n)).toList());
  }

  /** What a client keeps of a mailbox between two connections. */
  private static final class Cache {
    private final Map<Long, String> flags = new TreeMap<>();
    private long modSeq = 1;

    void learn(String line, SelectedMailbox mailbox) {
      Matcher fetch = FETCH.matcher(line);
      Matcher vanished = VANISHED.matcher(line);
      if (fetch.matches()) {
        long uid = Long.parseLong(fetch.group(2));
        assertThat(mailbox.uid(Integer.parseInt(fetch.group(1)) - 1)).as(line).isEqualTo(uid);
        assertThat(Long.parseLong(fetch.group(4))).as(line).isGreaterThan(modSeq);
        flags.put(uid, RECENT.matcher(fetch.group(3)).replaceFirst(""));
      } else if (vanished.matches()) {
        for (String range : vanished.group(1).split(",")) {
          String[] ends = range.split(":");
          long last = Long.parseLong(ends[ends.length - 1]);
          for (long uid = Long.parseLong(ends[0]); uid <= last; uid++) {
            assertThat(mailbox.position(uid)).as(line).isNegative();
            flags.remove(uid);
          }
        }
      } else {
        throw new AssertionError(line);
      }
    }

    /** Some of its messages, with the numbers that they had. */
    Optional<Sample> sample(Random random) {
      List<Long> uids = List.copyOf(flags.keySet());
      long[] places =
          LongStream.range(0, uids.size()).filter(place -> random.nextInt(3) == 0).toArray();
      if (places.length == 0) {
        return Optional.empty();
      }
      return Optional.of(
          new Sample(
              set(LongStream.of(places).map(place -> place + 1)),
              set(LongStream.of(places).map(place -> uids.get((int) place)))));
    }
  }

  private Map<Long, String> present() throws StoreException {
    Map<Long, String> present = new TreeMap<>();
    try (MailboxIndex index = rig.store.messages().open(inbox.id())) {
      for (Message message : index.snapshot().messages()) {
        present.put(message.uid().value(), FlagNames.of(message.flags(), false));
      }
    }
    return present;
  }

  /** However long it was away, whatever it says that it knows: it knows all afterwards. */
  @Test
  void tellsAClientThatComesBackExactlyWhatItMissed() throws Exception {
    Random random = new Random(7162);
    List<Cache> caches = List.of(new Cache(), new Cache(), new Cache());
    long next = 1;
    for (int round = 0; round < 300; round++) {
      switch (random.nextInt(next < 20 ? 1 : 4)) {
        case 0 -> {
          deliver();
          next++;
        }
        case 1 -> {
          long uid = 1 + random.nextLong(next - 1);
          change(new FlagChange.Add(Flags.of(SystemFlag.DELETED)), uid);
          rig.store.messages().expunge(inbox.id(), UidSet.of(uid, uid + random.nextInt(3)));
        }
        case 2 ->
            change(
                new FlagChange.Add(Flags.of(SystemFlag.SEEN)),
                LongStream.range(1, next).filter(uid -> random.nextInt(5) == 0).toArray());
        default ->
            change(new FlagChange.Remove(Flags.of(SystemFlag.SEEN)), 1 + random.nextLong(next - 1));
      }
      // The last of them comes back seldom.
      Cache cache = caches.get(random.nextInt(round % 40 == 39 ? 3 : 2));
      if (random.nextBoolean()) {
        comeBack(cache, random);
      }
    }
    for (Cache cache : caches) {
      comeBack(cache, random);
    }
  }

  private void comeBack(Cache cache, Random random) throws Exception {
    boolean tellsUids = !cache.flags.isEmpty() && random.nextBoolean();
    List<Long> known = new ArrayList<>(cache.flags.keySet());
    Resync resync =
        new Resync(
            inbox.uidValidity(),
            cache.modSeq,
            tellsUids ? Optional.of(set(known.stream().mapToLong(uid -> uid))) : Optional.empty(),
            random.nextBoolean() ? cache.sample(random) : Optional.empty());
    try (SelectedMailbox mailbox = select()) {
      resynchronize(mailbox, resync).forEach(line -> cache.learn(line, mailbox));
      cache.modSeq = mailbox.highestModSeq().value();
    }
    Map<Long, String> expected = present();
    if (tellsUids) {
      expected.keySet().retainAll(known);
    }
    assertThat(cache.flags).as("%s", resync).isEqualTo(expected);
    present().forEach(cache.flags::putIfAbsent);
  }

  @Test
  void isSilentToAClientThatKnowsAllOrAnotherMailbox() throws Exception {
    deliver();
    try (SelectedMailbox mailbox = select()) {
      assertThat(resynchronize(mailbox, since(2))).isEmpty();
      assertThat(resynchronize(mailbox, since(Long.MAX_VALUE))).isEmpty();
      Resync other = new Resync(inbox.uidValidity() + 1, 1, Optional.empty(), Optional.empty());
      assertThat(resynchronize(mailbox, other)).isEmpty();
    }
  }

  /** What happens between SELECT's look at the mailbox and the answer is told by what follows. */
  @Test
  void tellsNothingTwiceThatHappensMeanwhile() throws Exception {
    deliver();
    deliver();
    try (SelectedMailbox mailbox = select()) {
      change(new FlagChange.Add(Flags.of(SystemFlag.DELETED)), 1);
      rig.store.messages().expunge(inbox.id(), UidSet.of(1));
      deliver();
      assertThat(resynchronize(mailbox, since(1)))
          .containsExactly("* 2 FETCH (UID 2 FLAGS (\\Recent) MODSEQ (3))");
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      var _ = mailbox.refresh(new ImapWriter(out), true, true, ImapRig.dialect(Awareness.QRESYNC));
      assertThat(out.toString(StandardCharsets.US_ASCII).lines())
          .containsExactly("* VANISHED 1", "* 2 EXISTS", "* 2 RECENT");
    }
  }

  @Test
  void splitsALongResponse() throws Exception {
    UidSet odd = UidSet.of(LongStream.range(0, 2500).map(n -> 2 * n + 1).toArray());
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Vanished.now(odd, new ImapWriter(out));
    List<String> lines = out.toString(StandardCharsets.US_ASCII).lines().toList();
    assertThat(lines).hasSize(3).allMatch(line -> line.startsWith("* VANISHED "));
    assertThat(lines.getFirst().split(",")).hasSize(Vanished.RANGES_MAX);
    assertThat(lines.getLast()).endsWith(",4997,4999");
  }
}
