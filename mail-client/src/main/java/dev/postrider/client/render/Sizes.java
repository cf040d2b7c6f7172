package dev.postrider.client.render;

import java.util.Locale;

/** Octets for people: 512, 4.0K, 29M. */
public final class Sizes {
  private Sizes() {}

  public static String of(long octets) {
    if (octets < 0) {
      return "?";
    }
    if (octets < 1024) {
      return Long.toString(octets);
    }
    double value = octets;
    String unit = "";
    for (String next : new String[] {"K", "M", "G"}) {
      if (value < 1024) {
        break;
      }
      value /= 1024;
      unit = next;
    }
    return String.format(Locale.ROOT, value < 10 ? "%.1f%s" : "%.0f%s", value, unit);
  }
}
