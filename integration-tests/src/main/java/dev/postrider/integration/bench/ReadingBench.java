package dev.postrider.integration.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.postrider.integration.peers.Dovecot;
import dev.postrider.integration.server.Installation;
import dev.postrider.integration.server.RunningServer;
import dev.postrider.testkit.files.FileTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reading by IMAP over TLS, from the server and from Debian's Dovecot in turn: the same Maildir,
 * which one has imported and the other has where it is. Each was asked some times before: servers
 * run for months, and the first answers of a new one are slow.
 *
 * <p>Arguments: messages (default 100000), octets of each (default 2048).
 */
public final class ReadingBench {

  private static final String PASSWORD = "bench";
  private static final String DOMAIN = "bench.test";
  private static final String ALL = "all@" + DOMAIN;

  /** With a part of the messages: to read or search all of them takes long. */
  private static final String SOME = "some@" + DOMAIN;

  private static final int PART = 5;
  private static final int WARM_UPS = 10;
  private static final int CONNECTIONS = 10;

  /** Messages that have changed when a client comes back. */
  private static final int CHANGED = 1000;

  private static final Pattern CODE =
      Pattern.compile("\\* OK \\[(UIDVALIDITY|HIGHESTMODSEQ) ([0-9]+)\\]");

  private static final List<String> WORDS =
      List.of("meeting", "invoice", "tomorrow", "garden", "release", "ticket", "lunch", "report");

  /** As Thunderbird asks for them. */
  private static final String HEADERS =
      "UID FETCH 1:* (UID RFC822.SIZE FLAGS BODY.PEEK[HEADER.FIELDS (From To Cc Bcc Subject Date"
          + " Message-ID Priority X-Priority References Newsgroups In-Reply-To Content-Type"
          + " Reply-To)])";

  private static final String HEAD =
      """
      From: Sender %d <sender%d@example.test>
      To: Reader <reader@bench.test>
      Subject: Re: message %d
      Date: Mon, 23 Nov 2026 %02d:%02d:00 +0000
      Message-ID: <%d.bench@example.test>
      References: <%d.bench@example.test>
      MIME-Version: 1.0
      Content-Type: text/plain; charset=utf-8

      """
          .replace("\n", "\r\n");

  private final BarTable table = new BarTable(System.out);
  private final InTurn inTurn = new InTurn(table, "postriderd", "Dovecot");

  private ReadingBench() {}

  public static void main(String[] arguments) throws Exception {
    int messages = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 100_000;
    int octets = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 2048;
    Path root = Path.of(System.getProperty("postrider.root", "."));
    Path below = Files.createDirectories(root.resolve("integration-tests/target"));
    Path directory = Files.createTempDirectory(below, "bench").toAbsolutePath();
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    try (RunningServer server =
        RunningServer.start(
            Installation.below(root), directory.resolve("postriderd"), DOMAIN, "")) {
      new ReadingBench().run(server, directory.resolve("dovecot"), messages, octets);
    } finally {
      FileTree.delete(directory);
    }
  }

  private void run(RunningServer server, Path directory, int messages, int octets)
      throws IOException, InterruptedException {
    table.note("processors", Runtime.getRuntime().availableProcessors(), "");
    table.note("load average before", PeersBench.loadAverage(), "");
    int part = messages / PART;
    for (String account : List.of(ALL, SOME)) {
      Path maildir = Dovecot.maildir(directory, account);
      fill(maildir, account.equals(ALL) ? messages : part, octets);
      server.addAccount(account, PASSWORD);
      server.admin("", "import", account, maildir.toString());
    }
    try (Dovecot dovecot =
        Dovecot.start(directory, PASSWORD, server.certificate(), server.certificateKey())) {
      MailSystem ours =
          new MailSystem("postriderd", 0, server.port("imaps"), server.certificate(), PASSWORD);
      MailSystem theirs =
          new MailSystem("Dovecot", 0, dovecot.imapsPort(), server.certificate(), PASSWORD);
      table.heading(String.format(Locale.ROOT, "%d messages of %d octets", messages, octets));
      all(ours, theirs, messages);
      table.heading(String.format(Locale.ROOT, "%d messages of %d octets", part, octets));
      some(ours, theirs, part);
    }
    table.note("load average after", PeersBench.loadAverage(), "");
    table.end();
  }

  private void all(MailSystem ours, MailSystem theirs, int messages) throws IOException {
    try (ImapWire our = ours.login(ALL);
        ImapWire their = theirs.login(ALL)) {
      for (ImapWire wire : List.of(our, their)) {
        wire.run("SELECT INBOX");
        for (int i = 0; i < WARM_UPS; i++) {
          wire.run("UID FETCH 1:* (FLAGS)");
          wire.run(HEADERS);
        }
      }
      inTurn.compare("UID FETCH 1:* (FLAGS)", messages, our, their);
      InTurn.Timed[] headers = {
        () -> InTurn.seconds(HEADERS, messages, our), () -> InTurn.seconds(HEADERS, messages, their)
      };
      inTurn.compare(
          "headers as Thunderbird reads them", messages, "messages", headers[0], headers[1]);
      inTurn.compare("SELECT INBOX", 1, our, their);
      String ourAgain = changed(our);
      String theirAgain = changed(their);
      inTurn.compare(
          "SELECT with QRESYNC after " + CHANGED + " changes",
          1,
          "times",
          () -> InTurn.seconds(ourAgain, CHANGED, our),
          () -> InTurn.seconds(theirAgain, CHANGED, their));
    }
  }

  /** Changes some messages; returns how a client comes back that was there before. RFC 7162. */
  private static String changed(ImapWire wire) throws IOException {
    wire.run("ENABLE QRESYNC");
    Map<String, String> codes = new HashMap<>();
    wire.run(
        "SELECT INBOX",
        line -> {
          Matcher code = CODE.matcher(line);
          if (code.lookingAt()) {
            codes.put(code.group(1), code.group(2));
          }
        });
    wire.run("UID STORE 1:" + CHANGED + " +FLAGS.SILENT (\\Flagged)");
    return "SELECT INBOX (QRESYNC ("
        + codes.get("UIDVALIDITY")
        + " "
        + codes.get("HIGHESTMODSEQ")
        + "))";
  }

  private void some(MailSystem ours, MailSystem theirs, int messages)
      throws IOException, InterruptedException {
    try (ImapWire our = ours.login(SOME);
        ImapWire their = theirs.login(SOME)) {
      for (ImapWire wire : List.of(our, their)) {
        wire.run("SELECT INBOX");
        for (int i = 0; i < WARM_UPS; i++) {
          wire.run("UID FETCH 1:* (BODY.PEEK[])");
        }
      }
      inTurn.compare("UID FETCH 1:* (BODY.PEEK[])", messages, our, their);
      int[] word = {0};
      InTurn.Timed[] searches = {() -> search(our, word[0]++), () -> search(their, word[0]++)};
      inTurn.compare("UID SEARCH BODY", messages, "messages", searches[0], searches[1]);
    }
    List<ImapWire> our = open(ours);
    List<ImapWire> their = open(theirs);
    inTurn.compare(
        "UID FETCH 1:* (BODY.PEEK[]), " + CONNECTIONS + " connections",
        (long) CONNECTIONS * messages,
        "messages",
        () -> together(our, messages),
        () -> together(their, messages));
    for (ImapWire wire : our) {
      wire.close();
    }
    for (ImapWire wire : their) {
      wire.close();
    }
  }

  /** Each time for another word, so that nobody remembers the answer. */
  private static double search(ImapWire wire, int number) throws IOException {
    String word = WORDS.get(number / 2 % WORDS.size());
    return InTurn.seconds("UID SEARCH BODY \"" + word + number / 2 + "\"", 1, wire);
  }

  private static List<ImapWire> open(MailSystem system) throws IOException {
    List<ImapWire> wires = new ArrayList<>();
    for (int i = 0; i < CONNECTIONS; i++) {
      ImapWire wire = system.login(SOME);
      wire.run("SELECT INBOX");
      wires.add(wire);
    }
    return wires;
  }

  private static double together(List<ImapWire> wires, int messages) throws IOException {
    long begin = System.nanoTime();
    List<Callable<Double>> reads = new ArrayList<>();
    for (ImapWire wire : wires) {
      reads.add(() -> InTurn.seconds("UID FETCH 1:* (BODY.PEEK[])", messages, wire));
    }
    try (ExecutorService threads = Executors.newFixedThreadPool(wires.size())) {
      for (Future<Double> read : threads.invokeAll(reads)) {
        read.get();
      }
    } catch (InterruptedException | ExecutionException e) {
      throw new IOException("a connection failed: " + e.getMessage(), e);
    }
    return (System.nanoTime() - begin) / 1e9;
  }

  /** Mail of some length with words and numbers in it, part of it read. */
  private static void fill(Path maildir, int messages, int octets) throws IOException {
    Random random = new Random(messages);
    for (int i = 0; i < messages; i++) {
      String flags = i % 10 < 7 ? "S" : "";
      Path file =
          maildir.resolve("cur").resolve(1_763_800_000L + i + ".M" + i + ".bench:2," + flags);
      Files.write(file, message(i, octets, random));
    }
  }

  private static byte[] message(int number, int octets, Random random) {
    StringBuilder text =
        new StringBuilder(
            String.format(
                Locale.ROOT,
                HEAD,
                number % 500,
                number % 500,
                number / 3,
                number / 60 % 24,
                number % 60,
                number,
                number / 3));
    int line = 0;
    while (text.length() < octets) {
      String word = WORDS.get(random.nextInt(WORDS.size()));
      text.append(word).append(random.nextInt(1000)).append(++line % 8 == 0 ? "\r\n" : " ");
    }
    return text.append("\r\n").toString().getBytes(US_ASCII);
  }
}
