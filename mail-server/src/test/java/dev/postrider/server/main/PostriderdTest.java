package dev.postrider.server.main;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postrider.testkit.postgres.Database;
import dev.postrider.testkit.postgres.PostgresServer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every mistake of an operator's: its exit status, and one line that says what to do. */
final class PostriderdTest {

  @TempDir private Path directory;
  private Path config;
  private Path data;

  private record Ran(int status, String out, String err) {}

  @BeforeEach
  void writeConfiguration() throws Exception {
    data = directory.resolve("data");
    config = directory.resolve("p.toml");
    Files.writeString(
        config,
        """
        hostname = "mx.a.test"
        domains = ["a.test"]
        data = "data"
        [listen]
        http = "127.0.0.1:0"
        """);
  }

  @Test
  void explainsHowItIsUsed() {
    assertRefused(run("", Map.of()), 64, "a command is missing");
    assertRefused(run("", Map.of(), "serv"), 64, "Unmatched argument at index 0: 'serv'");
    assertRefused(run("", Map.of(), "init"), 64, "Missing required option: '--domain=D'");
    assertRefused(run("", Map.of(), "queue", "remove", "x"), 64, "'x' is not a long");
    assertRefused(
        run("", Map.of(), "account"), 64, "add, list, passwd, quota or remove is missing");
    assertRefused(configured("", "account", "add", "alice"), 64, "'alice' is no address");
  }

  @Test
  void givesEverySubcommandHelpAndTheTwoPlaces() {
    for (String command :
        List.of("serve", "init", "demo", "status", "version", "healthcheck", "account add")) {
      Ran help = run("", Map.of(), (command + " --help").split(" "));

      assertThat(help.status()).as(command).isZero();
      assertThat(help.out()).as(command).contains("--config=FILE", "--data=DIR");
    }
    assertThat(run("", Map.of(), "--help").out()).contains("Examples:").doesNotContain("training");
  }

  @Test
  void reportsEveryMistakeOfTheConfiguration() throws Exception {
    Files.writeString(config, "hostnam = \"x\"\n[listen]\nsmtp = 25\n");

    Ran ran = configured("", "status");

    assertThat(ran.status()).isEqualTo(78);
    assertThat(ran.err().lines())
        .containsExactly(
            "postriderd: " + config + ":1: key 'hostnam' is not known; did you mean 'hostname'?",
            "postriderd: "
                + config
                + ":3: key 'listen.smtp': must be text in quotes (address:port), not the number"
                + " 25");
    assertRefused(
        run("", Map.of(), "serve", "--config", directory.resolve("none.toml").toString()),
        78,
        "no such file");
    assertRefused(
        run("", Map.of("POSTRIDER_HOSTNAME", "a b"), "status"), 78, "POSTRIDER_HOSTNAME: key");
  }

  @Test
  void takesTheFormatOfTheLogInLowerCase() {
    String missing = directory.resolve("none.toml").toString();

    assertRefused(run("", Map.of(), "serve", "--log", "json", "--config", missing), 78, "no such");
    assertRefused(run("", Map.of(), "serve", "--log", "xml", "--config", missing), 64, "'xml'");
  }

  @Test
  void asksForADataDirectoryThatIsThere() {
    assertRefused(configured("", "queue", "list"), 69, "there is no data directory " + data);
    assertThat(data).doesNotExist();
  }

  @Test
  void managesAccountsWhileNoServerRuns() {
    assertThat(configured("geheim\n", "account", "add", "Alice@a.test", "--password-stdin"))
        .isEqualTo(new Ran(0, "Account Alice@a.test added.\n", ""));
    assertRefused(
        configured("geheim\n", "account", "add", "alice@a.test", "--password-stdin"),
        65,
        "exists already");
    assertRefused(
        configured("", "account", "add", "bob@a.test", "--password-stdin"),
        65,
        "standard input is empty");
    assertRefused(
        configured("", "account", "add", "bob@a.test"), 64, "no terminal to ask for the password");
    assertRefused(
        configured("", "account", "remove", "bob@a.test"), 67, "there is no account bob@a.test");
    assertThat(configured("", "account", "list").out()).isEqualTo("Alice@a.test\n");
    assertThat(configured("", "account", "list", "--json").out())
        .startsWith(
            "{\"version\":1,\"accounts\":[{\"address\":\"Alice@a.test\",\"storage\":\"0\",");

    Ran changed = configured("", "account", "passwd", "alice@a.test", "--generate");
    assertThat(changed.status()).isZero();
    assertThat(changed.out()).containsPattern("Password, shown only now: [A-Za-z0-9]{20}\n");
  }

  @Test
  void limitsWhatAnAccountMayUse() throws Exception {
    Files.writeString(
        config,
        """
        hostname = "mx.a.test"
        domains = ["a.test"]
        data = "data"
        [quota]
        storage = "1GiB"
        mailboxes = 100
        """);
    configured("geheim\n", "account", "add", "alice@a.test", "--password-stdin");

    assertThat(configured("", "account", "quota", "alice@a.test").out())
        .isEqualTo(
            """
            storage    0B of 1GiB (default)
            messages   0 of any number (default)
            mailboxes  6 of 100 (default)
            """);
    assertThat(
            configured(
                    "",
                    "account",
                    "quota",
                    "alice@a.test",
                    "--storage",
                    "2GB",
                    "--messages",
                    "10",
                    "--mailboxes",
                    "none")
                .out())
        .isEqualTo(
            """
            storage    0B of 2GB
            messages   0 of 10
            mailboxes  6 of any number
            """);
    assertThat(configured("", "account", "list").out())
        .isEqualTo("alice@a.test  storage 0B of 2GB, messages 0 of 10\n");
    assertThat(configured("", "account", "quota", "alice@a.test", "--messages", "default").out())
        .contains("storage    0B of 2GB\n", "messages   0 of any number (default)\n");
    assertRefused(
        configured("", "account", "quota", "alice@a.test", "--storage", "x"), 64, "'x' is no size");
    assertRefused(
        configured("", "account", "quota", "alice@a.test", "--messages", "-1"),
        64,
        "'-1' is no number");
    assertRefused(
        configured("", "account", "quota", "bob@a.test"), 67, "there is no account bob@a.test");
  }

  @Test
  void showsAnEmptyQueueAndTheStatus() {
    configured("geheim\n", "account", "add", "alice@a.test", "--password-stdin");

    assertThat(configured("", "queue", "list").out()).isEqualTo("The queue is empty.\n");
    assertThat(configured("", "queue", "list", "--json").out())
        .isEqualTo("{\"version\":1,\"queue\":[]}\n");
    assertRefused(configured("", "queue", "remove", "17"), 67, "there is no queue entry 17");
    assertThat(configured("", "status", "--json").out())
        .contains("\"server\":\"not running\"", "\"accounts\":\"1\"");
  }

  @Test
  void findsNothingToBringBackAndRefusesWhatIsNoTime() {
    configured("geheim\n", "account", "add", "alice@a.test", "--password-stdin");

    assertThat(configured("", "undelete", "alice@a.test"))
        .isEqualTo(new Ran(0, "There is nothing to bring back.\n", ""));
    assertThat(configured("", "undelete", "alice@a.test", "--since", "2026-11-20", "--json").out())
        .isEqualTo("{\"version\":1,\"undelete\":[]}\n");
    assertRefused(configured("", "undelete", "bob@a.test"), 67, "there is no account bob@a.test");
    assertRefused(
        configured("", "undelete", "alice@a.test", "--since", "yesterday"),
        64,
        "'yesterday' is no time; write 2026-11-20");
  }

  @Test
  void verifiesAndRepairsAStoreThatIsClosed() throws Exception {
    configured("geheim\n", "account", "add", "alice@a.test", "--password-stdin");
    Path segment = data.resolve("log").resolve("00000001.seg");
    byte[] log = Files.readAllBytes(segment);

    assertThat(configured("", "verify"))
        .isEqualTo(new Ran(0, "All records and rows are as they should be.\n", ""));
    assertThat(configured("", "verify", "--json").out())
        .isEqualTo("{\"version\":1,\"findings\":[]}\n");

    log[100] ^= 1;
    Files.write(segment, log);
    Ran damaged = configured("", "verify");
    assertThat(damaged.status()).isEqualTo(65);
    assertThat(damaged.out())
        .contains("log/00000001.seg at 64: damaged is record 1; restore a backup, or run");

    assertThat(configured("", "repair").status()).isEqualTo(65);
    assertThat(configured("", "verify").status()).isZero();
    assertThat(configured("", "repair"))
        .isEqualTo(new Ran(0, "Nothing is lost; the tables were made again.\n", ""));
  }

  @Test
  void collectsWhatThereIs() {
    configured("geheim\n", "account", "add", "alice@a.test", "--password-stdin");
    configured("geheim\n", "account", "add", "bob@a.test", "--password-stdin");
    configured("geheim\n", "account", "add", "carol@a.test", "--password-stdin");

    assertThat(configured("", "collect").out())
        .matches("\\d segments removed, \\d+ octets given back, 0 octets of them copied.\n");
    assertThat(configured("", "account", "list").out().lines()).hasSize(3);
  }

  @Test
  void backsUpAndRestores() {
    configured("geheim\n", "account", "add", "alice@a.test", "--password-stdin");
    String copies = directory.resolve("copies").toString();
    String then = directory.resolve("then").toString();

    assertThat(configured("", "backup", copies).out())
        .startsWith("The backup in " + copies + " is complete; new were 1 segments,");
    assertThat(configured("", "verify", "--backup", copies))
        .isEqualTo(new Ran(0, "All files of the backup are as they should be.\n", ""));
    Ran restored = configured("", "restore", copies, "--data", then);
    assertThat(restored.status()).isZero();
    assertThat(restored.out()).startsWith("Restored to " + then + " as of 2");
    assertThat(configured("", "account", "list", "--data", then).out()).isEqualTo("alice@a.test\n");
    assertRefused(configured("", "restore", copies, "--data", then), 69, "is not empty");
    assertRefused(
        configured("", "restore", copies, "--data", then + "2", "--until", "2001-01-01"),
        65,
        "it begins later");
    assertRefused(configured("", "restore", then, "--data", then + "3"), 69, "is no backup");
  }

  @Test
  void saysThatNobodyAnswersAHealthCheck() throws Exception {
    Files.writeString(config, "[listen]\nhttp = \"127.0.0.1:1\"\n");

    Ran ran = configured("", "healthcheck");

    assertThat(ran.status()).isEqualTo(1);
    assertThat(ran.err()).contains("http://127.0.0.1:1/health does not answer");
  }

  @Test
  void preparesAServerOnceAndLeavesItAloneThen() {
    Path made = directory.resolve("made.toml");
    String[] init = {
      "init", "--domain", "a.test", "--config", made.toString(), "--data", data.toString()
    };

    Ran first = run("", Map.of(), init);

    assertThat(first.status()).isZero();
    assertThat(first.out())
        .contains("postmaster@a.test", "IN MX   10 mx.a.test.", "v=spf1 mx -all")
        .containsPattern("Password: +[A-Za-z0-9]{20} ");
    assertThat(data.resolve("tls")).isNotEmptyDirectory();
    assertThat(run("", Map.of(), "account", "list", "--config", made.toString()).out())
        .isEqualTo("postmaster@a.test\n");
    assertRefused(run("", Map.of(), init), 73, "is there already, and is left alone");
  }

  @Test
  void leavesNothingBehindWhenTheDomainIsNone() {
    Path made = directory.resolve("made.toml");

    Ran ran = run("", Map.of(), "init", "--domain", "a test", "--config", made.toString());

    assertThat(ran.status()).isNotZero();
    assertThat(made).doesNotExist();
  }

  @Test
  void saysThatADatabaseDoesNotAnswerAndWhatCannotBeDoneThere() throws Exception {
    Files.writeString(
        config, "data = \"data\"\n[store]\nurl = \"postgresql://u:SECRET@127.0.0.1:1/mail\"\n");

    Ran list = configured("", "account", "list");

    assertRefused(list, 75, "u@127.0.0.1:1/mail: ");
    assertThat(list.err()).doesNotContain("SECRET").hasLineCount(1);
    assertRefused(
        configured("", "repair"),
        65,
        "mail is in u@127.0.0.1:1/mail, by [store] url: restore the database from its backup");
    assertRefused(configured("", "restore", "x"), 65, "restore with a configuration without it");
  }

  @Test
  void movesTheStoreToADatabase() throws Exception {
    assertThat(configured("password\n", "account", "add", "a@a.test", "--password-stdin").status())
        .isZero();
    Path to = directory.resolve("to.toml");
    Database database = PostgresServer.shared().newDatabase();
    Files.writeString(
        to,
        "domains = [\"a.test\"]\ndata = \"there\"\n[store]\nurl = \"" + database.url() + "\"\n");

    assertRefused(configured("", "migrate"), 64, "Missing required option: '--to=FILE'");
    Ran moved = configured("", "migrate", "--to", to.toString());

    assertThat(moved.err()).isEmpty();
    assertThat(moved.out())
        .contains("Moved 1 accounts, 6 mailboxes, 0 messages (0.0 MB) and 0 queue entries from ")
        .contains(database.toString())
        .contains("Now: postriderd serve --config " + to);
    assertThat(run("", Map.of(), "account", "list", "--config", to.toString()).out())
        .isEqualTo("a@a.test\n");
    assertRefused(
        configured("", "migrate", "--to", to.toString()),
        65,
        "is not empty: name a new database, or drop and make it again (nothing was moved;");
  }

  private Ran configured(String input, String... arguments) {
    return run(
        input,
        Map.of(),
        Stream.concat(Stream.of(arguments), Stream.of("--config", config.toString()))
            .toArray(String[]::new));
  }

  private static Ran run(String input, Map<String, String> environment, String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int status =
        Postriderd.run(
            new Shell(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
                environment,
                Optional.empty(),
                false),
            arguments);
    return new Ran(
        status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  private static void assertRefused(Ran ran, int status, String reason) {
    assertThat(ran.err()).contains(reason).doesNotContain("\tat ");
    assertThat(ran.status()).isEqualTo(status);
    assertThat(ran.out()).isEmpty();
  }
}
