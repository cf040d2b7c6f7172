package dev.postrider.client.session;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * Where the dialogue with a server is written down, if anywhere. Angus leaves AUTH exchanges out by
 * itself; this is the second line of defence: no line that holds a password, plain or in base64,
 * gets through with it.
 */
public final class Trace {
  public static final Trace NONE = new Trace(OutputStream.nullOutputStream(), false);

  private final PrintStream stream;
  private final boolean on;
  private final List<String> secrets = new ArrayList<>();

  private Trace(OutputStream target, boolean on) {
    this.on = on;
    this.stream = new PrintStream(new Masking(target), true, ISO_8859_1);
  }

  public static Trace to(OutputStream target) {
    return new Trace(target, true);
  }

  boolean isOn() {
    return on;
  }

  PrintStream stream() {
    return stream;
  }

  /** From now on, nothing of this login appears. */
  void hide(String user, String password) {
    if (!on || password.isEmpty()) {
      return;
    }
    String latin = new String(password.getBytes(UTF_8), ISO_8859_1);
    secrets.add(latin);
    secrets.add(base64(password));
    secrets.add(base64("\0" + user + "\0" + password));
    secrets.add(base64(user + "\0" + user + "\0" + password));
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
  }

  /** Holds a line back until it is whole, so that a secret cannot slip through in two halves. */
  private final class Masking extends OutputStream {
    /** A line longer than this is masked in pieces. Octets. */
    private static final int LINE_OCTETS_MAX = 65_536;

    private final OutputStream target;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();

    Masking(OutputStream target) {
      this.target = target;
    }

    @Override
    public void write(int octet) throws IOException {
      line.write(octet);
      if (octet == '\n' || line.size() >= LINE_OCTETS_MAX) {
        emit();
      }
    }

    @Override
    public void close() throws IOException {
      emit();
      target.close();
    }

    private void emit() throws IOException {
      String text = line.toString(ISO_8859_1);
      line.reset();
      for (String secret : secrets) {
        text = text.replace(secret, "*****");
      }
      target.write(text.getBytes(ISO_8859_1));
      target.flush();
    }
  }
}
