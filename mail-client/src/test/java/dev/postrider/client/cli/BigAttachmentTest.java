package dev.postrider.client.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A big attachment goes out of a small heap: the program runs in a Java of its own. */
class BigAttachmentTest {
  private static final int ATTACHMENT_OCTETS = 30_000_000;

  @TempDir Path directory;

  @Test
  void thirtyMegabytesNeedNoSuchHeap() throws Exception {
    byte[] content = new byte[ATTACHMENT_OCTETS];
    new Random(7).nextBytes(content);
    Path file = Files.write(directory.resolve("big.bin"), content);
    try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Client client = new Client(directory).account(1, listener.getLocalPort());
      CompletableFuture<Long> received = CompletableFuture.supplyAsync(() -> take(listener));
      ProcessBuilder builder =
          new ProcessBuilder(
              Path.of(System.getProperty("java.home"), "bin", "java").toString(),
              "-Xmx64m",
              "-XX:+UseSerialGC",
              "-XX:TieredStopAtLevel=1",
              "-cp",
              System.getProperty("java.class.path"),
              "dev.postrider.client.cli.Main",
              "send",
              "--no-save",
              "-t",
              "bob@b.test",
              "-s",
              "big",
              "--body",
              "x",
              "-a",
              file.toString());
      builder.environment().putAll(client.environment);
      Path log = directory.resolve("log");
      Process process = builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
      assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).as(Files.readString(log)).isZero();
      assertThat(received.get(10, TimeUnit.SECONDS)).isGreaterThan(ATTACHMENT_OCTETS * 4L / 3);
    }
  }

  /** A server that takes one message and counts its octets. */
  private static long take(ServerSocket listener) {
    try (Socket socket = listener.accept()) {
      InputStream in = new BufferedInputStream(socket.getInputStream(), 65_536);
      OutputStream out = socket.getOutputStream();
      say(out, "220 fake");
      line(in);
      say(out, "250-fake\r\n250 AUTH PLAIN");
      line(in);
      say(out, "235 ok");
      line(in);
      say(out, "250 ok");
      line(in);
      say(out, "250 ok");
      line(in);
      say(out, "354 go");
      long octets = 0;
      for (String line = line(in); !line.equals("."); line = line(in)) {
        octets += line.length() + 2;
      }
      say(out, "250 ok");
      line(in);
      return octets;
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static void say(OutputStream out, String line) throws IOException {
    out.write((line + "\r\n").getBytes(StandardCharsets.US_ASCII));
    out.flush();
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new IOException("closed");
      }
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return line.toString();
  }
}
