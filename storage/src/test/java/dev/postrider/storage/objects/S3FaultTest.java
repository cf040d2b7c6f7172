package dev.postrider.storage.objects;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postrider.storage.messages.MessageSource;
import dev.postrider.storage.objects.ObjectStoreException.Kind;
import dev.postrider.storage.objects.ScriptedHttpServer.Answer;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What services do on bad days. */
class S3FaultTest {

  private static final int ATTEMPTS = 3;
  private static final byte[] BODY = new byte[200_000];
  private static final MessageSource MESSAGE = MessageSource.of(new byte[] {1, 2, 3});

  static {
    new Random(20261123L).nextBytes(BODY);
  }

  private ScriptedHttpServer server;
  private ObjectStore store;

  @BeforeEach
  void open() throws IOException {
    server = new ScriptedHttpServer();
    store = new S3ObjectStore(settings(server.endpoint()));
  }

  @AfterEach
  void close() throws IOException {
    store.close();
    server.close();
  }

  @Test
  void triesAgainWhenTheServiceIsBusyOrBroken() throws Exception {
    server.answers(
        Answer.error("503 Slow Down", "SlowDown"),
        Answer.error("500 Internal Server Error", "InternalError"),
        Answer.of("200 OK", ""));
    store.put("body-1", MESSAGE);
    assertThat(server.requests())
        .hasSize(3)
        .allSatisfy(
            request -> {
              assertThat(request.line()).isEqualTo("PUT /mail/p/body-1 HTTP/1.1");
              assertThat(request.body()).containsExactly(1, 2, 3);
              assertThat(request.headers()).containsEntry("x-amz-checksum-crc32c", "8TDyHg==");
              assertThat(request.headers().get("authorization")).contains("Credential=ACCESS/");
            });
  }

  @Test
  void triesAgainWhenTheConnectionBreaks() throws Exception {
    server.answers(Answer.hangUp(), Answer.hangUp(), Answer.of("200 OK", ""));
    store.put("body-1", MESSAGE);
    assertThat(server.requests()).hasSize(3);
  }

  @Test
  void givesUpAfterAFewAttempts() {
    for (int i = 0; i < 10; i++) {
      server.answers(Answer.error("503 Slow Down", "SlowDown"));
    }
    assertFailure(
        () -> store.put("body-1", MESSAGE),
        Kind.UNREACHABLE,
        "put body-1: it answers 503 (SlowDown: Please note: SlowDown.)");
    assertThat(server.requests()).hasSize(ATTEMPTS);
  }

  @Test
  void givesUpOnAServiceThatSaysNothing() {
    server.answers(Answer.stall(), Answer.stall(), Answer.stall());
    assertFailure(
        () -> store.put("body-1", MESSAGE), Kind.UNREACHABLE, "cannot be reached: SocketTimeout");
  }

  @Test
  void tellsThatNobodyListens() throws Exception {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      port = socket.getLocalPort();
    }
    URI endpoint = URI.create("http://127.0.0.1:" + port);
    try (ObjectStore none = new S3ObjectStore(settings(endpoint))) {
      assertFailure(
          () -> none.put("body-1", MESSAGE),
          Kind.UNREACHABLE,
          "bucket mail at " + endpoint + ": put body-1: cannot be reached: ConnectException: ");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "403|AccessDenied|access denied to access key ACCESS: it needs s3:ListBucket",
        "403|InvalidAccessKeyId|the service does not know access key ACCESS",
        "403|SignatureDoesNotMatch|the secret key is not that of access key ACCESS",
        "400|AuthorizationHeaderMalformed|mend [store.s3] region",
        "301|PermanentRedirect|mend [store.s3] region",
        "404|NoSuchBucket|the bucket does not exist",
        "400|Whatever|it answers 400 (Whatever: Please note: Whatever.)",
      })
  void tellsTheOperatorWhatToMend(int status, String code, String text) {
    server.answers(Answer.error(status + " No", code));
    assertFailure(() -> store.put("body-1", MESSAGE), Kind.REFUSED, text);
    assertThat(server.requests()).hasSize(1);
  }

  @Test
  void tellsThatTheClockIsWrong() {
    for (int i = 0; i < ATTEMPTS; i++) {
      server.answers(Answer.error("403 Forbidden", "RequestTimeTooSkewed"));
    }
    assertFailure(
        () -> store.put("body-1", MESSAGE),
        Kind.REFUSED,
        "the clock of this machine is more than 15 minutes off");
  }

  @Test
  void triesAgainWhenTheConnectionBreaksInTheMiddleOfABody() throws Exception {
    byte[] body = new byte[900_000];
    server.answers(Answer.hangUpInBody(), Answer.of("200 OK", ""));
    store.put("body-1", MessageSource.of(body));
    assertThat(server.requests().getLast().body()).isEqualTo(body);
  }

  @ParameterizedTest
  @CsvSource({"507,XMinioStorageFull", "403,QuotaExceeded", "507,Whatever"})
  void tellsThatThereIsNoRoom(int status, String code) {
    for (int i = 0; i < ATTEMPTS; i++) {
      server.answers(Answer.error(status + " No", code));
    }
    assertFailure(() -> store.put("body-1", MESSAGE), Kind.NO_SPACE, code);
  }

  @Test
  void knowsAnAnswerThatIsNotOfS3() {
    server.answers(Answer.of("404 Not Found", "<html>nginx"));
    assertFailure(() -> store.list(""), Kind.MISSING, "it answers 404");
  }

  @Test
  void goesOnWhereAConnectionWasCut() throws Exception {
    server.answers(
        Answer.range(BODY, 10, 200_000, 70_000),
        Answer.hangUp(),
        Answer.range(BODY, 70_010, 200_000, 1),
        Answer.error("503 Slow Down", "SlowDown"),
        Answer.range(BODY, 70_011, 200_000, 129_989));
    try (InputStream in = store.open("body-1", 10, 1_000_000)) {
      assertThat(in.readAllBytes()).isEqualTo(Arrays.copyOfRange(BODY, 10, 200_000));
    }
    assertThat(server.requests())
        .extracting(request -> request.headers().get("range"))
        .containsSubsequence("bytes=10-1000009", "bytes=70010-199999", "bytes=70011-199999");
  }

  @Test
  void throwsWhenABodyStaysTruncated() throws Exception {
    server.answers(Answer.range(BODY, 0, 1000, 500));
    for (int i = 0; i < 10; i++) {
      server.answers(Answer.range(BODY, 500, 1000, 0));
    }
    try (InputStream in = store.open("body-1", 0, 1000)) {
      assertThat(in.readNBytes(500)).isEqualTo(Arrays.copyOf(BODY, 500));
      assertFailure(
          in::read, Kind.UNREACHABLE, "read body-1: it broke off 500 octets before the end: ");
    }
    assertThat(server.requests()).hasSize(ATTEMPTS);
  }

  @Test
  void throwsWhenABodyGoesWhileItIsRead() throws Exception {
    server.answers(Answer.range(BODY, 0, 1000, 500), Answer.error("404 Not Found", "NoSuchKey"));
    try (InputStream in = store.open("body-1", 0, 1000)) {
      assertFailure(in::readAllBytes, Kind.MISSING, "there is no such object");
    }
  }

  @Test
  void refusesAServiceWithoutRanges() {
    server.answers(Answer.of("200 OK", "the whole of it"));
    assertFailure(() -> store.open("body-1", 4, 5), Kind.REFUSED, "it does not know ranges");
  }

  @Test
  void tellsWhichObjectsWereNotDeleted() {
    server.answers(
        Answer.of(
            "200 OK",
            "<DeleteResult><Error><Key>p/a</Key><Code>AccessDenied</Code><Message>locked</Message>"
                + "</Error></DeleteResult>"));
    assertFailure(() -> store.delete(List.of("a", "b")), Kind.REFUSED, "p/a: AccessDenied locked");
  }

  @Test
  void blamesTheBodyForItsOwnFaults() throws Exception {
    MessageSource fails = failingAtTheSecondReading();
    assertThatThrownBy(() -> store.put("body-1", fails))
        .isExactlyInstanceOf(IOException.class)
        .hasMessage("disk error");
  }

  @Test
  void doesNotShowTheSecret() {
    assertThat(settings(server.endpoint()).toString()).contains("ACCESS").doesNotContain("SECRET");
  }

  private static MessageSource failingAtTheSecondReading() {
    return new MessageSource() {
      private int readings;

      @Override
      public long octets() {
        return 6;
      }

      @Override
      public InputStream open() {
        readings++;
        InputStream tail =
            readings == 1
                ? new ByteArrayInputStream(new byte[3])
                : new FilterInputStream(InputStream.nullInputStream()) {
                  @Override
                  public int read(byte[] bytes, int offset, int length) throws IOException {
                    throw new IOException("disk error");
                  }
                };
        return new SequenceInputStream(new ByteArrayInputStream(new byte[3]), tail);
      }
    };
  }

  private static void assertFailure(ThrowingCallable call, Kind kind, String text) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            ObjectStoreException.class, e -> assertThat(e.kind()).isEqualTo(kind))
        .hasMessageContaining(text)
        .hasMessageStartingWith("bucket mail at http://127.0.0.1:")
        .hasMessageNotContaining("\n")
        .hasMessageNotContaining("SECRET");
  }

  private static S3Settings settings(URI endpoint) {
    return new S3Settings(
        Optional.of(endpoint),
        "us-east-1",
        "mail",
        "p/",
        true,
        Optional.of(new S3Settings.AccessKey("ACCESS", "SECRET")),
        new S3Settings.Limits(
            Duration.ofSeconds(5), Duration.ofMillis(500), ATTEMPTS, Duration.ofMillis(1)));
  }
}
