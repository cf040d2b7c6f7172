package dev.postrider.testkit.postgres;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PostgresServerTest {

  @TempDir Path directory;

  @Test
  void givesEachCallerAnEmptyDatabase() throws Exception {
    Database one = PostgresServer.shared().newDatabase();
    Database other = PostgresServer.shared().newDatabase();
    one.sql("create table t (n int); insert into t values (1), (2)");
    assertThat(one.sql("select n, n + 1 from t order by n")).isEqualTo("1|2\n2|3");
    assertThat(other.sql("select count(*) from pg_tables where schemaname = 'public'"))
        .isEqualTo("0");
    assertThat(PostgresServer.shared()).isSameAs(PostgresServer.shared());
  }

  @Test
  void isSetUpAsOperatorsHaveIt() throws Exception {
    Database database = PostgresServer.shared().newDatabase();
    assertThat(database.sql("show fsync; show synchronous_commit")).isEqualTo("on\non");
    assertThat(database.sql("show server_encoding")).isEqualTo("UTF8");
    assertThat(database.sql("select 'a' < 'B'")).as("not sorted by octets").isEqualTo("t");
    assertThat(database.sql("select count(*) from pg_hba_file_rules where auth_method = 'trust'"))
        .isNotEqualTo("0");
    assertThat(
            database.sql("select distinct auth_method from pg_hba_file_rules where type = 'host'"))
        .isEqualTo("scram-sha-256");
  }

  @Test
  void tellsWhatIsWrongWithAStatement() throws Exception {
    Database database = PostgresServer.shared().newDatabase();
    assertThatThrownBy(() -> database.sql("select * from nowhere"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("nowhere");
  }

  @Test
  void letsNobodyStopTheServerOfAll() {
    PostgresServer server = PostgresServer.shared();
    assertThatThrownBy(server::stop).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(server::kill).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(server::close).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void comesBackOnItsPortAfterAStopAndAKill() throws Exception {
    try (PostgresServer server = PostgresServer.start()) {
      Database database = server.newDatabase();
      database.sql("create table t (n int); insert into t values (1)");

      server.stop();
      assertThat(answers(database)).isFalse();
      server.startAgain();
      assertThat(answers(database)).isTrue();
      database.sql("insert into t values (2)");

      server.kill();
      assertThat(answers(database)).isFalse();
      server.startAgain();
      assertThat(database.sql("select count(*) from t")).isEqualTo("2");
    }
  }

  @Test
  void takesAnotherPortWhenTheFirstIsTaken() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      int free = PostgresServer.freePort();
      Iterator<Integer> ports = List.of(taken.getLocalPort(), free).iterator();
      try (PostgresServer server = PostgresServer.start(ports::next)) {
        assertThat(server.port()).isEqualTo(free);
      }
    }
  }

  @Test
  void endsWithItsJvmEvenIfThatIsKilled() throws Exception {
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                PostgresServerTest.class.getName())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader output = child.inputReader(StandardCharsets.UTF_8)) {
      ProcessHandle postmaster =
          ProcessHandle.of(Long.parseLong(requireNonNull(output.readLine()))).orElseThrow();
      Path files = Path.of(requireNonNull(output.readLine()));
      assertThat(files).isDirectory();
      List<ProcessHandle> processes = postmaster.descendants().toList();
      assertThat(processes).as("backends and the shell that removes the files").isNotEmpty();
      child.destroyForcibly();
      assertThat(postmaster.onExit()).succeedsWithin(60, TimeUnit.SECONDS);
      for (ProcessHandle process : processes) {
        assertThat(process.onExit()).succeedsWithin(60, TimeUnit.SECONDS);
      }
      assertThat(files).doesNotExist();
    } finally {
      child.destroyForcibly();
    }
  }

  /** Starts a server, writes its process id and its directory, and waits. */
  public static void main(String[] args) throws Exception {
    PostgresServer server = PostgresServer.start();
    System.out.println(server.processId());
    System.out.println(server.directory());
    System.in.read();
  }

  @Test
  void usesTheNewestVersionThatIsNewEnough() throws Exception {
    for (String version : new String[] {"9.6", "14", "15", "17", "18"}) {
      Path bin = Files.createDirectories(directory.resolve(version + "/bin"));
      if (!version.equals("18")) {
        Files.createFile(
            bin.resolve("postgres"),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
      }
    }
    assertThat(PostgresPrograms.installedIn(directory))
        .contains(new PostgresPrograms(directory.resolve("17/bin")));
  }

  @Test
  void knowsWhenThereIsNone() throws Exception {
    assertThat(PostgresPrograms.installedIn(directory.resolve("nowhere"))).isEmpty();
    Files.createDirectories(directory.resolve("13/bin"));
    assertThat(PostgresPrograms.installedIn(directory)).isEmpty();
  }

  private static boolean answers(Database database) throws IOException {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(database.host(), database.port()), 5000);
      return true;
    } catch (ConnectException e) {
      return false;
    }
  }
}
