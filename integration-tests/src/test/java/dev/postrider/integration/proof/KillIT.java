package dev.postrider.integration.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postrider.integration.server.Installation;
import dev.postrider.integration.server.RunningServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two servers relay to each other and are killed under load, again and again: one of them, the
 * other, or both. What they acknowledged is there afterwards, once, octet by octet, under the UID
 * that was named. What was under way is there wholly, or not at all.
 *
 * <p>{@code -Dpostrider.kill.rounds=50} for the long form, {@code -Dpostrider.kill.seed=…} for the
 * same commands and kills again, as far as threads and the clock let that be the same.
 */
class KillIT {

  private static final int ROUNDS = Integer.getInteger("postrider.kill.rounds", 3);
  private static final long SEED = Long.getLong("postrider.kill.seed", System.nanoTime());

  private static final int OWNERS = 2;
  private static final int SUBMITTERS = 2;

  /** Acknowledged operations before a kill, and microseconds on top. */
  private static final int OPERATIONS_MAX = 500;

  private static final int MICROS_MAX = 20_000;

  /** What waits for a server that is down is tried again at once, as long as a round may last. */
  private static final String RETRIES =
      "[relay]\nretries = ["
          + "\"1s\", ".repeat(119)
          + "\"1s\"]\ndelay_notice_after_attempts = 200";

  private static final String LIMITS = "[limits]\nmessages_per_account_per_hour = 1000000";

  @TempDir Path directory;

  private final HttpClient http = HttpClient.newHttpClient();
  private final Random random = new Random(SEED);
  private final AtomicLong numbers = new AtomicLong();
  private final Mailbag mailbag = new Mailbag();
  private final Verdict verdict = new Verdict();
  private final List<Place> places = new ArrayList<>();
  private final Map<Worker, Place> workers = new HashMap<>();
  private final List<Sorter> sorters = new ArrayList<>();
  private long acknowledged;

  @Test
  void keepsWhatItAcknowledged() throws Exception {
    say("kill.begin seed=" + SEED + " rounds=" + ROUNDS);
    Map<String, Integer> portsOfA = RunningServer.freePorts();
    Map<String, Integer> portsOfB = RunningServer.freePorts();
    try (RunningServer a = start("a.test", portsOfA, "b.test", portsOfB);
        RunningServer b = start("b.test", portsOfB, "a.test", portsOfA)) {
      settle(new Place(a, "a.test", "b.test"));
      settle(new Place(b, "b.test", "a.test"));
      for (int round = 0; round < ROUNDS; round++) {
        killUnderLoad(round);
        check("round " + round);
      }
      for (Place place : places) {
        place.server().admin("", "verify");
        assertThat(place.server().stop()).isIn(0, 143);
        place.server().admin("", "verify");
        place.server().startAgain();
      }
      check("after a clean stop");
    }
    say(
        String.format(
            Locale.ROOT,
            "kill.done rounds=%d operations=%d sent=%d unanswered=%d in-flight=%d of which done=%d"
                + " relayed-twice=%s",
            ROUNDS,
            acknowledged,
            mailbag.acknowledged(),
            mailbag.unanswered(),
            verdict.inFlight(),
            verdict.inFlightDone(),
            verdict.twice()));
  }

  private static void say(String what) {
    System.out.println(Instant.now() + " " + what);
  }

  private RunningServer start(
      String domain, Map<String, Integer> ports, String other, Map<String, Integer> portsOfOther)
      throws IOException {
    String route =
        String.join(
            "\n",
            "[[route]]",
            "domain = \"" + other + "\"",
            "host = \"127.0.0.1\"",
            "port = " + portsOfOther.get("smtp"));
    return RunningServer.start(
        Installation.below(Path.of(System.getProperty("postrider.root"))),
        directory.resolve(domain),
        domain,
        ports,
        String.join("\n", RETRIES, LIMITS, route));
  }

  private void settle(Place place) throws IOException {
    places.add(place);
    for (String name : List.of("here", "far")) {
      place.server().addAccount(place.address(name), Place.PASSWORD);
      Sorter sorter = new Sorter(place, place.address(name), random.nextLong());
      sorters.add(sorter);
      workers.put(sorter, place);
    }
    for (int i = 0; i < OWNERS; i++) {
      String address = place.address("owner-" + i);
      place.server().addAccount(address, Place.PASSWORD);
      workers.put(new Owner(place, address, random.nextLong()), place);
    }
    for (int i = 0; i < SUBMITTERS; i++) {
      workers.put(new Sender(place, mailbag, true, random.nextLong()), place);
    }
    workers.put(new Sender(place, mailbag, false, random.nextLong()), place);
  }

  private void killUnderLoad(int round) throws Exception {
    Load load = new Load(numbers);
    Map<Thread, Place> threads = new HashMap<>();
    Map<Place, List<IOException>> ended = new HashMap<>();
    places.forEach(place -> ended.put(place, new ArrayList<>()));
    workers.forEach(
        (worker, place) ->
            threads.put(
                Thread.ofVirtual().start(() -> work(worker, load, ended.get(place))), place));
    int operations = 1 + random.nextInt(OPERATIONS_MAX);
    boolean reached = load.await(operations, random.nextInt(MICROS_MAX));
    List<Place> victims = victims();
    for (Place victim : victims) {
      Instant begin = Instant.now();
      victim.server().kill();
      verdict.killed(victim.domain(), begin, Instant.now());
    }
    load.stop();
    for (Thread thread : threads.keySet()) {
      assertThat(thread.join(Duration.ofSeconds(90))).as("a client ends").isTrue();
    }
    assertThat(reached).as("not so many acknowledged: " + operations).isTrue();
    acknowledged += load.count();
    List<String> killed = victims.stream().map(Place::domain).toList();
    say("kill.round round=" + round + " killed=" + killed + " acknowledged=" + load.count());
    ended.forEach(
        (place, failures) -> {
          if (!victims.contains(place)) {
            failures.forEach(e -> verdict.complain(place.domain() + " was not killed: " + e));
          }
        });
    for (Place victim : victims) {
      verdict.printed(victim.server().output());
      verdict.modSeqs(
          HighestModSeqs.of(victim.server().dataDirectory(), directory.resolve("copy")));
      victim.server().startAgain();
    }
  }

  private void work(Worker worker, Load load, List<IOException> ended) {
    try {
      worker.work(load);
    } catch (IOException e) {
      synchronized (ended) {
        ended.add(e);
      }
    } catch (RuntimeException e) {
      verdict.complain(worker + ": " + e);
    }
  }

  private List<Place> victims() {
    return switch (random.nextInt(4)) {
      case 0 -> List.of(places.get(0));
      case 1 -> List.of(places.get(1));
      case 2 -> places;
      default -> places.reversed();
    };
  }

  private void check(String when) throws Exception {
    awaitEmptyQueues();
    for (Place place : places) {
      verdict.printed(place.server().output());
    }
    for (Worker worker : workers.keySet()) {
      worker.check(verdict);
    }
    mailbag.check(sorters, verdict);
    assertThat(verdict.complaints()).as(when + ", -Dpostrider.kill.seed=" + SEED).isEmpty();
  }

  /** Both, twice: so nothing is on its way from one to the other. */
  private void awaitEmptyQueues() throws Exception {
    long end = System.nanoTime() + Duration.ofSeconds(100).toNanos();
    int empty = 0;
    while (empty < 2) {
      boolean all = true;
      for (Place place : places) {
        all &= queued(place) == 0;
      }
      empty = all ? empty + 1 : 0;
      assertThat(System.nanoTime()).as("the queues do not become empty").isLessThan(end);
      Load.lull(all ? 1 : 50);
    }
  }

  private int queued(Place place) throws IOException, InterruptedException {
    URI health = URI.create("http://127.0.0.1:" + place.server().port("http") + "/health");
    String facts =
        http.send(HttpRequest.newBuilder(health).build(), HttpResponse.BodyHandlers.ofString())
            .body();
    return Integer.parseInt(facts.replaceAll("(?s).*\"queue\": *\"?(\\d+).*", "$1"));
  }
}
