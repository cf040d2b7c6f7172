package dev.postrider.client.render;

/** Widths on a terminal, where East Asian letters and most emoji take two cells. */
public final class Columns {
  private Columns() {}

  /** Cells that {@code text} takes. */
  public static int width(String text) {
    return text.codePoints().map(Columns::width).sum();
  }

  private static int width(int c) {
    int type = Character.getType(c);
    if (type == Character.NON_SPACING_MARK
        || type == Character.ENCLOSING_MARK
        || type == Character.FORMAT) {
      return 0;
    }
    return isWide(c) ? 2 : 1;
  }

  private static boolean isWide(int c) {
    return (c >= 0x1100 && c <= 0x115F)
        || (c >= 0x2E80 && c <= 0xA4CF && c != 0x303F)
        || (c >= 0xAC00 && c <= 0xD7A3)
        || (c >= 0xF900 && c <= 0xFAFF)
        || (c >= 0xFE30 && c <= 0xFE6F)
        || (c >= 0xFF00 && c <= 0xFF60)
        || (c >= 0xFFE0 && c <= 0xFFE6)
        || (c >= 0x1F300 && c <= 0x1FAFF)
        || (c >= 0x20000 && c <= 0x3FFFD);
  }

  /** Exactly {@code cells} wide: cut with an ellipsis, or filled with spaces. */
  public static String fit(String text, int cells) {
    int width = width(text);
    if (width <= cells) {
      return text + " ".repeat(cells - width);
    }
    StringBuilder out = new StringBuilder();
    int used = 0;
    for (int c : text.codePoints().toArray()) {
      int w = width(c);
      if (used + w > cells - 1) {
        break;
      }
      out.appendCodePoint(c);
      used += w;
    }
    return out.append('…').append(" ".repeat(Math.max(0, cells - 1 - used))).toString();
  }
}
