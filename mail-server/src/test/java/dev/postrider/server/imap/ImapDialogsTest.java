package dev.postrider.server.imap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.postrider.testkit.dialog.Dialog;
import dev.postrider.testkit.dialog.DialogPlayer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Plays every dialog in memory, on sockets, and compressed from the login on, each time with a
 * store of its own.
 */
class ImapDialogsTest {

  private static final int DIALOGS_COMPRESSED_MIN = 40;

  @TempDir Path directory;

  private final AtomicInteger compressed = new AtomicInteger();

  @TestFactory
  Stream<DynamicTest> dialogs() {
    Stream<DynamicTest> played =
        Dialog.resourcesIn(ImapDialogsTest.class, "dialogs")
            .flatMap(
                dialog ->
                    Stream.of(
                        dynamicTest(dialog.name() + " in memory", () -> playInMemory(dialog)),
                        dynamicTest(dialog.name() + " on sockets", () -> playOnSockets(dialog)),
                        dynamicTest(dialog.name() + " compressed", () -> playCompressed(dialog))));
    return Stream.concat(
        played,
        Stream.of(
            dynamicTest(
                "compressed they were",
                () -> assertThat(compressed).hasValueGreaterThan(DIALOGS_COMPRESSED_MIN))));
  }

  private void playCompressed(Dialog dialog) throws Exception {
    try (ImapRig rig = new ImapRig(Files.createTempDirectory(directory, "store"))) {
      try (DialogPlayer player =
          new DialogPlayer(name -> new CompressingTransport(rig.open(name), compressed))) {
        player.play(dialog);
      }
      rig.awaitSessions();
      assertThat(rig.handler.deflatersLent()).isZero();
    }
  }

  private void playInMemory(Dialog dialog) throws Exception {
    try (ImapRig rig = new ImapRig(Files.createTempDirectory(directory, "store"))) {
      rig.play(dialog);
      rig.awaitSessions();
    }
  }

  private void playOnSockets(Dialog dialog) throws Exception {
    try (ImapRig rig = new ImapRig(Files.createTempDirectory(directory, "store"));
        DialogPlayer player = new DialogPlayer(rig::connect)) {
      player.play(dialog);
    }
  }
}
