package dev.postrider.integration;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postrider.integration.server.RunningServer;
import dev.postrider.testkit.dialog.Dialog;
import dev.postrider.testkit.dialog.DialogFailure;
import dev.postrider.testkit.dialog.DialogPlayer;
import dev.postrider.testkit.mail.MessageGenerator;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The server is killed under load, again and again. What it acknowledged is there afterwards, once,
 * octet by octet. What it did not acknowledge is there once, or not at all.
 *
 * <p>{@code -Dkill.rounds=100} for the long form, {@code -Dkill.seed=…} to repeat a run.
 */
class KillIT {

  private static final int SESSIONS = 8;
  private static final int ROUNDS = Integer.getInteger("kill.rounds", 3);
  private static final long SEED = Long.getLong("kill.seed", System.nanoTime());

  @TempDir Path directory;

  private final MessageGenerator generator = new MessageGenerator(9);
  private final AtomicInteger next = new AtomicInteger();
  private final Semaphore acknowledgements = new Semaphore(0);
  private final Map<Integer, byte[]> acknowledged = new ConcurrentHashMap<>();

  @Test
  void keepsWhatItAcknowledged() throws Exception {
    Random random = new Random(SEED);
    try (RunningServer server = Servers.start(directory.resolve("a"), "a.test", "")) {
      for (int round = 0; round < ROUNDS; round++) {
        killUnderLoad(server, 1 + random.nextInt(400));
        server.startAgain();
        check(server, "round " + round + " of kill.seed " + SEED);
      }
      assertThat(server.stop()).isIn(0, 143);
      server.startAgain();
      check(server, "after a clean stop, kill.seed " + SEED);
    }
  }

  /** Kills it once so many were acknowledged, with others under way. */
  private void killUnderLoad(RunningServer server, int after) throws Exception {
    acknowledgements.drainPermits();
    List<Thread> senders = new ArrayList<>();
    senders.add(Thread.ofVirtual().start(() -> appendUntilItEnds(server)));
    assertThat(acknowledgements.tryAcquire(60, TimeUnit.SECONDS)).as("an APPEND").isTrue();
    int port = server.port("smtp");
    for (int i = 0; i < SESSIONS; i++) {
      senders.add(Thread.ofVirtual().start(() -> sendUntilItEnds(port)));
    }
    assertThat(acknowledgements.tryAcquire(after, 60, TimeUnit.SECONDS))
        .as("not so many acknowledged: " + after)
        .isTrue();
    server.kill();
    for (Thread sender : senders) {
      sender.join(Duration.ofSeconds(70));
    }
  }

  private void sendUntilItEnds(int port) {
    try (Letter letter = Letter.to(port)) {
      for (int sent = 0; sent < 1_000_000; sent++) {
        int number = next.getAndIncrement();
        byte[] message = message(number);
        letter.send("load@elsewhere.test", "bob@a.test", message);
        acknowledged.put(number, message);
        acknowledgements.release();
      }
    } catch (IOException e) {
      // The server was killed: what this session had under way was not acknowledged.
    }
  }

  /** The tagged OK of an APPEND promises the same as a 250. */
  private void appendUntilItEnds(RunningServer server) {
    try (DialogPlayer player =
        new DialogPlayer(Servers.opener(server)).with("password", "\"" + Servers.PASSWORD + "\"")) {
      player.play(
          Dialog.parse(
              "login",
              """
              imaps S: * OK {{.*}}
              imaps C: a LOGIN bob@a.test {{=password}}
              imaps S: a OK {{.*}}
              """));
      for (int sent = 0; sent < 1_000_000; sent++) {
        int number = next.getAndIncrement();
        byte[] message = message(number);
        String lines = new String(message, ISO_8859_1).replace("\r\n", "\n");
        player.play(
            Dialog.parse(
                "append",
                "imaps C: b APPEND INBOX {literal+}\nimaps C<<\n"
                    + lines
                    + ">>\nimaps C:\nimaps S: b OK [APPENDUID {{.*}}\n"));
        acknowledged.put(number, message);
        acknowledgements.release();
      }
    } catch (DialogFailure e) {
      // The server was killed: the one under way was not acknowledged.
    }
  }

  private byte[] message(int number) {
    // PLAIN ones, whose lines never begin with a dot.
    String text = new String(generator.message(20 * (number % 50)), ISO_8859_1);
    return ("X-Number: " + number + "\r\n" + text).getBytes(ISO_8859_1);
  }

  private void check(RunningServer server, String when) throws Exception {
    Map<Integer, Integer> seen = new HashMap<>();
    for (byte[] stored : Mailboxes.read(server, "bob@a.test", "INBOX", directory)) {
      String text = new String(stored, ISO_8859_1);
      int at = text.indexOf("X-Number: ");
      int number = Integer.parseInt(text.substring(at + 10, text.indexOf('\r', at)));
      seen.merge(number, 1, Integer::sum);
      assertThat(text.substring(at))
          .as("message " + number + " " + when)
          .isEqualTo(new String(message(number), ISO_8859_1));
    }
    assertThat(seen.values()).as("twice " + when).allMatch(count -> count == 1);
    assertThat(seen.keySet()).as("lost " + when).containsAll(acknowledged.keySet());
  }
}
