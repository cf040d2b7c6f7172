package dev.postrider.testkit.objects;

import dev.postrider.testkit.files.FileTree;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * S3Mock in a process of its own, on a free port of 127.0.0.1, started when it is first asked for
 * and ended with this JVM. It takes every access key. It insists on a second port, on all
 * addresses, that nothing here uses.
 */
public final class S3Server {

  private static final String HOST = "127.0.0.1";
  private static final String REGION = "us-east-1";
  private static final int STOP_SECONDS_MAX = 10;

  /** Where the build of this module puts it. */
  private static final Path PROGRAM = Path.of("testkit/target/programs/s3mock-exec.jar");

  private static final Pattern STARTED = Pattern.compile("Tomcat started on ports? (\\d+) \\(http");
  private static final int LINES_UNTIL_STARTED_MAX = 1000;

  private static @Nullable S3Server shared;

  private final Process process;
  private final Path directory;
  private final URI endpoint;
  private final AtomicInteger buckets = new AtomicInteger();

  private S3Server() throws IOException {
    Path program = Path.of(System.getProperty("postrider.root", "")).resolve(PROGRAM);
    if (!Files.exists(program)) {
      throw new IOException(program + " is missing: build the module testkit (mvn -am …)");
    }
    directory = Files.createTempDirectory("s3mock-");
    process = start(program);
    Runtime.getRuntime().addShutdownHook(new Thread(this::end, "s3mock-end"));
    endpoint = URI.create("http://" + HOST + ":" + awaitPort());
  }

  /**
   * The server of this JVM.
   *
   * @throws UncheckedIOException when it does not start
   */
  public static synchronized S3Server shared() {
    if (shared == null) {
      try {
        shared = new S3Server();
      } catch (IOException e) {
        throw new UncheckedIOException(e.getMessage(), e);
      }
    }
    return shared;
  }

  public URI endpoint() {
    return endpoint;
  }

  public String region() {
    return REGION;
  }

  /** Makes an empty bucket that nobody else has. */
  public String newBucket() throws IOException {
    String name = "test-" + buckets.incrementAndGet();
    HttpURLConnection request =
        (HttpURLConnection) endpoint.resolve("/" + name).toURL().openConnection();
    request.setRequestMethod("PUT");
    if (request.getResponseCode() != HttpURLConnection.HTTP_OK) {
      throw new IOException("no bucket: " + request.getResponseCode());
    }
    return name;
  }

  private Process start(Path program) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Xmx256m",
            "-Djava.io.tmpdir=" + directory,
            "-jar",
            program.toString(),
            "--server.address=" + HOST,
            "--server.port=0",
            "--server.ssl.enabled=false",
            "--http.port=0")
        .redirectErrorStream(true)
        .start();
  }

  private int awaitPort() throws IOException {
    StringBuilder said = new StringBuilder();
    BufferedReader output = process.inputReader();
    for (int lines = 0; lines < LINES_UNTIL_STARTED_MAX; lines++) {
      String line = output.readLine();
      if (line == null) {
        break;
      }
      said.append(line).append('\n');
      Matcher started = STARTED.matcher(line);
      if (started.find()) {
        Thread.ofPlatform().daemon().name("s3mock-output").start(() -> drain(output));
        return Integer.parseInt(started.group(1));
      }
    }
    end();
    throw new IOException("S3Mock did not start: " + said);
  }

  /** Its log is of no use, but a full pipe would stop it. */
  private static void drain(BufferedReader output) {
    try (output) {
      String line = output.readLine();
      while (line != null) {
        line = output.readLine();
      }
    } catch (IOException e) {
      // It ended.
    }
  }

  private void end() {
    process.destroy();
    try {
      if (!process.waitFor(STOP_SECONDS_MAX, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
      FileTree.delete(directory);
    } catch (IOException | InterruptedException e) {
      process.destroyForcibly();
    }
  }
}
