package dev.postrider.integration.server;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunningServerIT {

  @TempDir Path directory;

  /** However soon after its last word the process ends. */
  @Test
  void serverThatCannotListenIsNotTakenForReady() throws Exception {
    Map<String, Integer> ports = RunningServer.freePorts();
    Installation installation = Installation.below(Path.of(System.getProperty("postrider.root")));
    int imaps = requireNonNull(ports.get("imaps"));
    try (var taken = new ServerSocket(imaps, 1, InetAddress.getLoopbackAddress())) {
      assertThat(taken.isBound()).isTrue();
      assertThatThrownBy(
              () -> RunningServer.start(installation, directory, "a.test", ports, "").close())
          .isInstanceOf(IOException.class)
          .hasMessageContaining("did not become ready")
          .hasMessageContaining(Integer.toString(imaps));
    }
  }

  @Test
  void noPortIsGivenTwice() throws Exception {
    Set<Integer> given = new HashSet<>();
    for (int i = 0; i < 100; i++) {
      for (int port : RunningServer.freePorts().values()) {
        assertThat(given.add(port)).isTrue();
      }
    }
  }
}
