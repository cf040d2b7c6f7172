package dev.postrider.server.config;

import dev.postrider.server.config.Format.Unfit;
import java.util.Locale;
import java.util.OptionalLong;

/** Numbers of octets as a person writes them: 2GB is 2 000 000 000 octets, 2GiB 2 147 483 648. */
public final class SizeText {

  private SizeText() {}

  /** Empty when it is no size. */
  public static OptionalLong parse(String text) {
    try {
      return OptionalLong.of(Formats.octets(text));
    } catch (Unfit notASize) {
      return OptionalLong.empty();
    }
  }

  /** With the largest unit of which there is a whole number, so that {@link #parse} reads it. */
  public static String show(long octets) {
    String[] units = {"TB", "GB", "MB", "KB"};
    long unit = 1_000_000_000_000L;
    for (String name : units) {
      if (octets >= unit && octets % unit == 0) {
        return octets / unit + name;
      }
      unit /= 1000;
    }
    return Formats.show(octets);
  }

  /** For people, with one decimal: 1.2MB. */
  public static String about(long octets) {
    String[] units = {"TB", "GB", "MB", "KB"};
    double unit = 1e12;
    for (String name : units) {
      if (octets >= unit) {
        return String.format(Locale.ROOT, "%.1f%s", octets / unit, name);
      }
      unit /= 1000;
    }
    return octets + "B";
  }
}
