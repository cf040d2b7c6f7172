package dev.postrider.server.imap;

import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.postrider.testkit.dialog.Dialog;
import dev.postrider.testkit.dialog.DialogPlayer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Plays every dialog in memory and again on sockets, each time with a store of its own. */
class ImapDialogsTest {

  @TempDir Path directory;

  @TestFactory
  Stream<DynamicTest> dialogs() {
    return Dialog.resourcesIn(ImapDialogsTest.class, "dialogs")
        .flatMap(
            dialog ->
                Stream.of(
                    dynamicTest(dialog.name() + " in memory", () -> playInMemory(dialog)),
                    dynamicTest(dialog.name() + " on sockets", () -> playOnSockets(dialog))));
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
