package dev.postrider.integration.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Sessions that send messages one after the other, each waiting for the 250 before the next. */
final class SmtpLoad {

  /**
   * @param acknowledged messages that got their 250, warm-up and all
   * @param perSecond of those within the measured time
   * @param p50 from the first octet of MAIL to the 250
   */
  record Result(long acknowledged, double perSecond, Duration p50, Duration p99) {}

  private final int port;
  private final List<String> recipients;
  private final byte[] transaction;

  SmtpLoad(int port, String recipient, int octets) {
    this(port, List.of(recipient), octets);
  }

  /**
   * @param recipients of the sessions, in turn
   */
  SmtpLoad(int port, List<String> recipients, int octets) {
    this.port = port;
    this.recipients = recipients;
    this.transaction = transaction(octets);
  }

  Result run(int sessions, Duration warmUp, Duration time)
      throws IOException, InterruptedException {
    ConcurrentLinkedQueue<long[]> samples = new ConcurrentLinkedQueue<>();
    ConcurrentLinkedQueue<Exception> failures = new ConcurrentLinkedQueue<>();
    long begin = System.nanoTime() + warmUp.toNanos();
    long end = begin + time.toNanos();
    List<Thread> running = new ArrayList<>();
    for (int i = 0; i < sessions; i++) {
      String recipient = recipients.get(i % recipients.size());
      running.add(
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      session(recipient, end, samples);
                    } catch (IOException e) {
                      failures.add(e);
                    }
                  }));
    }
    for (Thread thread : running) {
      thread.join();
    }
    Exception failure = failures.peek();
    if (failure != null) {
      throw new IOException(failures.size() + " of " + sessions + " sessions failed", failure);
    }
    long[] measured =
        samples.stream()
            .filter(s -> s[0] >= begin && s[0] < end)
            .mapToLong(s -> s[1])
            .sorted()
            .toArray();
    return new Result(
        samples.size(),
        measured.length * 1e9 / time.toNanos(),
        quantile(measured, 0.5),
        quantile(measured, 0.99));
  }

  private static Duration quantile(long[] sorted, double part) {
    return sorted.length == 0
        ? Duration.ZERO
        : Duration.ofNanos(sorted[(int) (part * (sorted.length - 1))]);
  }

  private void session(String recipient, long end, ConcurrentLinkedQueue<long[]> samples)
      throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setTcpNoDelay(true);
      OutputStream out = socket.getOutputStream();
      BufferedReader in =
          new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII));
      expect(in, "220");
      send(out, "EHLO bench.example.test\r\n");
      expect(in, "250");
      byte[] envelope =
          ("MAIL FROM:<load@example.test>\r\nRCPT TO:<" + recipient + ">\r\nDATA\r\n")
              .getBytes(US_ASCII);
      long now = System.nanoTime();
      while (now < end) {
        long from = now;
        out.write(envelope);
        out.flush();
        expect(in, "250");
        expect(in, "250");
        expect(in, "354");
        out.write(transaction);
        out.flush();
        expect(in, "250");
        now = System.nanoTime();
        samples.add(new long[] {now, now - from});
      }
      send(out, "QUIT\r\n");
      expect(in, "221");
    }
  }

  private static void send(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(US_ASCII));
    out.flush();
  }

  private static void expect(BufferedReader in, String code) throws IOException {
    String line;
    do {
      line = in.readLine();
      if (line == null || !line.startsWith(code)) {
        throw new IOException("expected " + code + ", got " + line);
      }
    } while (line.startsWith("-", 3));
  }

  /** A message of about {@code octets}, with its end of data. */
  private static byte[] transaction(int octets) {
    StringBuilder text = new StringBuilder(octets + 128);
    text.append("From: Load <load@example.test>\r\nTo: Bench <bench@bench.test>\r\n");
    text.append("Subject: durable delivery\r\nDate: Mon, 23 Nov 2026 10:00:00 +0000\r\n");
    text.append("Message-ID: <load@example.test>\r\n\r\n");
    Random random = new Random(1);
    char[] line = new char[76];
    while (text.length() < octets) {
      for (int i = 0; i < line.length; i++) {
        line[i] = (char) ('A' + random.nextInt(26));
      }
      text.append(line).append("\r\n");
    }
    byte[] message = text.append(".\r\n").toString().getBytes(US_ASCII);
    return Arrays.copyOf(message, message.length);
  }
}
