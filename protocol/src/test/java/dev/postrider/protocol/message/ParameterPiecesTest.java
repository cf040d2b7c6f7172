package dev.postrider.protocol.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ParameterPiecesTest {

  private static List<Parameter> joined(String... namesAndValues) {
    return ParameterPieces.joined(parameters(namesAndValues));
  }

  private static List<Parameter> parameters(String... namesAndValues) {
    return IntStream.range(0, namesAndValues.length / 2)
        .mapToObj(i -> new Parameter(namesAndValues[2 * i], namesAndValues[2 * i + 1]))
        .toList();
  }

  @Test
  void joinsPiecesWhereTheFirstStood() {
    assertThat(joined("a", "1", "name*1", "second", "NAME*0", "first ", "b", "2"))
        .isEqualTo(parameters("a", "1", "NAME", "first second", "b", "2"));
  }

  @Test
  void turnsEncodedPiecesIntoUtf8() {
    assertThat(joined("x*0*", "iso-8859-15'de'%A4", "x*1", " and ", "x*2*", "%A4"))
        .isEqualTo(parameters("x*", "\u00e2\u0082\u00ac and \u00e2\u0082\u00ac"));
    assertThat(joined("x*", "utf-8''%e2%82%ac")).isEqualTo(parameters("x*", "\u00e2\u0082\u00ac"));
  }

  @Test
  void leavesWhatHasNoFirstPieceOrStandsBehindAGap() {
    List<Parameter> odd = parameters("x*1", "b", "y*", "plain", "*", "z", "y*x", "w", "x*-1", "v");
    assertThat(ParameterPieces.joined(odd)).isEqualTo(odd);
    assertThat(joined("x*0", "a", "x*2", "c", "x", "old"))
        .isEqualTo(parameters("x", "a", "x*2", "c", "x", "old"));
  }

  @Test
  void usesTheFirstOfTwoThatAreNumberedAlike() {
    assertThat(joined("x*0", "a", "x*0*", "b", "x*1", "c"))
        .isEqualTo(parameters("x", "ac", "x*0*", "b"));
  }

  @Test
  void comesToAnEndWithAnything() {
    List<Parameter> many =
        Stream.of("*", "x**", "x*0**", "x*999999", "", "x*0*0")
            .map(name -> new Parameter(name, "%"))
            .toList();
    assertThat(ParameterPieces.joined(many)).hasSize(many.size());
  }
}
