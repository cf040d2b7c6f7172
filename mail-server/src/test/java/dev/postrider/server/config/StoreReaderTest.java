package dev.postrider.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.postrider.storage.accounts.Quota;
import dev.postrider.storage.objects.S3Settings;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class StoreReaderTest {

  @TempDir Path directory;

  private final Map<String, String> environment = new HashMap<>();

  @Test
  void keepsMailInTheDataDirectoryWithoutAUrl() throws Exception {
    assertThat(read("[store]\nundelete_days = 3"))
        .isEqualTo(new StoreConfig(Duration.ofDays(3), false, Quota.UNLIMITED, Optional.empty()));
    assertThat(read("[store]\ncompress = true").compress()).isTrue();
  }

  @Test
  void readsADatabase() throws Exception {
    SharedStoreConfig shared = shared("url = \"postgresql://post:se%20cr+et%25@db/mail\"");
    assertThat(shared.database())
        .isEqualTo(
            new DatabaseConfig("jdbc:postgresql://db/mail", "post", Optional.of("se cr+et%")));
    assertThat(shared.connectionsMax()).isEqualTo(20);
    assertThat(shared.objects()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          postgresql://u@db:5433/mail            | jdbc:postgresql://db:5433/mail
          postgres://u@127.0.0.1/mail            | jdbc:postgresql://127.0.0.1/mail
          postgresql://u@[::1]:5432/mail         | jdbc:postgresql://[::1]:5432/mail
          postgresql://u@db/my%20mail            | jdbc:postgresql://db/my+mail
          postgresql://u@db/mail?sslmode=require | jdbc:postgresql://db/mail?sslmode=require
          postgresql://u@a:1,b:2/mail            | jdbc:postgresql://a:1,b:2/mail?targetServerType=primary
          postgresql://u@db/m?sslmode=verify-full&sslrootcert=/etc/ca.pem | jdbc:postgresql://db/m?sslmode=verify-full&sslrootcert=%2Fetc%2Fca.pem
          """)
  void readsWhatPsqlReads(String url, String jdbcUrl) throws Exception {
    assertThat(shared("url = \"" + url + "\"").database())
        .isEqualTo(new DatabaseConfig(jdbcUrl, "u", Optional.empty()));
  }

  @Test
  void takesThePasswordFromAFileOrTheEnvironment() throws Exception {
    Files.writeString(directory.resolve("secret"), "of the file\n");
    String url = "url = \"postgresql://u@db/mail\"\n";
    assertThat(shared(url + "password_file = \"secret\"").database().password())
        .contains("of the file");
    assertThat(shared(url + "password = \"of the key\"").database().password())
        .contains("of the key");
    environment.put("POSTRIDER_STORE_PASSWORD", "of the environment");
    assertThat(shared(url).database().password()).contains("of the environment");
    environment.clear();
    environment.put("POSTRIDER_STORE_URL", "postgresql://u:p@other/mail");
    assertThat(shared(url).database())
        .isEqualTo(new DatabaseConfig("jdbc:postgresql://other/mail", "u", Optional.of("p")));
  }

  @Test
  void readsABucket() throws Exception {
    Files.writeString(directory.resolve("secret"), "shh");
    SharedStoreConfig shared =
        shared(
            """
            url = "postgresql://u@db/mail"
            connections = 7
            bodies = "s3"
            [store.s3]
            endpoint = "https://s3.a.test:9000/"
            region = "eu-1"
            bucket = "mail"
            prefix = "a/"
            access_key = "ID"
            secret_key_file = "secret"
            """);
    assertThat(shared.connectionsMax()).isEqualTo(7);
    assertThat(shared.objects())
        .contains(
            new S3Settings(
                Optional.of(URI.create("https://s3.a.test:9000")),
                "eu-1",
                "mail",
                "a/",
                true,
                Optional.of(new S3Settings.AccessKey("ID", "shh")),
                S3Settings.Limits.DEFAULTS));
  }

  @Test
  void leavesTheKeysOfABucketToAmazonsToolsWhenNoneIsSet() throws Exception {
    S3Settings bucket =
        shared(
                """
                url = "postgresql://u@db/mail"
                bodies = "s3"
                [store.s3]
                bucket = "mail"
                """)
            .objects()
            .orElseThrow();
    assertThat(bucket.endpoint()).isEmpty();
    assertThat(bucket.pathStyle()).isFalse();
    assertThat(bucket.accessKey()).isEmpty();
    assertThat(bucket.region()).isEqualTo("us-east-1");
    assertThat(bucket.prefix()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          url = "mysql://u:SECRET@db/m"         | 2: key 'store.url': is no address of a PostgreSQL database; write "postgresql://user@host:5432/database"
          url = "postgresql://db/mail"          | 2: key 'store.url': names no user; write "postgresql://user@host:5432/database"
          url = "postgresql://u:SECRET@db"      | 2: key 'store.url': names no database; write "postgresql://user@host:5432/database"
          url = "postgresql://u:SECRET@/mail"   | 2: key 'store.url': names no host that can be used, nor can a Unix socket be; write "postgresql://user@host:5432/database"
          url = "postgresql://u:SECRET%@db/m"   | 2: key 'store.url': has a '%' without two hexadecimal digits behind it; write %25 for it
          url = "postgresql://u@db/m?ssl=true"  | 2: key 'store.url': has an unknown parameter 'ssl'; known are sslmode, sslrootcert, sslcert, sslkey
          url = 5432                            | 2: key 'store.url': must be text in quotes (address of a database), not the number 5432
          bodies = "s3"                         | 2: key 'store.bodies' is set without 'store.url'; name the database, or leave it out
          connections = 10                      | 2: key 'store.connections' is set without 'store.url'; name the database, or leave it out
          password = "SECRET"                   | 2: key 'store.password' is set without 'store.url'; name the database, or leave it out
          [store.s3]\\nbucket = "mail"          | 3: key 'store.s3.bucket' is set without bodies = "s3" in [store]; write that, or leave it out
          [store.s3]\\nbuckt = "mail"           | 3: key 'store.s3.buckt' is not known; did you mean 'store.s3.bucket'?
          s3 = 1                                | 2: 'store.s3' is a section; write [store.s3] and its keys below
          urll = "x"                            | 2: key 'store.urll' is not known; did you mean 'store.url'?
          """)
  void refusesWhatCannotBe(String toml, String problem) {
    assertThat(problems("[store]\n" + toml.replace("\\n", "\n")))
        .contains(problem)
        .noneMatch(text -> text.contains("SECRET"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          bodies = "disk"                       | 3: key 'store.bodies': 'disk' is not known; write one of database, s3
          bodies = "s3"                         | 3: key 'store.bodies' is "s3" without 'store.s3.bucket'; name the bucket in [store.s3]
          connections = 1                       | 3: key 'store.connections': must be from 4 to 1000, not 1
          password_file = "none"                | 3: key 'store.password_file': 'DIR/none' does not exist; write the path of a file with one line
          password_file = "empty"               | 3: key 'store.password_file': 'DIR/empty' has nothing in its first line; write it there
          password = "S"\\npassword_file = "secret" | 4: key 'store.password_file' is set together with 'store.password'; remove one of them
          """)
  void refusesWhatCannotBeOfADatabase(String toml, String problem) throws Exception {
    Files.writeString(directory.resolve("empty"), "\n");
    Files.writeString(directory.resolve("secret"), "x");
    assertThat(problems("[store]\nurl = \"postgresql://u@db/mail\"\n" + toml.replace("\\n", "\n")))
        .containsExactly(problem.replace("DIR", directory.toString()));
  }

  @Test
  void refusesTwoPasswords() {
    assertThat(problems("[store]\nurl = \"postgresql://u:SECRET@db/mail\"\npassword = \"SECRET\""))
        .containsExactly(
            "2: key 'store.url' holds a password, and another key does; remove one of them");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          endpoint = "s3.a.test"   | 5: key 'store.s3.endpoint': 's3.a.test' is no address; write "https://s3.example.org"
          bucket = "a b"           | 5: key 'store.s3.bucket': 'a b' is no name of a bucket; write 3 to 63 letters, digits, '-' and '.'
          region = ""              | 5: key 'store.s3.region': '' is no name of a region; write such as "eu-central-1"
          prefix = "/x"            | 5: key 'store.s3.prefix': '/x' cannot be used; write letters, digits, '.', '_', '-', '/'
          path_style = "yes"       | 5: key 'store.s3.path_style': must be true or false without quotes, not text
          access_key = "ID"        | 5: key 'store.s3.access_key' is set without 'store.s3.secret_key_file'; set both, or neither
          secret_key = "SECRET"    | 5: key 'store.s3.secret_key' is set without 'store.s3.access_key'; set both, or neither
          """)
  void refusesWhatCannotBeOfABucket(String toml, String problem) {
    String bucket = toml.startsWith("bucket") ? "" : "\nbucket = \"mail\"";
    assertThat(
            problems(
                "[store]\nurl = \"postgresql://u@db/mail\"\nbodies = \"s3\"\n[store.s3]\n"
                    + toml
                    + bucket))
        .containsExactly(problem);
  }

  @Test
  void knowsItsVariables() {
    environment.put("POSTRIDER_STORE_S3_BUCKT", "mail");
    environment.put("POSTRIDER_STORE_S3_PATH_STYLE", "maybe");
    assertThat(failure("").problems())
        .extracting(ConfigProblem::toString)
        .contains(
            "POSTRIDER_STORE_S3_BUCKT: the variable is not known; did you mean"
                + " POSTRIDER_STORE_S3_BUCKET?",
            "POSTRIDER_STORE_S3_PATH_STYLE: key 'store.s3.path_style' is set without bodies ="
                + " \"s3\" in [store]; write that, or leave it out");
  }

  @Test
  void doesNotShowASecret() throws Exception {
    environment.put("POSTRIDER_STORE_S3_SECRET_KEY", "SECRET");
    StoreConfig config =
        read(
            """
            [store]
            url = "postgresql://u:SECRET@db/mail"
            bodies = "s3"
            [store.s3]
            bucket = "mail"
            access_key = "ID"
            """);
    assertThat(config.toString()).contains("u@db/mail", "ID").doesNotContain("SECRET");
  }

  private SharedStoreConfig shared(String toml) throws Exception {
    return read("[store]\n" + toml).shared().orElseThrow();
  }

  private StoreConfig read(String toml) throws ConfigException, IOException {
    return new ConfigReader(environment, () -> "machine.test")
        .read(Optional.of(Files.writeString(directory.resolve("p.toml"), toml)))
        .store();
  }

  private ConfigException failure(String toml) {
    return catchThrowableOfType(ConfigException.class, () -> read(toml));
  }

  /** Without the path of the file. */
  private List<String> problems(String toml) {
    String file = directory.resolve("p.toml") + ":";
    return failure(toml).problems().stream()
        .map(problem -> problem.toString().replaceFirst("^" + Pattern.quote(file), ""))
        .toList();
  }
}
