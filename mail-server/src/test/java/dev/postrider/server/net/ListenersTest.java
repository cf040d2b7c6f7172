package dev.postrider.server.net;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postrider.server.config.LimitsConfig;
import dev.postrider.server.config.ListenerKind;
import dev.postrider.server.config.TlsConfig;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ListenersTest {

  private static final Duration LONG = Duration.ofSeconds(30);
  private static final Duration SHORT = Duration.ofMillis(200);

  private static TlsContext tls;

  private final List<Listeners> opened = new ArrayList<>();

  @BeforeAll
  static void makeCertificate(@TempDir Path directory) throws TlsConfigException {
    tls =
        TlsContext.load(
            new TlsConfig(Optional.empty(), Optional.empty()),
            directory,
            "mx.a.test",
            InstantSource.system());
  }

  @AfterEach
  void stop() {
    opened.forEach(Listeners::close);
  }

  @Test
  void echoesInTheClear() throws Exception {
    InetSocketAddress address = listen(ListenerKind.SMTP, ListenersTest::echo).address();
    try (Socket socket = connect(address)) {
      assertThat(echoed(socket, pattern(300_000))).isTrue();
    }
  }

  @Test
  void echoesOverTls() throws Exception {
    InetSocketAddress address = listen(ListenerKind.IMAPS, ListenersTest::echo).address();
    for (String version : List.of("TLSv1.2", "TLSv1.3")) {
      try (SSLSocket socket = TlsClient.connect(TlsClient.context(), address)) {
        socket.setEnabledProtocols(new String[] {version});
        assertThat(echoed(socket, pattern(300_000))).isTrue();
        assertThat(socket.getSession().getProtocol()).isEqualTo(version);
      }
    }
  }

  @Test
  void knowsWhatTheHandshakeAgreedOn() throws Exception {
    BlockingQueue<Optional<TlsFacts>> facts = new LinkedBlockingQueue<>();
    InetSocketAddress address =
        listen(ListenerKind.SUBMISSIONS, (c, drain) -> facts.add(c.tls())).address();
    try (SSLSocket socket = TlsClient.connect(TlsClient.context(), address)) {
      socket.startHandshake();
      assertThat(facts.take())
          .contains(new TlsFacts("TLSv1.3", socket.getSession().getCipherSuite()));
    }
  }

  @Test
  void takesItsOwnOrderOfCiphers() throws Exception {
    InetSocketAddress address = listen(ListenerKind.IMAPS, ListenersTest::echo).address();
    try (SSLSocket socket = TlsClient.connect(TlsClient.context(), address)) {
      socket.setEnabledCipherSuites(
          new String[] {"TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384"});
      socket.startHandshake();
      assertThat(socket.getSession().getCipherSuite()).isEqualTo("TLS_AES_256_GCM_SHA384");
    }
  }

  @Test
  void upgradesWithStartTlsOnTheSameStreams() throws Exception {
    InetSocketAddress address =
        listen(
                ListenerKind.SMTP,
                (c, drain) -> {
                  InputStream in = c.in();
                  OutputStream out = c.out();
                  assertThat(in.read()).isEqualTo('S');
                  out.write('R');
                  out.flush();
                  c.startTls();
                  in.transferTo(new Flushing(out));
                })
            .address();
    try (Socket plain = connect(address)) {
      plain.getOutputStream().write('S');
      assertThat(plain.getInputStream().read()).isEqualTo('R');
      try (SSLSocket secure = TlsClient.upgrade(plain)) {
        assertThat(echoed(secure, pattern(50_000))).isTrue();
      }
    }
  }

  @Test
  void refusesStartTlsWithAnUnflushedReply() throws Exception {
    BlockingQueue<Exception> failures = new LinkedBlockingQueue<>();
    InetSocketAddress address =
        listen(
                ListenerKind.SMTP,
                (c, drain) -> {
                  c.out().write('R');
                  try {
                    c.startTls();
                  } catch (IllegalStateException e) {
                    failures.add(e);
                  }
                })
            .address();
    try (Socket socket = connect(address)) {
      assertThat(failures.take()).hasMessageContaining("flush");
      assertThat(socket.getInputStream().read()).isEqualTo(-1);
    }
  }

  @Test
  void plainTextSentBeforeTheHandshakeIsNeverTakenForCommands() throws Exception {
    CompletableFuture<Throwable> failure = new CompletableFuture<>();
    InetSocketAddress address =
        listen(
                ListenerKind.SMTP,
                (c, drain) -> {
                  c.in().readNBytes(10);
                  try {
                    c.startTls();
                  } catch (SSLException e) {
                    failure.complete(e);
                  }
                })
            .address();
    try (Socket socket = connect(address)) {
      socket.getOutputStream().write("STARTTLS\r\nMAIL FROM:<a@b>\r\n".getBytes(US_ASCII));
      assertThat(failure.get()).hasMessageContaining("speaks no TLS");
    }
  }

  @Test
  void aSilentPeerMakesAReadTimeOutAndTheConnectionStaysUsable() throws Exception {
    for (ListenerKind kind : List.of(ListenerKind.SMTP, ListenerKind.SUBMISSIONS)) {
      InetSocketAddress address =
          listen(
                  kind,
                  (c, drain) -> {
                    c.readTimeout(SHORT);
                    assertThatThrownBy(() -> c.in().read())
                        .isInstanceOf(SocketTimeoutException.class);
                    c.readTimeout(LONG);
                    c.out().write("late\n".getBytes(US_ASCII));
                    c.out().flush();
                    c.out().write(c.in().read());
                    c.out().flush();
                  })
              .address();
      try (Socket socket = connect(kind, address)) {
        assertThat(socket.getInputStream().readNBytes(5)).asString(US_ASCII).isEqualTo("late\n");
        socket.getOutputStream().write('x');
        assertThat(socket.getInputStream().read()).isEqualTo('x');
      }
    }
  }

  @Test
  void aReadThatTimedOutWithinARecordGoesOnWhereItWas() throws Exception {
    BlockingQueue<Exception> timeouts = new LinkedBlockingQueue<>();
    InetSocketAddress address =
        listen(
                ListenerKind.SUBMISSIONS,
                (c, drain) -> {
                  c.readTimeout(SHORT);
                  while (true) {
                    try {
                      int octet = c.in().read();
                      if (octet < 0) {
                        return;
                      }
                      c.out().write(octet);
                      c.out().flush();
                    } catch (SocketTimeoutException e) {
                      timeouts.add(e);
                    }
                  }
                })
            .address();
    try (HoldingPipe pipe = new HoldingPipe(address);
        SSLSocket socket = TlsClient.upgrade(pipe.client())) {
      // Once this has come back nothing of the handshake is on its way through the pipe any more.
      socket.getOutputStream().write('w');
      assertThat(socket.getInputStream().read()).isEqualTo('w');
      pipe.holdBack(7);
      socket.getOutputStream().write('x');
      pipe.awaitHeld();
      timeouts.clear();
      timeouts.take();
      timeouts.take();
      pipe.letGo();
      assertThat(socket.getInputStream().read()).isEqualTo('x');
    }
  }

  @Test
  void aPeerThatNeverReadsIsCutOff() throws Exception {
    for (ListenerKind kind : List.of(ListenerKind.SMTP, ListenerKind.SUBMISSIONS)) {
      CompletableFuture<Throwable> failure = new CompletableFuture<>();
      InetSocketAddress address =
          listen(
                  kind,
                  (c, drain) -> {
                    byte[] much = new byte[100_000];
                    try {
                      while (true) {
                        c.out().write(much);
                      }
                    } catch (IOException e) {
                      failure.complete(e);
                      throw e;
                    }
                  })
              .address();
      try (Socket socket = connect(kind, address)) {
        assertThat(failure.get(20, TimeUnit.SECONDS)).hasMessageContaining("did not read");
        assertThat(socket.isConnected()).isTrue();
      }
    }
  }

  @Test
  void oneThreadWritesWhileAnotherReads() throws Exception {
    for (ListenerKind kind : List.of(ListenerKind.SMTP, ListenerKind.SUBMISSIONS)) {
      InetSocketAddress address =
          listen(
                  kind,
                  (c, drain) -> {
                    Thread writer =
                        Thread.ofVirtual()
                            .start(
                                () -> {
                                  try {
                                    c.out().write(pattern(500_000));
                                    c.out().flush();
                                  } catch (IOException e) {
                                    c.close();
                                  }
                                });
                    byte[] got = c.in().readNBytes(500_000);
                    writer.join();
                    c.out().write(Arrays.equals(got, pattern(500_000)) ? 'y' : 'n');
                    c.out().flush();
                  })
              .address();
      try (Socket socket = connect(kind, address)) {
        Thread sender =
            Thread.ofVirtual()
                .start(
                    () -> {
                      try {
                        socket.getOutputStream().write(pattern(500_000));
                      } catch (IOException e) {
                        throw new IllegalStateException(e);
                      }
                    });
        assertThat(socket.getInputStream().readNBytes(500_000)).isEqualTo(pattern(500_000));
        assertThat(socket.getInputStream().read()).isEqualTo('y');
        sender.join();
      }
    }
  }

  @Test
  void closeFromAnotherThreadEndsABlockedRead() throws Exception {
    for (ListenerKind kind : List.of(ListenerKind.IMAP, ListenerKind.IMAPS)) {
      BlockingQueue<Connection> connections = new LinkedBlockingQueue<>();
      CompletableFuture<Throwable> failure = new CompletableFuture<>();
      InetSocketAddress address =
          listen(
                  kind,
                  (c, drain) -> {
                    connections.add(c);
                    try {
                      c.in().read();
                    } catch (IOException e) {
                      failure.complete(e);
                    }
                  })
              .address();
      try (Socket socket = connect(kind, address)) {
        connections.take().close();
        assertThat(failure.get()).isInstanceOf(IOException.class);
        assertThat(socket.isConnected()).isTrue();
      }
    }
  }

  @Test
  void theLastReplyArrivesAlthoughThePeerSaidMoreThanWasRead() throws Exception {
    for (ListenerKind kind : List.of(ListenerKind.SMTP, ListenerKind.SUBMISSIONS)) {
      InetSocketAddress address =
          listen(
                  kind,
                  (c, drain) -> {
                    c.in().read();
                    c.out().write("421 bye".getBytes(US_ASCII));
                    c.out().flush();
                  })
              .address();
      try (Socket socket = connect(kind, address)) {
        socket.getOutputStream().write(pattern(200_000));
        assertThat(socket.getInputStream().readAllBytes()).asString(US_ASCII).isEqualTo("421 bye");
      }
    }
  }

  @Test
  void halfClosedPeerStillGetsItsReply() throws Exception {
    InetSocketAddress address =
        listen(
                ListenerKind.SMTP,
                (c, drain) -> {
                  byte[] all = c.in().readAllBytes();
                  c.out().write(all);
                  c.out().flush();
                })
            .address();
    try (Socket socket = connect(address)) {
      socket.getOutputStream().write("half".getBytes(US_ASCII));
      socket.shutdownOutput();
      assertThat(socket.getInputStream().readAllBytes()).asString(US_ASCII).isEqualTo("half");
    }
  }

  @Test
  void garbageInsteadOfAHandshakeEndsTheConnection() throws Exception {
    Listener listener = listen(ListenerKind.IMAPS, ListenersTest::echo);
    try (Socket socket = connect(listener.address())) {
      socket.getOutputStream().write("a LOGIN alice demo\r\n".getBytes(US_ASCII));
      assertThat(endOf(socket)).isTrue();
    }
    byte[] garbage = new byte[4000];
    new Random(1).nextBytes(garbage);
    garbage[0] = 22;
    garbage[1] = 3;
    garbage[3] = 1;
    try (Socket socket = connect(listener.address())) {
      socket.getOutputStream().write(garbage);
      assertThat(endOf(socket)).isTrue();
    }
    try (SSLSocket socket = TlsClient.connect(TlsClient.context(), listener.address())) {
      assertThat(echoed(socket, pattern(10))).isTrue();
    }
  }

  @Test
  void tlsOnAPlainPortEndsTheConnection() throws Exception {
    InetSocketAddress address = listen(ListenerKind.IMAP, ListenersTest::echo).address();
    try (SSLSocket socket = TlsClient.connect(TlsClient.context(), address)) {
      assertThatThrownBy(socket::startHandshake).isInstanceOf(IOException.class);
    }
  }

  @Test
  void aHandshakeThatDragsOnIsCutOff() throws Exception {
    InetSocketAddress address = listen(ListenerKind.IMAPS, ListenersTest::echo).address();
    try (Socket socket = connect(address)) {
      socket.getOutputStream().write(new byte[] {22, 3, 1});
      assertThat(endOf(socket)).isTrue();
    }
  }

  @Test
  void manyIdleTlsConnectionsHoldNoBuffers() throws Exception {
    int count = 300;
    CountDownLatch served = new CountDownLatch(count);
    Listeners listeners = listeners(limits(count, 1000, count), LONG);
    InetSocketAddress address =
        open(
                listeners,
                ListenerKind.IMAPS,
                (c, drain) -> {
                  assertThat(c.in().read()).isEqualTo('x');
                  c.out().write('y');
                  c.out().flush();
                  served.countDown();
                  c.in().read();
                })
            .address();
    List<SSLSocket> peers = new ArrayList<>();
    SSLContext context = TlsClient.context();
    long before = usedHeap();
    try {
      for (int i = 0; i < count; i++) {
        SSLSocket socket = TlsClient.connect(context, address);
        peers.add(socket);
        socket.getOutputStream().write('x');
        assertThat(socket.getInputStream().read()).isEqualTo('y');
      }
      served.await();
      assertThat(listeners.connections()).isEqualTo(count);
      assertThat(listeners.buffersLent()).isZero();
      // Both ends are in here; two buffers on our side alone would be 36 KB.
      assertThat((usedHeap() - before) / count).isLessThan(60_000);
    } finally {
      for (SSLSocket peer : peers) {
        peer.close();
      }
    }
  }

  @Test
  void refusesMoreConnectionsThanOneAddressMayHave() throws Exception {
    Listeners listeners = listeners(limits(2, 1000, 100), LONG);
    Listener listener = open(listeners, ListenerKind.SMTP, new Polite());
    try (Socket first = connect(listener.address());
        Socket second = connect(listener.address())) {
      assertThat(echoed(first, pattern(5))).isTrue();
      assertThat(echoed(second, pattern(5))).isTrue();
      try (Socket third = connect(listener.address())) {
        assertThat(third.getInputStream().readAllBytes())
            .asString(US_ASCII)
            .isEqualTo("421 too many connections from your address");
      }
    }
    assertThat(eventually(() -> listeners.connections() == 0)).isTrue();
    try (Socket again = connect(listener.address())) {
      assertThat(echoed(again, pattern(5))).isTrue();
    }
  }

  @Test
  void refusesMoreConnectionsThanTheServerMayHave() throws Exception {
    Listeners listeners = listeners(limits(100, 1000, 1), LONG);
    Listener listener = open(listeners, ListenerKind.SMTP, new Polite());
    try (Socket first = connect(listener.address())) {
      assertThat(echoed(first, pattern(5))).isTrue();
      try (Socket second = connect(listener.address())) {
        assertThat(second.getInputStream().readAllBytes())
            .asString(US_ASCII)
            .isEqualTo("421 too many connections");
      }
    }
  }

  @Test
  void drainTellsSessionsAndWaitsForThem() throws Exception {
    Listeners listeners = listeners(LimitsConfig.DEFAULTS, LONG);
    CountDownLatch serving = new CountDownLatch(1);
    Listener listener =
        open(
            listeners,
            ListenerKind.SMTP,
            (c, drain) -> {
              CountDownLatch told = new CountDownLatch(1);
              drain.onDrain(told::countDown);
              serving.countDown();
              told.await();
              c.out().write(drain.isDraining() ? "421 bye".getBytes(US_ASCII) : new byte[0]);
              c.out().flush();
            });
    try (Socket socket = connect(listener.address())) {
      serving.await();
      Thread stopper = Thread.ofVirtual().start(() -> listeners.stop(LONG));
      assertThat(socket.getInputStream().readAllBytes()).asString(US_ASCII).isEqualTo("421 bye");
      socket.shutdownOutput();
      stopper.join();
      assertThat(listeners.connections()).isZero();
      assertThatThrownBy(() -> connect(listener.address())).isInstanceOf(IOException.class);
    }
  }

  @Test
  void drainCutsOffWhoDoesNotEnd() throws Exception {
    Listeners listeners = listeners(LimitsConfig.DEFAULTS, LONG);
    Listener listener = open(listeners, ListenerKind.SMTP, ListenersTest::echo);
    try (Socket socket = connect(listener.address())) {
      assertThat(echoed(socket, pattern(5))).isTrue();
      listeners.stop(Duration.ofMillis(100));
      assertThat(listeners.connections()).isZero();
      assertThat(endOf(socket)).isTrue();
    }
  }

  @Test
  void aSessionThatFailsHarmsNoOther() throws Exception {
    Listener listener =
        listen(
            ListenerKind.SMTP,
            (c, drain) -> {
              if (c.in().read() == 'x') {
                throw new IllegalStateException("made to fail");
              }
              echo(c, drain);
            });
    try (Socket bad = connect(listener.address());
        Socket good = connect(listener.address())) {
      bad.getOutputStream().write('x');
      assertThat(endOf(bad)).isTrue();
      good.getOutputStream().write(' ');
      assertThat(echoed(good, pattern(100))).isTrue();
    }
  }

  @Test
  void sessionIdsAreShortUniqueAndSortByTime() {
    SessionIds ids = new SessionIds(InstantSource.fixed(Instant.ofEpochSecond(1_800_000_000)));
    List<String> some = Stream.generate(ids::next).limit(1000).toList();
    assertThat(some).isSorted().doesNotHaveDuplicates().allMatch(id -> id.length() == 11);
    SessionIds later = new SessionIds(InstantSource.fixed(Instant.ofEpochSecond(1_800_000_001)));
    assertThat(later.next()).isGreaterThan(some.getLast());
  }

  /** Echoes, and knows what to say to those that are refused. */
  private static final class Polite implements ConnectionHandler {
    @Override
    public void serve(Connection connection, Drain drain) throws Exception {
      echo(connection, drain);
    }

    @Override
    public byte[] refusal(Refusal why) {
      return ("421 " + why.text()).getBytes(US_ASCII);
    }
  }

  private static void echo(Connection connection, ConnectionHandler.Drain drain)
      throws IOException {
    connection.in().transferTo(new Flushing(connection.out()));
  }

  /** Flushes after every write. */
  private static final class Flushing extends FilterOutputStream {
    Flushing(OutputStream out) {
      super(out);
    }

    @Override
    public void write(byte[] from, int offset, int length) throws IOException {
      out.write(from, offset, length);
      out.flush();
    }
  }

  private Listener listen(ListenerKind kind, ConnectionHandler handler) throws IOException {
    return open(listeners(limits(500, 1000, 1000), Duration.ofSeconds(2)), kind, handler);
  }

  private static LimitsConfig limits(int perAddress, int perMinute, int all) {
    LimitsConfig d = LimitsConfig.DEFAULTS;
    return new LimitsConfig(
        d.messageOctetsMax(),
        d.recipientsMax(),
        all,
        perAddress,
        perMinute,
        d.messagesPerAccountPerHour(),
        d.idleTimeout(),
        d.commandTimeout(),
        Duration.ofSeconds(2),
        d.unauthenticatedTimeout(),
        d.failedLoginsPerAddress());
  }

  private Listeners listeners(LimitsConfig limits, Duration handshakeTimeout) {
    Listeners listeners = new Listeners(limits, tls, InstantSource.system(), handshakeTimeout);
    opened.add(listeners);
    return listeners;
  }

  private static Listener open(Listeners listeners, ListenerKind kind, ConnectionHandler handler)
      throws IOException {
    return listeners.open(
        kind, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), handler);
  }

  private static Socket connect(InetSocketAddress address) throws IOException {
    Socket socket = new Socket(address.getAddress(), address.getPort());
    socket.setSoTimeout(30_000);
    return socket;
  }

  private static Socket connect(ListenerKind kind, InetSocketAddress address) throws IOException {
    if (!kind.tlsFromStart()) {
      return connect(address);
    }
    SSLSocket socket = TlsClient.connect(TlsClient.context(), address);
    socket.startHandshake();
    return socket;
  }

  private static byte[] pattern(int octets) {
    byte[] pattern = new byte[octets];
    new Random(octets).nextBytes(pattern);
    pattern[0] = ' ';
    return pattern;
  }

  private static boolean echoed(Socket socket, byte[] octets) throws Exception {
    Thread sender =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    socket.getOutputStream().write(octets);
                    socket.getOutputStream().flush();
                  } catch (IOException e) {
                    throw new UncheckedIOException(e);
                  }
                });
    byte[] back = socket.getInputStream().readNBytes(octets.length);
    sender.join();
    return Arrays.equals(back, octets);
  }

  /** Whether the server ends the connection, in whatever way. */
  private static boolean endOf(Socket socket) throws IOException {
    try {
      socket.getInputStream().readAllBytes();
      return true;
    } catch (SocketException e) {
      return true;
    }
  }

  private static boolean eventually(BooleanSupplier condition) throws InterruptedException {
    CountDownLatch never = new CountDownLatch(1);
    for (int i = 0; i < 1000 && !condition.getAsBoolean(); i++) {
      assertThat(never.await(10, TimeUnit.MILLISECONDS)).isFalse();
    }
    return condition.getAsBoolean();
  }

  private static long usedHeap() {
    System.gc();
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }
}
