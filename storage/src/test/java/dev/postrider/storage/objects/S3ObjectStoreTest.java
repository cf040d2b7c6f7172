package dev.postrider.storage.objects;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.postrider.storage.messages.MessageSource;
import dev.postrider.storage.objects.ObjectStoreException.Kind;
import dev.postrider.testkit.objects.S3Server;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against a real server. What services do when they fail is in {@link S3FaultTest}. */
class S3ObjectStoreTest {

  private static final S3Server SERVER = S3Server.shared();

  private String bucket = "";
  private ObjectStore store;

  @BeforeEach
  void open() throws IOException {
    bucket = SERVER.newBucket();
    store = new S3ObjectStore(settings(bucket, "mail/"));
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void givesBackWhatWasPut() throws Exception {
    byte[] body = random(300_000);
    store.put("body-1", MessageSource.of(body));
    store.put("empty", MessageSource.of(new byte[0]));
    assertThat(read("body-1", 0, body.length)).isEqualTo(body);
    assertThat(read("empty", 0, 10)).isEmpty();
  }

  @Test
  void readsRanges() throws Exception {
    byte[] body = "0123456789".getBytes(StandardCharsets.US_ASCII);
    store.put("digits", MessageSource.of(body));
    assertThat(read("digits", 3, 4)).asString().isEqualTo("3456");
    assertThat(read("digits", 8, 100)).asString().isEqualTo("89");
    assertThat(read("digits", 0, Long.MAX_VALUE)).asString().isEqualTo("0123456789");
    assertThat(read("digits", 5, Long.MAX_VALUE)).asString().isEqualTo("56789");
    assertThat(read("digits", 10, 1)).isEmpty();
    assertThat(read("digits", 1000, 1)).isEmpty();
    assertThat(read("digits", 0, 0)).isEmpty();
    assertThatThrownBy(() -> store.open("digits", -1, 1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void canBeClosedInTheMiddleOfABody() throws Exception {
    byte[] body = random(5_000_000);
    store.put("long", MessageSource.of(body));
    for (int i = 0; i < 5; i++) {
      try (InputStream in = store.open("long", 0, body.length)) {
        assertThat(in.readNBytes(100)).hasSize(100);
      }
    }
    assertThat(read("long", 4_000_000, 2_000_000)).hasSize(1_000_000);
  }

  @Test
  void tellsThatThereIsNone() {
    assertThatThrownBy(() -> store.open("nothing", 0, 1))
        .isInstanceOfSatisfying(
            ObjectStoreException.class,
            e -> {
              assertThat(e.kind()).isEqualTo(Kind.MISSING);
              assertThat(e).hasMessageContaining("nothing").hasMessageContaining(bucket);
            });
  }

  @Test
  void deletesWhatIsThere() throws Exception {
    List<String> keys = IntStream.range(0, 1005).mapToObj(i -> "k" + i).toList();
    store.put("k3", MessageSource.of(new byte[3]));
    store.put("k1004", MessageSource.of(new byte[3]));
    store.put("other", MessageSource.of(new byte[3]));
    store.delete(keys);
    store.delete(keys);
    store.delete(List.of());
    assertThat(all()).extracting(StoredObject::key).containsExactly("other");
  }

  @Test
  void listsInTheOrderOfOctetsAndOnlyItsOwn() throws Exception {
    Instant before = Instant.now().minusSeconds(2);
    for (String key : List.of("b/2", "a", "B", "b/10")) {
      store.put(key, MessageSource.of(new byte[key.length()]));
    }
    try (ObjectStore other = new S3ObjectStore(settings(bucket, "other/"))) {
      other.put("foreign", MessageSource.of(new byte[1]));
    }
    assertThat(all())
        .extracting(StoredObject::key, StoredObject::octets)
        .containsExactly(tuple("B", 1L), tuple("a", 1L), tuple("b/10", 4L), tuple("b/2", 3L));
    assertThat(store.list("b/10")).extracting(StoredObject::key).containsExactly("b/2");
    assertThat(all())
        .allSatisfy(
            object ->
                assertThat(object.modified()).isBetween(before, Instant.now().plusSeconds(2)));
  }

  @Test
  void throwsWhatTheBodyThrows() {
    MessageSource broken =
        new MessageSource() {
          @Override
          public long octets() {
            return 5;
          }

          @Override
          public InputStream open() throws IOException {
            throw new IOException("the spool is gone");
          }
        };
    assertThatThrownBy(() -> store.put("x", broken))
        .isExactlyInstanceOf(IOException.class)
        .hasMessage("the spool is gone");
    assertThatThrownBy(() -> store.put("x", new Zeros(10, 5)))
        .hasMessage("a body of 10 octets has 5");
  }

  @Test
  void isUsableWhenTheBucketIsThere() throws Exception {
    store.requireUsable();
    assertThat(all()).isEmpty();
    try (ObjectStore none = new S3ObjectStore(settings("no-such-bucket", ""))) {
      assertThatThrownBy(none::requireUsable)
          .isInstanceOfSatisfying(
              ObjectStoreException.class, e -> assertThat(e.kind()).isEqualTo(Kind.REFUSED))
          .hasMessageContaining("bucket no-such-bucket at http://127.0.0.1:")
          .hasMessageContaining("does not exist: make it, or mend [store.s3] bucket");
    }
  }

  private byte[] read(String key, long offset, long length) throws IOException {
    try (InputStream in = store.open(key, offset, length)) {
      return in.readAllBytes();
    }
  }

  private List<StoredObject> all() throws IOException {
    List<StoredObject> all = new ArrayList<>();
    for (List<StoredObject> page = store.list(""); !page.isEmpty(); ) {
      all.addAll(page);
      page = store.list(page.getLast().key());
    }
    return all;
  }

  private static S3Settings settings(String bucket, String prefix) {
    return new S3Settings(
        Optional.of(SERVER.endpoint()),
        SERVER.region(),
        bucket,
        prefix,
        true,
        Optional.of(new S3Settings.AccessKey("test", "secret")),
        new S3Settings.Limits(
            Duration.ofSeconds(5), Duration.ofSeconds(60), 2, Duration.ofMillis(1)));
  }

  private static byte[] random(int octets) {
    byte[] bytes = new byte[octets];
    new Random(20261123L).nextBytes(bytes);
    return bytes;
  }
}
