package dev.postrider.server.imap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postrider.testkit.dialog.Transport;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** What is said on one connection, where a dialog would be too long. A char is an octet. */
final class Conversation {

  final OutputStream out;
  final BufferedReader in;

  Conversation(Transport client) {
    out = client.out();
    in = new BufferedReader(new InputStreamReader(client.in(), StandardCharsets.ISO_8859_1));
  }

  void send(String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.ISO_8859_1));
    out.flush();
  }

  void logIn() throws IOException {
    send("l LOGIN alice@a.test secret\r\n");
    assertThat(reply("l ")).startsWith("l OK");
  }

  /** The next line that begins so. */
  String reply(String begin) throws IOException {
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      if (line.startsWith(begin)) {
        return line;
      }
    }
    throw new AssertionError("no " + begin);
  }

  /** Exactly so many octets. */
  byte[] octets(int count) throws IOException {
    char[] octets = new char[count];
    int done = 0;
    while (done < count) {
      int more = in.read(octets, done, count - done);
      assertThat(more).isPositive();
      done += more;
    }
    return new String(octets).getBytes(StandardCharsets.ISO_8859_1);
  }
}
