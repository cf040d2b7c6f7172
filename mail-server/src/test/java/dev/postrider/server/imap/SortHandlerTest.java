package dev.postrider.server.imap;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SortHandlerTest {

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
      rig.deliver("INBOX", "Subject: two\n\nneedle");
      rig.deliver("INBOX", "Subject: one\n\n" + "needle, damaged ".repeat(2000));
      rig.deliver("INBOX", "Subject: three\n\nneedle");
    }
    ImapRig.damage(directory, "damaged");
  }

  @Test
  void sortsWithoutReadingMessages() throws Exception {
    deliverWithDamage();
    try (ImapRig rig = new ImapRig(directory)) {
      rig.play(
          SELECTED
              + """
              C: c SORT (SUBJECT DATE FROM) UTF-8 ALL
              S: * SORT 2 3 1
              S: c OK Sorted
              """);
    }
  }

  @Test
  void searchThatComesUponADamagedMessageFailsAndTheSessionGoesOn() throws Exception {
    deliverWithDamage();
    try (ImapRig rig = new ImapRig(directory)) {
      rig.play(
          SELECTED
              + """
              C: c SORT (SUBJECT) UTF-8 BODY needle
              S: c NO [SERVERBUG] {{.*}}
              C: d SORT (SUBJECT) UTF-8 BODY needle NOT SUBJECT one
              S: * SORT 3 1
              S: d OK Sorted
              """);
    }
  }

  /** RFC 5182 section 2.1. */
  @Test
  void sortThatFailsLeavesNothingSavedWhereItWasToSave() throws Exception {
    deliverWithDamage();
    try (ImapRig rig = new ImapRig(directory)) {
      rig.play(
          SELECTED
              + """
              C: c SORT RETURN (SAVE) (SUBJECT) UTF-8 ALL
              S: c OK Sorted
              C: d SORT RETURN (MIN) (SUBJECT) UTF-8 BODY needle
              S: d NO [SERVERBUG] {{.*}}
              C: e SEARCH RETURN (COUNT) $
              S: * ESEARCH (TAG "e") COUNT 3
              S: e OK Searched
              C: f SORT RETURN (SAVE MIN) (SUBJECT) UTF-8 BODY needle
              S: f NO [SERVERBUG] {{.*}}
              C: g SEARCH RETURN (COUNT) $
              S: * ESEARCH (TAG "g") COUNT 0
              S: g OK Searched
              """);
    }
  }

  /** RFC 5256 section 3: not during SORT; during UID SORT unless it counts with numbers. */
  @Test
  void withholdsExpungeWhereNumbersCount() throws Exception {
    try (ImapRig rig = new ImapRig(directory)) {
      rig.deliver("INBOX", "Subject: c\n\n");
      rig.deliver("INBOX", "Subject: b\n\n");
      rig.deliver("INBOX", "Subject: a\n\n");
      rig.play(
          SELECTED
              + """
              other S: * OK {{.*}}
              other C: a LOGIN alice@a.test secret
              other S: a OK {{.*}}
              other C: b SELECT INBOX
              other S: ...
              other S: b OK {{.*}}
              other C: c STORE 2 +FLAGS.SILENT (\\Deleted)
              other S: c OK {{.*}}
              other C: d EXPUNGE
              other S: * 2 EXPUNGE
              other S: d OK {{.*}}
              C: c SORT (SUBJECT) UTF-8 ALL
              S: * SORT 3 1
              S: c OK Sorted
              C: d UID SORT (SUBJECT) UTF-8 1:3
              S: * SORT 3 1
              S: d OK Sorted
              C: e UID SORT (SUBJECT) UTF-8 UID 1:3
              S: * SORT 3 1
              S: * 2 EXPUNGE
              S: e OK Sorted
              C: f SORT (SUBJECT) UTF-8 ALL
              S: * SORT 2 1
              S: f OK Sorted
              """);
    }
  }
}
