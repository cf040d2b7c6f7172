package dev.postrider.protocol.imap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postrider.protocol.imap.Extension.Place;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ExtensionTest {

  @Test
  void goesWithWhatItNeeds() {
    assertThat(Extension.allBut(Set.of(Extension.CONDSTORE)))
        .containsExactlyInAnyOrderElementsOf(
            EnumSet.complementOf(EnumSet.of(Extension.CONDSTORE, Extension.QRESYNC)));
    assertThat(Extension.allBut(Set.of(Extension.SORT)))
        .doesNotContain(Extension.SORT, Extension.SORT_DISPLAY, Extension.ESORT);
    assertThat(Extension.allBut(Set.of(Extension.QRESYNC))).contains(Extension.CONDSTORE);
  }

  @Test
  void isCalledAsTheServerSaysItAndNothingElse() {
    assertThat(Extension.called("thread=References")).contains(Extension.THREAD_REFERENCES);
    assertThat(Extension.called("IDLE")).isEmpty();
    assertThat(Extension.called("")).isEmpty();
  }

  @Test
  void hasItsWordsInTheirPlacesAlone() {
    assertThat(Extension.of(Place.SEARCH, "MODSEQ")).contains(Extension.CONDSTORE);
    assertThat(Extension.of(Place.FETCH_MODIFIER, "VANISHED")).contains(Extension.QRESYNC);
    assertThat(Extension.of(Place.SEARCH, "VANISHED")).isEmpty();
    assertThat(Extension.of(Place.COMMAND, "SELECT")).isEmpty();
  }

  @Test
  void ofACommandThatUsesOneThatIsOffTheLiteralIsReadOver() {
    Commands in = new Commands("a APPEND x CATENATE (TEXT {8+}\r\nb LOGOUT)\r\nc NOOP\r\n");
    in.reader.speak(Extension.allBut(Set.of(Extension.CATENATE)));
    assertThat(((CommandReader.Received.Unacceptable) in.next()).reply().toString())
        .isEqualTo("BAD Unknown here: CATENATE");
    assertThat(((CommandReader.Received.Command) in.next()).tag()).isEqualTo("c");
  }
}
