package dev.postrider.testkit.dialog;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the text of a dialog. */
final class DialogParser {

  private static final Pattern TALK =
      Pattern.compile("(?:([A-Za-z][\\w.-]*) )?([CS])(?:\\*(\\d+))?(-)?:(?: (.*))?");
  private static final Pattern BLOCK = Pattern.compile("(?:([A-Za-z][\\w.-]*) )?([CS])<<\\s*");
  private static final Pattern ACT =
      Pattern.compile("(?:([A-Za-z][\\w.-]*) )?(starttls|close|half-close|expect-close)\\s*");
  private static final String BLOCK_END = ">>";
  private static final String SKIP = "...";

  private final String name;
  private final List<String> lines;
  private final List<Step> steps = new ArrayList<>();
  private int at;

  DialogParser(String name, String text) {
    this.name = name;
    this.lines = text.lines().toList();
  }

  List<Step> parse() {
    while (at < lines.size()) {
      String line = lines.get(at++);
      if (!line.isBlank() && !line.startsWith("#")) {
        step(line);
      }
    }
    return steps;
  }

  private void step(String line) {
    Matcher talk = TALK.matcher(line);
    if (talk.matches()) {
      talk(talk);
      return;
    }
    Matcher block = BLOCK.matcher(line);
    if (block.matches()) {
      block(connection(block), block.group(2));
      return;
    }
    Matcher act = ACT.matcher(line);
    if (act.matches()) {
      steps.add(act(connection(act), act.group(2)));
      return;
    }
    throw wrong("this is no step of a dialog: " + line);
  }

  private void talk(Matcher talk) {
    String connection = connection(talk);
    String text = talk.group(5) == null ? "" : talk.group(5);
    boolean lineEnd = talk.group(4) == null;
    int times = talk.group(3) == null ? 1 : Integer.parseInt(talk.group(3));
    int line = at;
    if (talk.group(2).equals("C")) {
      steps.add(new Step.Send(connection, line, text, lineEnd, times));
    } else if (!lineEnd) {
      steps.add(new Step.ExpectOctets(connection, line, text));
    } else if (text.equals(SKIP)) {
      steps.add(new Step.Skip(connection, line, textAfterSkip(connection)));
    } else {
      steps.add(new Step.Expect(connection, line, text, times));
    }
  }

  private String textAfterSkip(String connection) {
    if (at < lines.size()) {
      Matcher next = TALK.matcher(lines.get(at));
      boolean expected = next.matches() && next.group(2).equals("S") && next.group(4) == null;
      if (expected && connection(next).equals(connection)) {
        at++;
        return next.group(5) == null ? "" : next.group(5);
      }
    }
    throw wrong("'S: ...' must be followed by the 'S:' line to skip to");
  }

  private void block(String connection, String who) {
    int start = at;
    while (at < lines.size() && !lines.get(at).equals(BLOCK_END)) {
      at++;
    }
    if (at == lines.size()) {
      at = start;
      throw wrong("this block does not end in " + BLOCK_END);
    }
    List<String> inside = lines.subList(start, at);
    at++;
    if (who.equals("C")) {
      steps.add(new Step.SendBlock(connection, start, inside));
      return;
    }
    for (int i = 0; i < inside.size(); i++) {
      steps.add(new Step.Expect(connection, start + 1 + i, inside.get(i), 1));
    }
  }

  private Step act(String connection, String verb) {
    return switch (verb) {
      case "starttls" -> new Step.StartTls(connection, at);
      case "close" -> new Step.Close(connection, at);
      case "half-close" -> new Step.HalfClose(connection, at);
      default -> new Step.ExpectClose(connection, at);
    };
  }

  private static String connection(Matcher matcher) {
    return matcher.group(1) == null ? "" : matcher.group(1);
  }

  private DialogFailure wrong(String why) {
    return new DialogFailure(name + ":" + at + ": " + why, null);
  }
}
