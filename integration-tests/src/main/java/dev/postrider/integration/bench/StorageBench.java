package dev.postrider.integration.bench;

import dev.postrider.integration.server.Installation;
import dev.postrider.storage.StoreException;
import dev.postrider.testkit.files.FileTree;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the store promises about disk, time and memory: each figure with its bar beside it.
 *
 * <p>Arguments: names of parts (all, when there is none), and sizes as {@code name=number}; {@link
 * #SIZES} has them with their defaults, which are small.
 */
public final class StorageBench {

  private static final List<String> PARTS =
      List.of("disk", "flags", "hold", "reopen", "mailbox", "deliveries", "churn");

  private static final Map<String, Integer> SIZES =
      Map.of(
          // disk: megabytes of mail, for each size of message
          "megabytes", 300,
          // flags: messages in the mailbox
          "flagged", 50_000,
          // hold, deliveries: seconds for each load
          "seconds", 5,
          // reopen: megabytes of mail of 75 KB
          "reopened", 1000,
          // mailbox: messages of 500 octets in one mailbox
          "messages", 100_000,
          // churn: how long, how many messages, how many turns in a second
          "minutes", 2,
          "churned", 65_000,
          "turns", 10);

  private final BarTable table;
  private final Installation installation;
  private final Path directory;
  private final Map<String, Integer> sizes;

  private StorageBench(
      BarTable table, Installation installation, Path directory, Map<String, Integer> sizes) {
    this.table = table;
    this.installation = installation;
    this.directory = directory;
    this.sizes = sizes;
  }

  public static void main(String[] arguments) throws Exception {
    Map<String, Integer> sizes = new TreeMap<>(SIZES);
    List<String> parts = new ArrayList<>();
    for (String argument : arguments) {
      int equals = argument.indexOf('=');
      String name = equals < 0 ? argument : argument.substring(0, equals);
      if (equals < 0 ? !PARTS.contains(name) : !sizes.containsKey(name)) {
        throw new IllegalArgumentException(
            "no such part or size: " + name + "; parts are " + PARTS + ", sizes " + SIZES);
      }
      if (equals < 0) {
        parts.add(name);
      } else {
        sizes.put(name, Integer.valueOf(argument.substring(equals + 1)));
      }
    }
    Path root = Path.of(System.getProperty("postrider.root", "."));
    // Not below /tmp: that may be memory, and an fsync there costs nothing.
    Path below = Files.createDirectories(root.resolve("integration-tests/target"));
    Path directory = Files.createTempDirectory(below, "bench");
    try {
      BarTable table = new BarTable(System.out);
      StorageBench bench =
          new StorageBench(table, Installation.below(root), directory, Map.copyOf(sizes));
      table.note("processors", Runtime.getRuntime().availableProcessors(), "");
      table.note("load average before", load(), "");
      for (String part : parts.isEmpty() ? PARTS : parts) {
        bench.run(part);
      }
      table.note("load average after", load(), "");
      table.end();
    } finally {
      FileTree.delete(directory);
    }
  }

  private static double load() {
    return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
  }

  private void run(String part) throws IOException, StoreException, InterruptedException {
    Path place = directory.resolve(part);
    switch (part) {
      case "disk" -> new DiskUse(table, place, size("megabytes")).run();
      case "flags" -> new ManyFlags(table, place, size("flagged")).run();
      case "hold" -> new Holding(table, place, seconds()).run();
      case "reopen" -> new Reopening(table, place, size("reopened")).run();
      case "mailbox" -> new LargeMailbox(table, installation, place, size("messages")).run();
      case "deliveries" -> new Deliveries(table, installation, place, seconds()).run();
      case "churn" ->
          new Churn(
                  table, place, Duration.ofMinutes(size("minutes")), size("churned"), size("turns"))
              .run();
      default -> throw new IllegalArgumentException(String.format(Locale.ROOT, "no part %s", part));
    }
  }

  private Duration seconds() {
    return Duration.ofSeconds(size("seconds"));
  }

  private int size(String name) {
    Integer size = sizes.get(name);
    if (size == null) {
      throw new IllegalArgumentException("no size " + name);
    }
    return size;
  }
}
