package dev.postrider.server.imap;

import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.postrider.testkit.dialog.Dialog;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Every dialog of the folder, each with a store of its own. */
class ImapDialogsTest {

  @TempDir Path directory;

  @TestFactory
  Stream<DynamicTest> dialogs() {
    return Dialog.resourcesIn(ImapDialogsTest.class, "dialogs")
        .map(dialog -> dynamicTest(dialog.name(), () -> play(dialog)));
  }

  private void play(Dialog dialog) throws Exception {
    Path own = Files.createTempDirectory(directory, "store");
    try (ImapRig rig = new ImapRig(own)) {
      rig.play(dialog);
      rig.awaitSessions();
    }
  }
}
