package dev.postrider.server.imap;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SearchHandlerTest {

  private static final String SELECTED =
      """
      S: * OK {{.*}}
      C: a LOGIN alice@a.test secret
      S: a OK {{.*}}
      C: b SELECT INBOX
      S: ...
      S: b OK {{.*}}
      """;

  @TempDir Path directory;

  /** Three messages with the word in them; that in the middle cannot be read. */
  private void deliverWithDamage() throws Exception {
    try (ImapRig rig = new ImapRig(directory)) {
      rig.deliver("INBOX", "Subject: one\n\nneedle");
      rig.deliver("INBOX", "Subject: two\n\n" + "needle, damaged ".repeat(2000));
      rig.deliver("INBOX", "Subject: three\n\nneedle");
    }
    ImapRig.damage(directory, "damaged");
  }

  @Test
  void looksNoFurtherThanToTheEndsThatAreAskedFor() throws Exception {
    deliverWithDamage();
    try (ImapRig rig = new ImapRig(directory)) {
      rig.play(
          SELECTED
              + """
              C: c SEARCH RETURN (MIN) BODY needle
              S: * ESEARCH (TAG "c") MIN 1
              S: c OK Searched
              C: d SEARCH RETURN (MAX) BODY needle
              S: * ESEARCH (TAG "d") MAX 3
              S: d OK Searched
              C: e UID SEARCH RETURN (MIN MAX SAVE) BODY needle
              S: * ESEARCH (TAG "e") UID MIN 1 MAX 3
              S: e OK Searched
              C: f SEARCH RETURN (MIN COUNT) BODY needle
              S: f NO [SERVERBUG] {{.*}}
              C: g SEARCH RETURN () $
              S: * ESEARCH (TAG "g") ALL 1,3
              S: g OK Searched
              """);
    }
  }

  /** RFC 5182 section 2.1. */
  @Test
  void searchThatFailsLeavesNothingSavedWhereItWasToSave() throws Exception {
    deliverWithDamage();
    try (ImapRig rig = new ImapRig(directory)) {
      rig.play(
          SELECTED
              + """
              C: c SEARCH RETURN (SAVE) ALL
              S: c OK Searched
              C: d SEARCH RETURN (COUNT) BODY needle
              S: d NO [SERVERBUG] {{.*}}
              C: e SEARCH RETURN (COUNT) $
              S: * ESEARCH (TAG "e") COUNT 3
              S: e OK Searched
              C: f SEARCH RETURN (SAVE) $ BODY needle
              S: f NO [SERVERBUG] {{.*}}
              C: g SEARCH RETURN (COUNT) $
              S: * ESEARCH (TAG "g") COUNT 0
              S: g OK Searched
              """);
    }
  }

  @Test
  void measuresIntervalsByTheClock() throws Exception {
    String younger =
        """
        C: c SEARCH YOUNGER 3600
        S: * SEARCH{{%s}}
        S: c OK Searched
        C: d SEARCH OLDER 3600
        S: * SEARCH{{%s}}
        S: d OK Searched
        """;
    try (ImapRig rig = new ImapRig(directory)) {
      rig.deliver("INBOX", "Subject: x\n\n");
      rig.clock.advance(Duration.ofSeconds(3599));
      rig.play(SELECTED + younger.formatted(" 1", ""));
      // Parts of a second do not count.
      rig.clock.advance(Duration.ofMillis(1999));
      rig.play(SELECTED + younger.formatted(" 1", " 1"));
      rig.clock.advance(Duration.ofMillis(1));
      rig.play(SELECTED + younger.formatted("", " 1"));
    }
  }

  /** Nothing of one mailbox, or of one session, is found in another. */
  @Test
  void savedResultBelongsToOneSession() throws Exception {
    try (ImapRig rig = new ImapRig(directory)) {
      rig.deliver("INBOX", "Subject: x\n\n");
      rig.play(
          SELECTED
              + """
              C: c SEARCH RETURN (SAVE COUNT) ALL
              S: * ESEARCH (TAG "c") COUNT 1
              S: c OK Searched
              other S: * OK {{.*}}
              other C: a LOGIN alice@a.test secret
              other S: a OK {{.*}}
              other C: b SELECT INBOX
              other S: ...
              other S: b OK {{.*}}
              other C: c SEARCH RETURN (COUNT) $
              other S: * ESEARCH (TAG "c") COUNT 0
              other S: c OK Searched
              C: d SELECT nowhere
              S: * OK [CLOSED] {{.*}}
              S: d NO {{.*}}
              C: e SEARCH $
              S: e BAD {{.*}}
              """);
    }
  }
}
