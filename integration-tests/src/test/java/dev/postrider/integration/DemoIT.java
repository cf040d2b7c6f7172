package dev.postrider.integration;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The first command of the README. */
class DemoIT {

  @TempDir Path directory;

  @Test
  void sendsAMessageAndReadsItBack() throws Exception {
    Program.Ran demo =
        Program.of(Servers.installation().server().toString(), "demo", "--once")
            .args("--data", directory.resolve("data").toString())
            .run()
            .ok();
    assertThat(demo.text()).contains("alice@example.test", "bob@example.test", "Subject:");
  }
}
