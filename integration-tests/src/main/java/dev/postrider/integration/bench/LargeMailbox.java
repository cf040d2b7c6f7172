package dev.postrider.integration.bench;

import dev.postrider.integration.server.Installation;
import dev.postrider.integration.server.RunningServer;
import dev.postrider.storage.StoreException;
import dev.postrider.storage.StoreSettings;
import dev.postrider.testkit.files.FileTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;

/**
 * One mailbox with very many small messages, in a server: how it starts, and opens the mailbox:
 * from its rows, from its file, and after a kill, when the file lacks what happened last.
 */
final class LargeMailbox {

  private static final double READY_BAR_SECONDS = 2;
  private static final double WARM_BAR_MILLIS = 5;
  private static final double COLD_BAR_MILLIS = 500;
  private static final double STORE_BAR_SECONDS = 0.3;
  private static final int OCTETS = 500;
  private static final int STORED = 10_000;
  private static final int TIMES = 7;
  private static final String SMALL_HEAP = "-Xmx400m";

  private final BarTable table;
  private final Installation installation;
  private final Path directory;
  private final int messages;

  LargeMailbox(BarTable table, Installation installation, Path directory, int messages) {
    this.table = table;
    this.installation = installation;
    this.directory = directory;
    this.messages = messages;
  }

  void run() throws IOException, StoreException {
    table.heading(
        String.format(
            Locale.ROOT, "a mailbox with %d messages of %d octets, in a server", messages, OCTETS));
    try (RunningServer server =
        RunningServer.start(installation, directory, StoreUnderLoad.OWNER.domain(), "")) {
      server.addAccount(StoreUnderLoad.OWNER.toString(), "bench");
      server.stop();
      fill(server.dataDirectory());
      start(server, "ready after a clean stop");
      ask(server);
      server.stop();
      start(server, "ready after a clean stop, with the index in a file");
      try (ImapWire wire = login(server)) {
        table.atMost("SELECT, cold, from its file", select(wire), COLD_BAR_MILLIS, "ms");
        wire.run("STORE 1:" + Math.min(STORED, messages) + " +FLAGS (\\Flagged)");
      }
      server.kill();
      start(server, "ready after kill -9");
      try (ImapWire wire = login(server)) {
        table.atMost(
            "SELECT, cold, after STORE and kill -9, its file behind",
            select(wire),
            COLD_BAR_MILLIS,
            "ms");
      }
      server.kill();
      server.withJavaOptions(SMALL_HEAP);
      start(server, "ready with " + SMALL_HEAP);
      askInSmallHeap(server);
    }
    FileTree.delete(directory);
  }

  private void fill(Path data) throws StoreException {
    long begin = System.nanoTime();
    try (StoreUnderLoad load = new StoreUnderLoad(data, StoreSettings.defaults())) {
      load.fill(load.inbox(), new Mail(OCTETS, 1), messages);
    }
    table.note("filled", messages * 1e9 / (System.nanoTime() - begin), "/s");
  }

  private void start(RunningServer server, String what) throws IOException {
    server.startAgain();
    table.atMost(what, server.startTime().toNanos() / 1e9, READY_BAR_SECONDS, "s");
  }

  private void ask(RunningServer server) throws IOException {
    try (ImapWire wire = login(server)) {
      table.note("SELECT, cold, from the tables alone", select(wire), "ms");
      double[] warm = new double[TIMES];
      for (int i = 0; i < TIMES; i++) {
        wire.run("UNSELECT");
        warm[i] = select(wire);
      }
      Arrays.sort(warm);
      table.atMost("SELECT, warm, median of " + TIMES, warm[TIMES / 2], WARM_BAR_MILLIS, "ms");
      store(wire);
    }
  }

  private void store(ImapWire wire) throws IOException {
    int some = Math.min(STORED, messages);
    double[] seconds = new double[TIMES];
    for (int i = 0; i < TIMES; i++) {
      String change = i % 2 == 0 ? "+FLAGS (\\Seen)" : "-FLAGS (\\Seen)";
      seconds[i] = wire.run("STORE 1:" + some + " " + change).nanos() / 1e9;
    }
    table.note("STORE of " + some + " messages, the first time", seconds[0], "s");
    Arrays.sort(seconds);
    table.atMost(
        "STORE of " + some + " messages, median of " + TIMES,
        seconds[TIMES / 2],
        STORE_BAR_SECONDS,
        "s");
  }

  private void askInSmallHeap(RunningServer server) throws IOException {
    try (ImapWire wire = login(server)) {
      table.note(SMALL_HEAP + ": SELECT, cold", select(wire), "ms");
      ImapWire.Reply flags = wire.run("UID FETCH 1:* (FLAGS)");
      if (flags.lines() < messages) {
        throw new IOException("only " + flags.lines() + " messages were told");
      }
      table.note(SMALL_HEAP + ": flags of all", flags.nanos() / 1e9, "s");
      note(wire, "UID SEARCH ALL");
      note(wire, "STORE 1:* +FLAGS (\\Seen)");
      note(wire, "STORE 1:* +FLAGS.SILENT (\\Deleted)");
      note(wire, "EXPUNGE");
    }
    Path status = Path.of("/proc", Long.toString(server.process().pid()), "status");
    if (Files.exists(status)) {
      for (String line : Files.readAllLines(status)) {
        if (line.startsWith("VmHWM")) {
          table.note(
              SMALL_HEAP + ": memory of the process at most", line.replaceAll("\\D+", "") + " KB");
        }
      }
    }
  }

  private void note(ImapWire wire, String command) throws IOException {
    table.note(SMALL_HEAP + ": " + command, wire.run(command).nanos() / 1e9, "s");
  }

  private static double select(ImapWire wire) throws IOException {
    return wire.run("SELECT INBOX").nanos() / 1e6;
  }

  private static ImapWire login(RunningServer server) throws IOException {
    ImapWire wire = ImapWire.open(server.port("imaps"), server.certificate());
    wire.run("LOGIN " + StoreUnderLoad.OWNER + " bench");
    return wire;
  }
}
