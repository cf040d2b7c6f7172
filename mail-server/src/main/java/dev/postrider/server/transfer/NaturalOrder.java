package dev.postrider.server.transfer;

import java.util.Comparator;

/** Names in the order in which a person counts them: 2 before 10. */
final class NaturalOrder {

  static final Comparator<String> NAMES = NaturalOrder::compare;

  private NaturalOrder() {}

  private static int compare(String a, String b) {
    int i = 0;
    int j = 0;
    while (i < a.length() && j < b.length()) {
      int aEnd = digitsEnd(a, i);
      int bEnd = digitsEnd(b, j);
      int order;
      if (aEnd > i && bEnd > j) {
        order = compareNumbers(a.substring(i, aEnd), b.substring(j, bEnd));
        i = aEnd;
        j = bEnd;
      } else {
        order = Character.compare(a.charAt(i++), b.charAt(j++));
      }
      if (order != 0) {
        return order;
      }
    }
    int rest = Integer.compare(a.length() - i, b.length() - j);
    return rest != 0 ? rest : a.compareTo(b);
  }

  private static int digitsEnd(String name, int from) {
    int end = from;
    while (end < name.length() && name.charAt(end) >= '0' && name.charAt(end) <= '9') {
      end++;
    }
    return end;
  }

  /** Of any length, so they are never made numbers. */
  private static int compareNumbers(String a, String b) {
    String left = a.replaceFirst("^0+", "");
    String right = b.replaceFirst("^0+", "");
    int order = Integer.compare(left.length(), right.length());
    return order != 0 ? order : left.compareTo(right);
  }
}
