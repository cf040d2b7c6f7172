package dev.postrider.protocol.imap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class SequenceSetTest {

  private static SequenceSet set(String text) {
    return ((ImapCommand.Copy) Commands.parse("UID COPY " + text + " x")).messages();
  }

  @Test
  void resolvesTheLargestNumber() {
    SequenceSet.Resolved resolved = set("559:*").resolve(7);
    assertThat(resolved.contains(7)).isTrue();
    assertThat(resolved.contains(6)).isFalse();
    assertThat(resolved.contains(559)).isTrue();
  }

  @Test
  void joinsAndSortsRanges() {
    SequenceSet.Resolved resolved = set("9:7,1,2:4,3,8:12").resolve(100);
    assertThat(resolved.size()).isEqualTo(2);
    assertThat(List.of(resolved.first(0), resolved.last(0))).containsExactly(1L, 4L);
    assertThat(List.of(resolved.first(1), resolved.last(1))).containsExactly(7L, 12L);
    assertThat(resolved.contains(5)).isFalse();
    assertThat(resolved.highest()).isEqualTo(12);
  }

  @Test
  void isWrittenAsItWasRead() {
    assertThat(set("2,4:7,9:*")).hasToString("2,4:7,9:*");
    assertThat(set("*")).hasToString("*");
  }

  @Test
  void knowsNoNumberOfWhatWasSaved() {
    assertThat(set("$").isSaved()).isTrue();
    assertThat(set("$")).hasToString("$");
    assertThat(set("1").isSaved()).isFalse();
    assertThatThrownBy(() -> SequenceSet.SAVED.resolve(7))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void coversEveryNumberThereIs() {
    SequenceSet.Resolved resolved = set("1:4294967295").resolve(3);
    assertThat(resolved.contains(4294967295L)).isTrue();
  }
}
