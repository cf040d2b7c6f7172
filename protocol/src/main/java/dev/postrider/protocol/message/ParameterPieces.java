package dev.postrider.protocol.message;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Parameters that were written in pieces, or in a charset of their own, in one. RFC 2231. */
public final class ParameterPieces {

  private ParameterPieces() {}

  /**
   * {@code parameters} with each one in its pieces as one, where the first of these stood: the
   * pieces of {@code name*0} and {@code name*1} as {@code name}, those of {@code name*0*} and
   * {@code name*1*} in UTF-8 as {@code name*}. RFC 9051 section 7.5.2. What has no first piece, or
   * stands behind a gap, stays as it is.
   */
  @SuppressWarnings("ReferenceEquality") // one that is there twice is a piece once
  public static List<Parameter> joined(List<Parameter> parameters) {
    Map<String, SortedMap<Integer, Parameter>> pieces = new HashMap<>();
    for (Parameter parameter : parameters) {
      int number = number(parameter);
      if (number >= 0) {
        pieces
            .computeIfAbsent(name(parameter), absent -> new TreeMap<>())
            .putIfAbsent(number, parameter);
      }
    }
    if (pieces.isEmpty()) {
      return parameters;
    }
    List<Parameter> joined = new ArrayList<>();
    for (Parameter parameter : parameters) {
      SortedMap<Integer, Parameter> all = pieces.getOrDefault(name(parameter), new TreeMap<>());
      int number = number(parameter);
      boolean isPiece = number >= 0 && all.get(number) == parameter;
      if (isPiece && number == 0) {
        joined.add(joined(parameter, all));
      } else if (!isPiece || number >= run(all)) {
        joined.add(parameter);
      }
    }
    return joined;
  }

  private static Parameter joined(Parameter first, SortedMap<Integer, Parameter> pieces) {
    String name = first.name().substring(0, first.name().indexOf('*'));
    byte[] value = HeaderText.join(pieces).getBytes(StandardCharsets.UTF_8);
    return new Parameter(
        first.name().endsWith("*") ? name + "*" : name,
        new String(value, StandardCharsets.ISO_8859_1));
  }

  /** How many pieces there are from 0 on without a gap. */
  private static int run(SortedMap<Integer, Parameter> pieces) {
    int run = 0;
    while (pieces.containsKey(run)) {
      run++;
    }
    return run;
  }

  private static int number(Parameter parameter) {
    int star = parameter.name().indexOf('*');
    return star <= 0 ? -1 : HeaderText.pieceNumber(parameter.name().substring(star + 1));
  }

  private static String name(Parameter parameter) {
    int star = parameter.name().indexOf('*');
    String name = star < 0 ? parameter.name() : parameter.name().substring(0, star);
    return name.toLowerCase(Locale.ROOT);
  }
}
