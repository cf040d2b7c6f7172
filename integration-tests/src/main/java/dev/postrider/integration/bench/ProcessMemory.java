package dev.postrider.integration.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.stream.Stream;

/** What processes of this machine take, in octets. */
final class ProcessMemory {

  private ProcessMemory() {}

  /** Of the heap of a JVM, after a full collection: what is reachable. */
  static long heap(ProcessHandle jvm) throws IOException {
    String program = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    Process jcmd =
        new ProcessBuilder(program, Long.toString(jvm.pid()), "GC.class_histogram")
            .redirectErrorStream(true)
            .start();
    String[] lines = new String(jcmd.getInputStream().readAllBytes(), UTF_8).strip().split("\n");
    // "Total  instances  octets"
    String[] last = lines[lines.length - 1].strip().split(" +");
    if (last.length != 3 || !last[0].equals("Total")) {
      throw new IOException("jcmd said: " + String.join(" ", last));
    }
    return Long.parseLong(last[2]);
  }

  /** Of a process and all that it started; what they share is counted once. */
  static long proportional(ProcessHandle process) throws IOException {
    long sum = 0;
    for (ProcessHandle one : Stream.concat(Stream.of(process), process.descendants()).toList()) {
      sum += proportionalAlone(one);
    }
    return sum;
  }

  private static long proportionalAlone(ProcessHandle process) throws IOException {
    Path file = Path.of("/proc", Long.toString(process.pid()), "smaps_rollup");
    try {
      for (String line : Files.readAllLines(file)) {
        if (line.startsWith("Pss:")) {
          return Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024;
        }
      }
      return 0;
    } catch (NoSuchFileException e) {
      return 0;
    }
  }
}
