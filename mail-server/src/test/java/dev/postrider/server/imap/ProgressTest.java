package dev.postrider.server.imap;

import dev.postrider.protocol.imap.Extension;
import dev.postrider.testkit.dialog.Dialog;
import dev.postrider.testkit.dialog.DialogPlayer;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Of commands during which the clock goes on by some seconds each time that it is looked at. */
class ProgressTest {

  private static final int MESSAGES = 5 * Progress.STEPS;

  @TempDir Path directory;

  private static void play(ImapRig rig, Duration tick, String lines) throws Exception {
    for (int i = 0; i < MESSAGES; i++) {
      rig.deliver("INBOX", "x: " + i + "\n");
    }
    try (DialogPlayer player = new DialogPlayer(rig::open)) {
      player.play(
          Dialog.parse(
              "begin",
              """
              S: * OK {{.*}}
              C: a LOGIN alice@a.test secret
              S: a OK {{.*}}
              C: b SELECT INBOX
              S: ...
              S: b OK {{.*}}
              C: c NOOP
              S: c OK {{.*}}
              """));
      rig.tick = tick;
      player.play(Dialog.parse("look", lines));
    }
  }

  @Test
  void isToldEveryTenSecondsAndNeverAsTheWhole() throws Exception {
    try (ImapRig rig = new ImapRig(directory)) {
      play(
          rig,
          Duration.ofSeconds(5),
          """
          C: d1 SEARCH BODY x
          S: * OK [INPROGRESS ("d1" 32 80)] Still looking
          S: * OK [INPROGRESS ("d1" 64 80)] Still looking
          S: * SEARCH
          S: d1 OK Searched
          C: d2] UID SORT (DATE) UTF-8 ALL
          S: * OK [INPROGRESS (NIL 32 80)] Still looking
          S: * OK [INPROGRESS (NIL 64 80)] Still looking
          S: * SORT {{.*}}
          S: d2] OK Sorted
          C: d3 THREAD REFERENCES UTF-8 1
          S: * OK [INPROGRESS ("d3" 32 80)] Still looking
          S: * OK [INPROGRESS ("d3" 64 80)] Still looking
          S: * THREAD (1)
          S: d3 OK Threaded
          C: d4 SEARCH RETURN (MAX) UID 1:32
          S: * OK [INPROGRESS ("d4" 32 80)] Still looking
          S: * ESEARCH (TAG "d4") MAX 32
          S: d4 OK Searched
          C: d5 SEARCH RETURN (MAX) UID 70:80
          S: * ESEARCH (TAG "d5") MAX 80
          S: d5 OK Searched
          """);
    }
  }

  @Test
  void neverReachesTheGoal() throws Exception {
    try (ImapRig rig = new ImapRig(directory)) {
      play(
          rig,
          Duration.ofSeconds(10),
          """
          C: d1 SEARCH UNKEYWORD x
          S: * OK [INPROGRESS ("d1" 16 80)] Still looking
          S: * OK [INPROGRESS ("d1" 32 80)] Still looking
          S: * OK [INPROGRESS ("d1" 48 80)] Still looking
          S: * OK [INPROGRESS ("d1" 64 80)] Still looking
          S: * OK [INPROGRESS ("d1" 79 80)] Still looking
          S: * SEARCH {{.*}}
          S: d1 OK Searched
          """);
    }
  }

  @Test
  void isNotToldOfWhatIsDoneSoon() throws Exception {
    try (ImapRig rig = new ImapRig(directory)) {
      play(
          rig,
          Duration.ofSeconds(1),
          """
          C: d1 SEARCH BODY x
          S: * SEARCH
          S: d1 OK Searched
          """);
    }
  }

  @Test
  void isNotToldWhereItIsSwitchedOff() throws Exception {
    try (ImapRig rig = new ImapRig(directory, Extension.INPROGRESS)) {
      play(
          rig,
          Duration.ofSeconds(30),
          """
          C: d1 SEARCH BODY x
          S: * SEARCH
          S: d1 OK Searched
          """);
    }
  }
}
