package dev.postrider.integration.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postrider.integration.server.Installation;
import dev.postrider.integration.server.RunningServer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A server whose disk fills up refuses new mail in words that its peers understand, lets mail be
 * read and deleted, goes on by itself when there is room, and loses nothing.
 */
class DiskFullIT {

  private static final long DISK_OCTETS = 200L << 20;

  /** What new mail leaves free, and some room for the first messages. */
  private static final long ALMOST_FULL_OCTETS = (64L << 20) + (3L << 20);

  private static final String INBOX = "INBOX";
  private static final String USER = "bob@a.test";
  private static final String SENDER = "somebody@elsewhere.test";

  @TempDir Path directory;

  private final SortedSet<Long> acknowledged = new TreeSet<>();
  private long number;

  @Test
  void refusesNewMailAndGoesOnWhenThereIsRoom() throws Exception {
    Path home = directory.resolve("a");
    try (SmallDisk disk = SmallDisk.on(home.resolve("data"), DISK_OCTETS);
        RunningServer server =
            RunningServer.start(
                disk.entering(),
                Installation.below(Path.of(System.getProperty("postrider.root"))),
                home,
                "a.test",
                RunningServer.freePorts(),
                "")) {
      server.addAccount(USER, Place.PASSWORD);
      Place place = new Place(server, "a.test", "b.test");

      disk.fillUpTo(ALMOST_FULL_OCTETS);
      try (ImapPeer imap = place.login(USER)) {
        imap.run("SELECT " + INBOX);
        requireRefusal(place, imap);
        // Deleting, moving and marking needs little, and that is kept free for it.
        removeFirst(imap);
        imap.run("UID STORE 1:* +FLAGS (\\Flagged)");
        imap.run("UID COPY 2 Archive");

        disk.fillUpTo(0);
        requireRefusal(place, imap);
        awaitRefused(() -> toggle(imap));
        assertThat(numbers(imap)).isEqualTo(acknowledged);

        disk.makeRoom();
        try (SmtpPeer smtp = SmtpPeer.inbound(server.port("smtp"))) {
          sendUntil(smtp, SENDER, reply -> reply.startsWith("250"));
        }
        append(imap);
        removeFirst(imap);
        assertThat(numbers(imap)).isEqualTo(acknowledged);
        disk.fillUpTo(0);
        awaitRefused(() -> toggle(imap));
      }

      server.kill();
      disk.makeRoom();
      server.startAgain();
      try (ImapPeer imap = place.login(USER)) {
        assertThat(numbers(imap)).isEqualTo(acknowledged);
      }
      assertThat(server.admin("", "verify")).contains("as they should be");
    }
  }

  /** Until a reply is as wanted; it is in time, as the disk ends. */
  private void sendUntil(SmtpPeer peer, String from, Predicate<String> wanted) throws IOException {
    for (int i = 0; i < 1000; i++) {
      long next = ++number;
      String reply = peer.offer(from, List.of(USER), Text.of(next));
      assertThat(reply).matches("250 .*|452 4\\.3\\.1 .*");
      if (reply.startsWith("250")) {
        acknowledged.add(next);
      }
      if (wanted.test(reply)) {
        return;
      }
      Load.lull(reply.startsWith("250") ? 0 : 20);
    }
    throw new AssertionError("a thousand messages, and no other reply");
  }

  /** By each way in; a small message may still fit where a larger one did not. */
  private void requireRefusal(Place place, ImapPeer imap) throws IOException {
    try (SmtpPeer inbound = SmtpPeer.inbound(place.server().port("smtp"))) {
      sendUntil(inbound, SENDER, reply -> reply.startsWith("452 4.3.1"));
    }
    try (SmtpPeer submission =
        SmtpPeer.submission(place.server().port("submissions"), USER, Place.PASSWORD)) {
      sendUntil(submission, USER, reply -> reply.startsWith("452 4.3.1"));
    }
    awaitRefused(() -> append(imap));
  }

  private void append(ImapPeer imap) throws IOException {
    long next = ++number;
    imap.run("APPEND " + INBOX, Text.of(next));
    acknowledged.add(next);
  }

  private static void toggle(ImapPeer imap) throws IOException {
    imap.run("UID STORE 1:* +FLAGS (\\Answered)");
    imap.run("UID STORE 1:* -FLAGS (\\Answered)");
  }

  private void removeFirst(ImapPeer imap) throws IOException {
    long first = acknowledged.first();
    List<ImapPeer.Line> found = imap.run("UID SEARCH HEADER X-Number " + first);
    String uid = found.getFirst().find("\\* SEARCH (\\d+)");
    imap.run("UID STORE " + uid + " +FLAGS (\\Deleted)");
    imap.run("UID EXPUNGE " + uid);
    acknowledged.remove(first);
  }

  private interface Attempt {
    void make() throws IOException;
  }

  /** The last octets of a disk are taken by this and that; in the end there are none. */
  private static void awaitRefused(Attempt attempt) throws IOException {
    for (int i = 0; i < 1000; i++) {
      try {
        attempt.make();
      } catch (ImapPeer.Refused full) {
        assertThat(full).hasMessageContaining("NO [OVERQUOTA]");
        return;
      }
    }
    throw new AssertionError("a full disk takes a thousand changes");
  }

  /** Of the messages in INBOX, each of them octet by octet as it was sent. */
  private static SortedSet<Long> numbers(ImapPeer imap) throws IOException {
    Look look = Look.at(imap);
    imap.run("SELECT " + INBOX);
    assertThat(look.damaged()).isEmpty();
    List<Long> numbers = new ArrayList<>();
    look.boxes().box(INBOX).items().values().forEach(item -> numbers.add(item.number()));
    SortedSet<Long> all = new TreeSet<>(numbers);
    assertThat(numbers).as("twice").hasSameSizeAs(all);
    return all;
  }
}
