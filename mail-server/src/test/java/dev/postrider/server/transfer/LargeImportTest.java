package dev.postrider.server.transfer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The program, with little memory, killed in the middle and run again: every message is there once.
 *
 * <p>{@code -Dtransfer.messages=200000 -Dtransfer.heap=96m} for the long form.
 */
final class LargeImportTest {

  private static final int MESSAGES = Integer.getInteger("transfer.messages", 3000);
  private static final String HEAP = System.getProperty("transfer.heap", "48m");
  private static final long MINUTES_MAX = 20;

  @TempDir private Path directory;

  @Test
  void isWholeAfterAKillInLittleMemory() throws Exception {
    Path data = directory.resolve("data");
    new TransferHouse(data).close();
    Path config = directory.resolve("p.toml");
    Files.writeString(config, "hostname = \"mx.a.test\"\ndomains = [\"a.test\"]\n");
    Path root = TransferHouse.maildir(directory.resolve("Maildir"));
    for (int i = 0; i < MESSAGES; i++) {
      Files.writeString(
          root.resolve("cur/" + (1_500_000_000L + i) + ".x:2,S"),
          "Subject: number " + i + "\n\n" + "lorem ipsum\n".repeat(i % 50));
    }

    Process killed = start(config, data, root);
    Path log = data.resolve("log");
    long before = octets(log);
    while (killed.isAlive() && octets(log) < before + 100L * MESSAGES) {
      killed.waitFor(10, TimeUnit.MILLISECONDS);
    }
    killed.destroyForcibly().waitFor();
    Process second = start(config, data, root);
    String printed = new String(second.getInputStream().readAllBytes(), UTF_8);

    assertThat(second.waitFor(MINUTES_MAX, TimeUnit.MINUTES)).isTrue();
    assertThat(second.exitValue()).as(printed).isZero();
    assertThat(printed).contains("\"found\":\"" + MESSAGES + "\"", "\"left-out\":\"0\"");
    Process third = start(config, data, root);
    assertThat(new String(third.getInputStream().readAllBytes(), UTF_8))
        .contains("\"imported\":\"0\"", "\"already-there\":\"" + MESSAGES + "\"");
  }

  private static long octets(Path log) throws Exception {
    long octets = 0;
    try (var files = Files.newDirectoryStream(log)) {
      for (Path file : files) {
        octets += Files.size(file);
      }
    }
    return octets;
  }

  private Process start(Path config, Path data, Path root) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx" + HEAP, "-XX:+UseSerialGC", "-XX:+ExitOnOutOfMemoryError"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of("dev.postrider.server.main.Postriderd", "import", "alice@a.test"));
    command.addAll(List.of(root.toString(), "--json", "--config", config.toString()));
    command.addAll(List.of("--data", data.toString()));
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }
}
