package dev.postrider.storage;

import static dev.postrider.storage.StoreFixture.ALICE;
import static dev.postrider.storage.StoreFixture.noise;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.postrider.storage.StoreException.Kind;
import dev.postrider.storage.mailboxes.MailboxId;
import dev.postrider.storage.messages.Message;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an operator does wrong is said in one line, and nothing is changed on the disk. */
class OperatorMistakesTest {

  private static final int MESSAGES = 12;

  @TempDir Path temporary;
  private Path data;

  @BeforeEach
  void fillFourSegments() throws Exception {
    data = temporary.resolve("data");
    StoreSettings small = StoreFixture.settings().withSegmentOctets(3000);
    try (StoreFixture fixture = new StoreFixture(data, small)) {
      MailboxId inbox = fixture.mailbox(ALICE, "INBOX");
      for (int i = 0; i < MESSAGES; i++) {
        fixture.deposit(inbox, noise(i, 900));
      }
    }
    assertThat(segment(4)).exists();
  }

  private Path segment(int number) {
    return data.resolve("log").resolve("0000000" + number + ".seg");
  }

  private Path projection() {
    return data.resolve("h2").resolve("projection.mv.db");
  }

  private int lastSegment() throws IOException {
    try (Stream<Path> segments = Files.list(data.resolve("log"))) {
      return (int) segments.count();
    }
  }

  /** Every file with its octets, every directory. */
  private static Map<String, String> everything(Path root) throws IOException {
    Map<String, String> everything = new TreeMap<>();
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        everything.put(
            root.relativize(file).toString(),
            Files.isDirectory(file)
                ? "directory"
                : HexFormat.of().formatHex(Files.readAllBytes(file)));
      }
    }
    return everything;
  }

  private static void assertRefused(Path root, Kind kind, String... words) throws Exception {
    Map<String, String> before = everything(root);
    assertSaid(root, kind, words);
    assertThat(everything(root)).isEqualTo(before);
  }

  /** H2 was asked up to where the log has to be, and H2 writes into its file whenever it opens. */
  private void assertRefusedAfterAskingH2(String... words) throws Exception {
    Map<String, String> before = everything(data);
    assertSaid(data, Kind.UNUSABLE, words);
    Map<String, String> after = everything(data);
    before.remove(data.relativize(projection()).toString());
    after.remove(data.relativize(projection()).toString());
    assertThat(after).isEqualTo(before);
  }

  private static void assertSaid(Path root, Kind kind, String... words) {
    assertThatExceptionOfType(StoreException.class)
        .isThrownBy(() -> new StoreFixture(root).close())
        .satisfies(
            e -> {
              assertThat(e.kind()).as(e.toString()).isEqualTo(kind);
              assertThat(e.getMessage()).contains(words).doesNotContain("\n");
            });
  }

  private void assertEverythingThere() throws Exception {
    try (StoreFixture fixture = new StoreFixture(data)) {
      List<Message> messages = fixture.messages(fixture.mailbox(ALICE, "INBOX"));
      assertThat(messages).hasSize(MESSAGES);
      for (int i = 0; i < MESSAGES; i++) {
        assertThat(fixture.read(messages.get(i).body())).isEqualTo(noise(i, 900));
      }
    }
  }

  @Test
  void directoryOfAnotherProgramIsLeftAlone() throws Exception {
    Path other = Files.createDirectories(temporary.resolve("other"));
    Files.writeString(other.resolve("PG_VERSION"), "17");
    Files.createDirectories(other.resolve("base"));
    assertRefused(
        other, Kind.UNUSABLE, other.toString(), "not a Postrider store", "choose an empty");
  }

  @Test
  void emptyDiskAndConfigurationBesideAreNoOtherProgram() throws Exception {
    Path fresh = Files.createDirectories(temporary.resolve("fresh"));
    Files.createDirectories(fresh.resolve("lost+found"));
    Files.writeString(fresh.resolve("postrider.toml"), "");
    new StoreFixture(fresh).close();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void missingSegmentIsNamed(int number) throws Exception {
    Files.delete(segment(number));
    assertRefused(data, Kind.UNUSABLE, "segment " + number + " of the log is missing", "backup");
    Files.delete(projection());
    assertRefused(data, Kind.UNUSABLE, "segment " + number + " of the log is missing", "backup");
  }

  @Test
  void missingLastSegmentIsNamed() throws Exception {
    Path last = segment(lastSegment());
    byte[] bytes = Files.readAllBytes(last);
    String name = "segment " + lastSegment() + " of the log";
    Files.delete(last);
    assertRefusedAfterAskingH2(name, "is missing", "backup");
    Files.write(last, bytes);
    assertEverythingThere();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 63, 64, 500})
  void truncatedLastSegmentIsNamed(int octets) throws Exception {
    Path last = segment(lastSegment());
    byte[] bytes = Files.readAllBytes(last);
    assertThat(bytes.length).isGreaterThan(octets);
    Files.write(last, Arrays.copyOf(bytes, octets));
    assertRefusedAfterAskingH2("segment " + lastSegment() + " of the log has " + octets, "backup");
    Files.write(last, bytes);
    assertEverythingThere();
  }

  @Test
  void missingLogIsNoReasonToBeginANewOne() throws Exception {
    Files.move(data.resolve("log"), temporary.resolve("elsewhere"));
    assertRefused(data, Kind.UNUSABLE, data.resolve("log").toString(), "is missing", "mounted");
    Files.move(temporary.resolve("elsewhere"), data.resolve("log"));
    assertEverythingThere();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 100, 4096, 8192, 12_000, 20_480})
  void truncatedProjectionIsMadeAgain(int octets) throws Exception {
    byte[] bytes = Files.readAllBytes(projection());
    assertThat(bytes.length).isGreaterThan(octets);
    Files.write(projection(), Arrays.copyOf(bytes, octets));
    assertEverythingThere();
    assertEverythingThere();
  }

  @Test
  void newerFormatsAreRefused() throws Exception {
    Path marker = data.resolve("postrider-store");
    String text = Files.readString(marker);
    Files.writeString(marker, text.replace("format 1", "format 2"));
    assertRefused(data, Kind.UNUSABLE, data.toString(), "newer version", "use that one");
    Files.writeString(marker, text);
    byte[] bytes = Files.readAllBytes(segment(2));
    ByteBuffer header = ByteBuffer.wrap(bytes);
    header.putInt(8, 2);
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, 60);
    header.putInt(60, (int) crc.getValue());
    Files.write(segment(2), bytes);
    assertRefused(data, Kind.UNUSABLE, "segment 2", "newer version", "use that one");
  }

  @Test
  void secondProcessIsToldWhoHasIt() throws Exception {
    try (StoreFixture fixture = new StoreFixture(data)) {
      fixture.account(ALICE);
      assertThat(openInAnotherProcess())
          .contains("UNUSABLE", data.toString(), "pid " + ProcessHandle.current().pid(), "stop it");
    }
    assertThat(openInAnotherProcess()).isEqualTo(OpenChild.OPENED);
  }

  @ParameterizedTest
  @CsvSource({
    "postrider-store, ---------",
    "log, ---------",
    "log/00000002.seg, ---------",
    "log, r-x------",
    "h2/projection.mv.db, ---------",
    "h2/projection.mv.db, r--------",
    "h2, ---------",
    "spool, ---------"
  })
  void wrongPermissionIsNamedWithItsFile(String name, String mode) throws Exception {
    Path path = data.resolve(name).normalize();
    Set<PosixFilePermission> right = Files.getPosixFilePermissions(path);
    Map<String, String> before = everything(data);
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
    String said = openInAnotherProcess();
    Files.setPosixFilePermissions(path, right);
    assertThat(said).contains("UNUSABLE", path.toString(), "permission", "check owner and mode");
    assertThat(everything(data)).isEqualTo(before);
    assertEverythingThere();
  }

  /** As a user whom permissions concern, even where the test runs as root. */
  private String openInAnotherProcess() throws Exception {
    List<String> command = new ArrayList<>();
    if (System.getProperty("user.name").equals("root")) {
      command.addAll(List.of("setpriv", "--bounding-set", "-dac_override,-dac_read_search", "--"));
    }
    command.addAll(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
            OpenChild.class.getName(),
            data.toString()));
    Path out = temporary.resolve("out");
    Process child =
        new ProcessBuilder(command)
            .redirectOutput(out.toFile())
            .redirectError(temporary.resolve("err").toFile())
            .start();
    assertThat(child.waitFor(60, TimeUnit.SECONDS)).isTrue();
    List<String> lines =
        Files.readAllLines(out, StandardCharsets.UTF_8).stream()
            .filter(line -> line.startsWith("UNUSABLE") || line.equals(OpenChild.OPENED))
            .toList();
    assertThat(lines).as(Files.readString(temporary.resolve("err"))).hasSize(1);
    return lines.getFirst();
  }
}
