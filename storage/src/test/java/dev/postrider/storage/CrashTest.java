package dev.postrider.storage;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postrider.storage.mailboxes.MailboxId;
import dev.postrider.storage.messages.Message;
import dev.postrider.storage.messages.SystemFlag;
import dev.postrider.storage.messages.Uid;
import dev.postrider.storage.messages.UidSet;
import dev.postrider.storage.queue.QueueId;
import dev.postrider.testkit.postgres.Database;
import dev.postrider.testkit.postgres.PostgresServer;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills a process that works on a store, as often as {@code postrider.crash.rounds} says, and
 * checks everything that it was told is done. {@code postrider.crash.seed} repeats a run.
 */
class CrashTest {

  private static final int ROUNDS = Integer.getInteger("postrider.crash.rounds", 5);
  private static final long SEED = Long.getLong("postrider.crash.seed", 20261123L);
  private static final int THREADS = 6;

  /** Work of one round; longer when the notes do not grow, as the process has to start. */
  private static final long ROUND_MILLIS = 1000;

  @TempDir Path directory;

  private final Map<Integer, Map<Long, Long>> inboxes = new HashMap<>();
  private final Map<Integer, Map<Long, Long>> archives = new HashMap<>();
  private final Map<Long, Long> shared = new HashMap<>();
  private final Map<Integer, Set<Long>> seen = new HashMap<>();
  private final Set<Long> queued = new HashSet<>();
  private final Set<Long> settled = new HashSet<>();
  private final Map<Integer, String[]> pending = new HashMap<>();
  private long highestModSeq;

  @Test
  void nothingAcknowledgedIsLostToKill() throws Exception {
    killAndLook(List.of(), StoreFixture::new);
    assertThat(segmentsGone(directory.resolve("data"))).as("segments collected").isPositive();
  }

  @Test
  void nothingAcknowledgedIsLostToKillOfAServerOfASharedStore() throws Exception {
    Database database = PostgresServer.shared().newDatabase();
    List<String> where =
        List.of(
            database.host(),
            Integer.toString(database.port()),
            database.name(),
            database.user(),
            database.password());
    killAndLook(
        where,
        data -> {
          // What the child had sent may come true until then.
          database.awaitNoConnections();
          return new StoreFixture(
              SharedStore.open(StoreKind.settings(data, database), StoreFixture.CLOCK));
        });
  }

  private interface Opening {
    StoreFixture open(Path data) throws StoreException, IOException;
  }

  private void killAndLook(List<String> database, Opening opening) throws Exception {
    Path data = directory.resolve("data");
    Path notes = directory.resolve("notes");
    int read = 0;
    for (int round = 0; round < ROUNDS; round++) {
      boolean last = round == ROUNDS - 1;
      killAfterSomeWork(data, notes, SEED + 1000L * round, database, last);
      List<String> lines = Files.readAllLines(notes);
      pending.clear();
      lines.subList(read, lines.size()).forEach(this::take);
      read = lines.size();
      try (StoreFixture fixture = opening.open(data)) {
        verify(fixture);
        assertThat(fixture.store.maintenance().verify(Progress.NONE)).isEmpty();
      }
    }
    assertThat(shared).isNotEmpty();
    assertThat(archives).isNotEmpty();
  }

  private static int segmentsGone(Path data) throws IOException {
    try (Stream<Path> files = Files.list(data.resolve("log"))) {
      List<Integer> present =
          files
              .map(file -> Integer.valueOf(file.getFileName().toString().substring(0, 8)))
              .toList();
      return Collections.max(present) - present.size();
    }
  }

  private static void killAfterSomeWork(
      Path data, Path notes, long seed, List<String> database, boolean collected) throws Exception {
    long before = Files.exists(notes) ? Files.size(notes) : 0;
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-Xmx256m",
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                CrashChild.class.getName(),
                data.toString(),
                notes.toString(),
                Long.toString(seed),
                Integer.toString(THREADS)));
    command.addAll(database);
    Process child =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(new File(notes + ".out"))
            .start();
    try {
      int waited = 0;
      while (waited < 600 && !isReached(notes, before, collected)) {
        boolean ended = child.waitFor(100, TimeUnit.MILLISECONDS);
        assertThat(ended).as(ended ? out(notes) : "").isFalse();
        waited++;
      }
      boolean ended = child.waitFor(ROUND_MILLIS + seed % 300, TimeUnit.MILLISECONDS);
      assertThat(ended).as(ended ? out(notes) : "").isFalse();
    } finally {
      child.destroyForcibly();
    }
    assertThat(child.waitFor(20, TimeUnit.SECONDS)).isTrue();
  }

  /** Whether something was noted since, and something was collected in any round if need be. */
  private static boolean isReached(Path notes, long before, boolean collected) throws IOException {
    if (!Files.exists(notes) || Files.size(notes) == before) {
      return false;
    }
    return !collected || Files.readAllLines(notes).contains("C");
  }

  private static String out(Path notes) throws IOException {
    String failed =
        Files.exists(notes)
            ? Files.readAllLines(notes).stream()
                .filter(line -> line.startsWith("FAILED"))
                .collect(Collectors.joining("\n"))
            : "";
    return "the child ended: " + failed + Files.readString(Path.of(notes + ".out"));
  }

  private void take(String line) {
    String[] word = line.split(" ");
    int thread = word[0].matches("[DFXM]") ? Integer.parseInt(word[1]) : -1;
    switch (word[0]) {
      case "begin" -> pending.put(Integer.valueOf(word[1]), word);
      case "D" -> {
        inboxes
            .computeIfAbsent(thread, none -> new HashMap<>())
            .put(Long.valueOf(word[2]), Long.valueOf(word[3]));
        pending.remove(thread);
      }
      case "S" -> {
        assertThat(shared.put(Long.valueOf(word[1]), Long.valueOf(word[2])))
            .as("UID given twice: %s", line)
            .isNull();
        highestModSeq = Math.max(highestModSeq, Long.parseLong(word[3]));
      }
      case "F" -> seen.computeIfAbsent(thread, none -> new HashSet<>()).add(Long.valueOf(word[2]));
      case "X" -> {
        requireNonNull(inboxes.get(thread)).remove(Long.valueOf(word[2]));
        pending.remove(thread);
      }
      case "M" -> {
        Long seed = requireNonNull(inboxes.get(thread)).remove(Long.valueOf(word[2]));
        archives.computeIfAbsent(thread, none -> new HashMap<>()).put(Long.valueOf(word[3]), seed);
        pending.remove(thread);
      }
      case "C" -> {}
      case "Q" -> queued.add(Long.valueOf(word[1]));
      case "q" -> settled.add(Long.valueOf(word[1]));
      default -> throw new AssertionError(line);
    }
  }

  private void verify(StoreFixture fixture) throws Exception {
    for (int thread = 0; thread < THREADS; thread++) {
      MailboxId inbox = fixture.mailbox(CrashChild.address(thread), "INBOX");
      Map<Long, Long> expected = inboxes.computeIfAbsent(thread, none -> new HashMap<>());
      settlePending(fixture, thread, inbox, expected);
      Map<Long, Message> present = contents(fixture, inbox);
      assertThat(present.keySet()).as("inbox of %d", thread).isEqualTo(expected.keySet());
      verifyBodies(fixture, present, expected);
      for (long uid : seen.getOrDefault(thread, Set.of())) {
        Message message = present.get(uid);
        assertThat(message == null || message.flags().has(SystemFlag.SEEN)).isTrue();
      }
      Map<Long, Long> archived = archives.getOrDefault(thread, Map.of());
      Map<Long, Message> archive =
          contents(fixture, fixture.mailbox(CrashChild.address(thread), "Archive"));
      assertThat(archive.keySet()).containsAll(archived.keySet());
      verifyBodies(fixture, archive, archived);
    }
    verifyShared(fixture);
    for (long id : queued) {
      boolean there = fixture.store.queue().find(new QueueId(id)).isPresent();
      if (!there && pending.values().stream().anyMatch(word -> is(word, "done", id))) {
        settled.add(id);
      }
      assertThat(there || settled.contains(id)).as("queue entry %d", id).isTrue();
      assertThat(there && settled.contains(id)).as("queue entry %d came back", id).isFalse();
    }
  }

  /** What was begun and not acknowledged may have happened or not, but only as a whole. */
  private void settlePending(
      StoreFixture fixture, int thread, MailboxId inbox, Map<Long, Long> expected)
      throws Exception {
    String[] word = pending.get(thread);
    if (word == null) {
      return;
    }
    Map<Long, Message> present = contents(fixture, inbox);
    long uid = Long.parseLong(word[3]);
    switch (word[2]) {
      case "deposit" -> {
        for (Map.Entry<Long, Message> entry : present.entrySet()) {
          if (!expected.containsKey(entry.getKey())) {
            assertThat(fixture.read(entry.getValue().body())).isNotNull();
            fixture
                .store
                .messages()
                .move(
                    inbox,
                    UidSet.of(entry.getKey()),
                    fixture.mailbox(CrashChild.address(thread), "Trash"));
          }
        }
      }
      case "move" -> {
        if (!present.containsKey(uid)) {
          byte[] body = CrashChild.body(requireNonNull(expected.get(uid)));
          boolean arrived = false;
          for (Message message :
              fixture.messages(fixture.mailbox(CrashChild.address(thread), "Archive"))) {
            arrived |=
                message.octets() == body.length
                    && Arrays.equals(fixture.read(message.body()), body);
          }
          assertThat(arrived).as("message moved out but not in: %d", uid).isTrue();
          expected.remove(uid);
        }
      }
      case "expunge" -> {
        if (!present.containsKey(uid)) {
          expected.remove(uid);
        }
      }
      default -> assertThat(word[2]).isEqualTo("done");
    }
  }

  private void verifyShared(StoreFixture fixture) throws Exception {
    MailboxId mailbox = fixture.mailbox(StoreFixture.ALICE, "INBOX");
    Map<Long, Message> present = contents(fixture, mailbox);
    assertThat(present.keySet()).containsAll(shared.keySet());
    verifyBodies(fixture, present, shared);
    try (var index = fixture.store.messages().open(mailbox)) {
      assertThat(index.snapshot().highestModSeq().value()).isGreaterThanOrEqualTo(highestModSeq);
    }
    Uid next = fixture.deposit(mailbox, new byte[0]).uid();
    assertThat(present.keySet()).doesNotContain(next.value());
  }

  private static void verifyBodies(
      StoreFixture fixture, Map<Long, Message> present, Map<Long, Long> expected) throws Exception {
    for (Map.Entry<Long, Long> entry : expected.entrySet()) {
      byte[] body = fixture.read(requireNonNull(present.get(entry.getKey())).body());
      assertThat(Arrays.equals(body, CrashChild.body(entry.getValue())))
          .as("bytes of UID %d", entry.getKey())
          .isTrue();
    }
  }

  private static boolean is(String[] word, String what, long number) {
    return word[2].equals(what) && word[3].equals(Long.toString(number));
  }

  private static Map<Long, Message> contents(StoreFixture fixture, MailboxId mailbox)
      throws Exception {
    Map<Long, Message> contents = new HashMap<>();
    for (Message message : fixture.messages(mailbox)) {
      contents.put(message.uid().value(), message);
    }
    return contents;
  }
}
