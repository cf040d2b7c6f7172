package dev.postrider.server.imap;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Many sessions on shared mailboxes at once, each held to an independent model of what it was told:
 * no sequence number is wrong, nothing is said to be gone when that may not be said, and when all
 * have heard everything they see what is there. {@code postrider.stress.seconds} says how long,
 * {@code postrider.stress.seed} what they do; how they meet is another thing each time.
 */
class StressTest {

  private static final Logger log = LoggerFactory.getLogger(StressTest.class);

  private static final Duration TIME =
      Duration.ofSeconds(Integer.getInteger("postrider.stress.seconds", 30));
  private static final long SEED = Long.getLong("postrider.stress.seed", 20261123L);
  private static final List<Awareness> KINDS = List.of(Awareness.values());
  private static final int SESSIONS = 9;

  /** How many of them hear by NOTIFY what happens, also between commands. */
  private static final int NOTIFIED = 4;

  private static final int COMMANDS_PER_ROUND = 60;

  /** A fault must be noticed within so many rounds. */
  private static final int ROUNDS_TO_NOTICE = 12;

  @TempDir Path directory;

  @Test
  void everySessionSeesWhatIsThere() throws Exception {
    Instant end = Instant.now().plus(TIME);
    Stress stress = new Stress(directory, StressFault.NONE);
    try {
      do {
        stress.round();
      } while (Instant.now().isBefore(end) && stress.ledger.complaints().isEmpty());
      assertThat(stress.ledger.complaints()).as("seed %d", SEED).isEmpty();
      log.info("stress.done seed={} rounds={} commands={}", SEED, stress.rounds, stress.commands());
      assertThat(stress.commands()).isGreaterThan(SESSIONS * COMMANDS_PER_ROUND);
      assertThat(stress.clients.subList(SESSIONS - NOTIFIED, SESSIONS))
          .allSatisfy(client -> assertThat(client.notices()).isPositive());
    } finally {
      stress.end();
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void wrongWordIsNoticed(StressFault fault) throws Exception {
    Stress stress = new Stress(directory, fault);
    try {
      while (stress.ledger.complaints().isEmpty() && stress.rounds < ROUNDS_TO_NOTICE) {
        stress.round();
      }
      assertThat(stress.ledger.complaints()).isNotEmpty();
      log.info("stress.noticed fault={} by=\"{}\"", fault, stress.ledger.complaints().peek());
    } finally {
      stress.end();
    }
  }

  private static final class Stress {
    private final ImapRig rig;
    private final StressLedger ledger = new StressLedger();
    private final List<StressClient> clients = new ArrayList<>();
    private final ExecutorService threads = Executors.newFixedThreadPool(SESSIONS);
    private int rounds;

    Stress(Path directory, StressFault fault) throws Exception {
      rig = new ImapRig(directory);
      for (String mailbox : StressClient.LASTING.subList(1, StressClient.LASTING.size())) {
        rig.store
            .mailboxes()
            .create(rig.store.accounts().find(ImapRig.ALICE).orElseThrow().id(), mailbox, null);
      }
      for (int i = 0; i < SESSIONS; i++) {
        Awareness awareness = KINDS.get(i % KINDS.size());
        boolean notified = i >= SESSIONS - NOTIFIED;
        String name = "s" + i + "-" + awareness + (notified ? "-notified" : "");
        clients.add(
            new StressClient(name, rig, ledger, awareness, notified, fault, new Random(SEED + i)));
      }
    }

    /** All do something; then all hear everything, and are compared. */
    void round() throws Exception {
      rounds++;
      List<Callable<Void>> work = new ArrayList<>();
      for (StressClient client : clients) {
        work.add(
            () -> {
              client.work(COMMANDS_PER_ROUND);
              return null;
            });
      }
      for (Future<Void> done : threads.invokeAll(work)) {
        done.get();
      }
      Map<String, Map<Long, Set<String>>> there = new HashMap<>();
      for (String mailbox : StressClient.LASTING) {
        there.put(mailbox, StressClient.there(rig, mailbox));
      }
      for (StressClient client : clients) {
        StressView view = client.settle();
        view.compare(there.getOrDefault(view.mailbox(), Map.of()));
      }
    }

    int commands() {
      return clients.stream().mapToInt(StressClient::commands).sum();
    }

    void end() throws Exception {
      for (StressClient client : clients) {
        client.close();
      }
      threads.shutdown();
      rig.awaitSessions();
      rig.close();
    }
  }
}
