package dev.postrider.storage.objects;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postrider.storage.objects.ScriptedHttpServer.Answer;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A process with little memory puts a body that is larger. */
class S3MemoryTest {

  private static final int OCTETS = 100_000_000;

  @Test
  void putsABodyThatDoesNotFitIntoMemory() throws Exception {
    try (ScriptedHttpServer server = new ScriptedHttpServer()) {
      server.answers(Answer.of("200 OK", ""));
      Process child =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-XX:+UseSerialGC",
                  "-Xmx32m",
                  "-cp",
                  System.getProperty(
                      "surefire.test.class.path", System.getProperty("java.class.path")),
                  S3MemoryTest.class.getName(),
                  server.endpoint().toString())
              .inheritIO()
              .start();
      assertThat(child.waitFor()).isZero();
      assertThat(server.requests())
          .satisfiesExactly(request -> assertThat(request.body()).hasSize(OCTETS));
    }
  }

  /** Puts it there. */
  public static void main(String[] args) throws Exception {
    S3Settings settings =
        new S3Settings(
            Optional.of(URI.create(args[0])),
            "us-east-1",
            "mail",
            "",
            true,
            Optional.of(new S3Settings.AccessKey("ACCESS", "SECRET")),
            new S3Settings.Limits(
                Duration.ofSeconds(5), Duration.ofSeconds(60), 1, Duration.ofMillis(1)));
    try (ObjectStore store = new S3ObjectStore(settings)) {
      store.put("large", new Zeros(OCTETS));
    }
  }
}
