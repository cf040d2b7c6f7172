package dev.postrider.integration.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Fills an INBOX by APPEND, many sessions at once, each far ahead of the answers. */
final class Appends {

  /** Appends that are sent before their answers are read. */
  private static final int AHEAD = 50;

  /** Opens a connection that is logged in. */
  interface Login {
    ImapWire open() throws IOException;
  }

  private Appends() {}

  static void run(Login login, int sessions, int messages, int octets)
      throws IOException, InterruptedException {
    byte[] message = message(octets);
    ConcurrentLinkedQueue<IOException> failures = new ConcurrentLinkedQueue<>();
    List<Thread> running = new ArrayList<>();
    for (int i = 0; i < sessions; i++) {
      int share = messages / sessions + (i < messages % sessions ? 1 : 0);
      running.add(
          Thread.ofVirtual()
              .start(
                  () -> {
                    try (ImapWire wire = login.open()) {
                      append(wire, message, share);
                    } catch (IOException e) {
                      failures.add(e);
                    }
                  }));
    }
    for (Thread session : running) {
      session.join();
    }
    IOException failure = failures.peek();
    if (failure != null) {
      throw failure;
    }
  }

  private static void append(ImapWire wire, byte[] message, int count) throws IOException {
    for (int left = count; left > 0; left -= AHEAD) {
      int now = Math.min(left, AHEAD);
      for (int i = 0; i < now; i++) {
        wire.append("INBOX", message);
      }
      wire.awaitAppends(now);
    }
  }

  private static byte[] message(int octets) {
    StringBuilder text = new StringBuilder(octets + 128);
    text.append("From: Load <load@example.test>\r\nTo: Bench <bench@bench.test>\r\n");
    text.append(
        "Subject: =?utf-8?Q?Gr=C3=BC=C3=9Fe?=\r\nDate: Mon, 23 Nov 2026 10:00:00 +0000\r\n");
    text.append("Message-ID: <load@example.test>\r\nReferences: <a@b.test> <c@d.test>\r\n");
    text.append("MIME-Version: 1.0\r\nContent-Type: text/plain; charset=us-ascii\r\n\r\n");
    while (text.length() < octets) {
      text.append("The quick brown fox jumps over the lazy dog, time and again.\r\n");
    }
    return text.toString().getBytes(US_ASCII);
  }
}
