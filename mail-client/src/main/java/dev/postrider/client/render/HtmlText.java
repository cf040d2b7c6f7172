package dev.postrider.client.render;

import java.util.Set;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;

/**
 * HTML as text: paragraphs, lists, quotes and links stay recognisable. Nothing is loaded and
 * nothing runs; scripts, styles and what is hidden are left out.
 */
public final class HtmlText {
  private static final Set<String> SILENT =
      Set.of("script", "style", "head", "title", "template", "noscript", "svg", "object", "iframe");
  private static final Set<String> BLOCKS =
      Set.of(
          "p",
          "div",
          "section",
          "article",
          "header",
          "footer",
          "table",
          "tr",
          "ul",
          "ol",
          "dl",
          "dt",
          "dd",
          "form",
          "h1",
          "h2",
          "h3",
          "h4",
          "h5",
          "h6",
          "blockquote",
          "pre",
          "address",
          "center",
          "figure",
          "fieldset");
  private static final Set<String> SPACED =
      Set.of("p", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "table", "ul", "ol");

  /** Deeper elements are taken as plain text: hostile mail nests thousands. */
  private static final int DEPTH_MAX = 200;

  private final StringBuilder out = new StringBuilder();
  private String prefix = "";
  private boolean lineOpen;
  private boolean spacePending;

  private HtmlText() {}

  public static String render(String html) {
    HtmlText text = new HtmlText();
    Element body = Jsoup.parse(html).body();
    text.children(body, 0);
    return text.out.toString().replaceAll("[ \t]+\n", "\n").replaceAll("\n{3,}", "\n\n").strip()
        + "\n";
  }

  private void children(Element element, int depth) {
    for (Node child : element.childNodes()) {
      if (child instanceof TextNode textNode) {
        words(textNode.getWholeText());
      } else if (child instanceof Element inner) {
        if (depth < DEPTH_MAX) {
          element(inner, depth + 1);
        } else {
          words(inner.text());
        }
      }
    }
  }

  private void element(Element element, int depth) {
    String tag = element.normalName();
    if (SILENT.contains(tag) || isHidden(element)) {
      return;
    }
    switch (tag) {
      case "br" -> newLine();
      case "hr" -> rule();
      case "img" -> image(element);
      case "a" -> link(element, depth);
      case "li" -> item(element, depth);
      case "td", "th" -> cell(element, depth);
      case "blockquote" -> quote(element, depth);
      case "pre" -> preformatted(element);
      default -> {
        boolean block = BLOCKS.contains(tag);
        if (block) {
          blockEdge(tag);
        }
        children(element, depth);
        if (block) {
          blockEdge(tag);
        }
      }
    }
  }

  private static boolean isHidden(Element element) {
    String style = element.attr("style").replace(" ", "");
    return element.hasAttr("hidden")
        || style.contains("display:none")
        || style.contains("visibility:hidden");
  }

  private void words(String text) {
    boolean leading = !text.isEmpty() && Character.isWhitespace(text.charAt(0));
    spacePending |= leading;
    for (String word : text.strip().split("\\s+")) {
      if (!word.isEmpty()) {
        append(word);
        spacePending = true;
      }
    }
    boolean trailing = !text.isEmpty() && Character.isWhitespace(text.charAt(text.length() - 1));
    spacePending = trailing || (leading && text.isBlank());
  }

  private void append(String word) {
    if (!lineOpen) {
      out.append(prefix);
      lineOpen = true;
    } else if (spacePending) {
      out.append(' ');
    }
    spacePending = false;
    out.append(word);
  }

  private void newLine() {
    out.append('\n');
    lineOpen = false;
    spacePending = false;
  }

  private void blockEdge(String tag) {
    if (lineOpen) {
      newLine();
    }
    if (SPACED.contains(tag) && !out.isEmpty() && !out.toString().endsWith("\n\n")) {
      out.append(prefix.stripTrailing()).append('\n');
    }
  }

  private void rule() {
    blockEdge("div");
    append("-".repeat(40));
    newLine();
  }

  private void image(Element element) {
    String alt = element.attr("alt").strip();
    if (!alt.isEmpty()) {
      append("[" + alt + "]");
    }
  }

  private void link(Element element, int depth) {
    children(element, depth);
    String target = element.attr("href").strip();
    boolean shown = element.text().strip().equals(target);
    if (!shown && (target.startsWith("http:") || target.startsWith("https:"))) {
      spacePending = true;
      append("<" + target + ">");
    }
  }

  private void item(Element element, int depth) {
    if (lineOpen) {
      newLine();
    }
    Element list = element.parent();
    boolean numbered = list != null && list.normalName().equals("ol");
    append(numbered ? element.elementSiblingIndex() + 1 + "." : "*");
    spacePending = true;
    String outer = prefix;
    prefix = outer + "  ";
    children(element, depth);
    prefix = outer;
    if (lineOpen) {
      newLine();
    }
  }

  private void cell(Element element, int depth) {
    spacePending = true;
    children(element, depth);
    spacePending = true;
  }

  private void quote(Element element, int depth) {
    blockEdge("blockquote");
    String outer = prefix;
    prefix = outer + "> ";
    children(element, depth);
    if (lineOpen) {
      newLine();
    }
    prefix = outer;
    blockEdge("blockquote");
  }

  private void preformatted(Element element) {
    blockEdge("pre");
    for (String line : element.wholeText().split("\n", -1)) {
      out.append(prefix).append(line.stripTrailing()).append('\n');
    }
    lineOpen = false;
    blockEdge("pre");
  }
}
