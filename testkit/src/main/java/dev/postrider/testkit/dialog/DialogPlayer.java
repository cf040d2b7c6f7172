package dev.postrider.testkit.dialog;

import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Plays dialogs. Connections and captures stay from one dialog to the next, until the player is
 * closed.
 */
public final class DialogPlayer implements AutoCloseable {

  private static final int TRANSCRIPT_LINES_SHOWN = 40;

  private final Transport.Opener opener;
  private final Map<String, String> captured = new HashMap<>();
  private final Map<String, Line> connections = new LinkedHashMap<>();
  private final Transcript transcript = new Transcript();

  public DialogPlayer(Transport.Opener opener) {
    this.opener = opener;
  }

  /** Lets a dialog write <code>{{=name}}</code> for {@code value}. */
  public DialogPlayer with(String name, String value) {
    captured.put(name, value);
    return this;
  }

  /** What was captured as {@code name}; null when nothing was. */
  public @Nullable String captured(String name) {
    return captured.get(name);
  }

  /**
   * Plays all of it.
   *
   * @throws DialogFailure at the first step that goes otherwise
   */
  public void play(Dialog dialog) {
    List<Step> steps = dialog.steps();
    for (int i = 0; i < steps.size(); i++) {
      Step step = steps.get(i);
      try {
        play(step, i + 1 < steps.size() ? steps.subList(i + 1, steps.size()) : List.of());
      } catch (IOException | Mismatch | IllegalArgumentException e) {
        throw failure(dialog, step, e);
      }
    }
  }

  private void play(Step step, List<Step> following) throws IOException {
    Line line = line(step.connection());
    switch (step) {
      case Step.Send send -> send(line, send, following);
      case Step.SendBlock block -> line.send(octets(block));
      case Step.Expect expect -> {
        for (int i = 0; i < expect.times(); i++) {
          expect(line, expect.text());
        }
      }
      case Step.Skip skip -> skip(line, skip.until());
      case Step.ExpectOctets expect -> {
        byte[] wanted = LinePattern.octets(expect.text(), captured);
        String got = line.readOctets(wanted.length);
        if (!got.equals(LinePattern.decode(wanted))) {
          throw new Mismatch(expect.text(), got);
        }
      }
      case Step.StartTls tls -> line.startTls();
      case Step.Close close -> {
        line.close();
        connections.remove(close.connection());
      }
      case Step.HalfClose half -> line.closeOutput();
      case Step.ExpectClose close -> {
        String more = line.readLine();
        if (more != null) {
          throw new Mismatch("the server closes the connection", more);
        }
      }
    }
  }

  private void send(Line line, Step.Send send, List<Step> following) {
    byte[] octets = LinePattern.octets(withLiteral(send, following), captured);
    byte[] all = send.lineEnd() ? Line.withCrLf(octets) : octets;
    for (int i = 0; i < send.times(); i++) {
      line.send(all);
    }
  }

  /** The text, with the octets of the next block on the same connection instead of the word. */
  private String withLiteral(Step.Send send, List<Step> following) {
    if (!send.text().matches(".*\\{literal[+-]?}")) {
      return send.text();
    }
    for (Step step : following) {
      if (step instanceof Step.SendBlock block && block.connection().equals(send.connection())) {
        return send.text().replaceFirst("\\{literal([+-]?)}$", "{" + octets(block).length + "$1}");
      }
    }
    throw new IllegalArgumentException("{literal} without a C<< block after it");
  }

  private byte[] octets(Step.SendBlock block) {
    java.io.ByteArrayOutputStream all = new java.io.ByteArrayOutputStream();
    for (String text : block.lines()) {
      all.writeBytes(Line.withCrLf(LinePattern.octets(text, captured)));
    }
    return all.toByteArray();
  }

  private void expect(Line line, String text) throws IOException {
    String got = line.readLine();
    if (got == null) {
      throw new Mismatch(text, "the end of the connection");
    }
    if (!LinePattern.matches(text, got, captured)) {
      throw new Mismatch(text, got);
    }
  }

  private void skip(Line line, String until) throws IOException {
    String got = line.readLine();
    while (got != null && !LinePattern.matches(until, got, captured)) {
      got = line.readLine();
    }
    if (got == null) {
      throw new Mismatch("… " + until, "the end of the connection");
    }
  }

  private Line line(String name) throws IOException {
    Line known = connections.get(name);
    if (known != null) {
      return known;
    }
    Line opened = new Line(name, opener.open(name), transcript);
    connections.put(name, opened);
    return opened;
  }

  private DialogFailure failure(Dialog dialog, Step step, Exception why) {
    StringBuilder text = new StringBuilder(dialog.name()).append(':').append(step.line());
    if (why instanceof Mismatch mismatch) {
      text.append(":\n  expected: ").append(mismatch.expected);
      text.append("\n  got:      ").append(mismatch.got);
    } else {
      text.append(": ").append(step).append("\n  ").append(why);
    }
    for (Line line : connections.values()) {
      IOException writing = line.writeFailure();
      if (writing != null) {
        text.append("\n  while writing to '").append(line.name()).append("': ").append(writing);
      }
    }
    text.append("\n  what was said:\n");
    transcript
        .last(TRANSCRIPT_LINES_SHOWN)
        .forEach(l -> text.append("    ").append(l).append('\n'));
    return new DialogFailure(text.toString(), why instanceof Mismatch ? null : why);
  }

  @Override
  public void close() {
    for (Line line : connections.values()) {
      line.close();
    }
    connections.clear();
  }

  /** The server said something else. */
  static final class Mismatch extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final String expected;
    private final String got;

    Mismatch(String expected, String got) {
      super(expected);
      this.expected = expected;
      this.got = got;
    }
  }
}
