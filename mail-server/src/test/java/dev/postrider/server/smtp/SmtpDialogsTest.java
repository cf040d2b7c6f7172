package dev.postrider.server.smtp;

import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.postrider.server.config.ListenerKind;
import dev.postrider.testkit.dialog.Dialog;
import dev.postrider.testkit.dialog.DialogPlayer;
import dev.postrider.testkit.dialog.Transport;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Plays every dialog in memory and again on real sockets. */
class SmtpDialogsTest {

  private static SmtpHouse house;

  @BeforeAll
  static void open(@TempDir Path directory) throws Exception {
    house = new SmtpHouse(directory);
  }

  @AfterAll
  static void close() throws Exception {
    house.close();
  }

  @TestFactory
  Stream<DynamicTest> smtp() {
    return dialogs("smtp", ListenerKind.SMTP);
  }

  @TestFactory
  Stream<DynamicTest> submission() {
    return dialogs("submission", ListenerKind.SUBMISSION);
  }

  private static Stream<DynamicTest> dialogs(String folder, ListenerKind kind) {
    return Dialog.resourcesIn(SmtpDialogsTest.class, folder)
        .flatMap(
            dialog ->
                Stream.of(
                    dynamicTest(
                        dialog.name() + " in memory", () -> play(dialog, _ -> house.pipe(kind))),
                    dynamicTest(
                        dialog.name() + " on sockets",
                        () -> play(dialog, _ -> house.socket(kind)))));
  }

  private static void play(Dialog dialog, Transport.Opener opener) {
    try (DialogPlayer player = new DialogPlayer(opener)) {
      player.play(dialog);
    }
  }
}
