package dev.postrider.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.postrider.protocol.address.MailAddress;
import dev.postrider.protocol.imap.Extension;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ConfigReaderTest {

  @TempDir Path directory;

  private final Map<String, String> environment = new HashMap<>();

  @Test
  void switchesImapExtensionsOff() throws Exception {
    assertThat(read("[imap]\nwithout = [\"sort\", \"THREAD=REFERENCES\"]\n").imap().without())
        .containsOnly(Extension.SORT, Extension.THREAD_REFERENCES);
    environment.put("POSTRIDER_IMAP_WITHOUT", "WITHIN,LITERAL+");
    assertThat(read("").imap().without()).containsOnly(Extension.WITHIN, Extension.LITERAL_PLUS);
  }

  @Test
  void switchesImapExtensionsOffForSingleAccounts() throws Exception {
    environment.put("POSTRIDER_IMAP_WITHOUT_FOR", "bob@a.test  sort ID, eve@a.test CONDSTORE");
    ImapConfig imap = read("[imap]\nwithout = [\"WITHIN\"]\n").imap();
    assertThat(Extension.allBut(imap.spokenWith(MailAddress.parse("Bob@A.test").orElseThrow())))
        .containsOnly(
            Extension.SORT,
            Extension.SORT_DISPLAY,
            Extension.ESORT,
            Extension.ID,
            Extension.WITHIN);
    assertThat(Extension.allBut(imap.spokenWith(MailAddress.parse("eve@a.test").orElseThrow())))
        .containsOnly(Extension.CONDSTORE, Extension.QRESYNC, Extension.WITHIN);
    assertThat(imap.spokenWith(MailAddress.parse("alice@a.test").orElseThrow()))
        .isEqualTo(imap.spoken())
        .doesNotContain(Extension.WITHIN);
  }

  @Test
  void readsTheSmallestUsefulFile() throws Exception {
    ServerConfig config =
        read(
            """
            hostname = "mx.a.test"
            domains = ["a.test"]
            [listen]
            smtp = "127.0.0.1:2525"
            imaps = "[::1]:2993"
            [[route]]
            domain = "b.test"
            host = "127.0.0.1"
            port = 3525
            tls = "required"
            """);

    assertThat(config.hostname()).isEqualTo("mx.a.test");
    assertThat(config.domains()).containsExactly("a.test");
    assertThat(config.listen())
        .containsOnly(
            Map.entry(ListenerKind.SMTP, at("127.0.0.1", 2525)),
            Map.entry(ListenerKind.IMAPS, at("::1", 2993)));
    assertThat(config.routes())
        .containsExactly(
            new RouteConfig("b.test", "127.0.0.1", 3525, RouteConfig.TlsLevel.REQUIRED));
    assertThat(config.tls()).isEqualTo(new TlsConfig(Optional.empty(), Optional.empty()));
    assertThat(config.limits()).isEqualTo(LimitsConfig.DEFAULTS);
    assertThat(config.relay()).isEqualTo(RelayConfig.DEFAULTS);
    assertThat(config.dns()).isEqualTo(DnsConfig.DEFAULTS);
    assertThat(config.log()).isEqualTo(LogConfig.DEFAULTS);
  }

  @Test
  void takesStandardPortsAndTheNameOfTheMachineWithoutAFile() throws Exception {
    ServerConfig config = reader().read(Optional.empty());

    assertThat(config.hostname()).isEqualTo("machine.test");
    assertThat(config.domains()).containsExactly("machine.test");
    assertThat(config.dataDirectory()).isEqualTo(Path.of("/var/lib/postrider"));
    assertThat(config.listen().keySet()).isEqualTo(Set.of(ListenerKind.values()));
    assertThat(config.listen().get(ListenerKind.SMTP)).isEqualTo(new InetSocketAddress(25));
    assertThat(config.listen().get(ListenerKind.HTTP)).isEqualTo(at("127.0.0.1", 2080));
  }

  @Test
  void readsEveryKeyOfItsOwnSample() throws Exception {
    Map<String, String> values = new HashMap<>();
    for (ConfigKey<?> key : ConfigKeys.ALL) {
      if (!key.section().equals("tls") && !key.name().endsWith("_file")) {
        values.put(key.path(), key.sample());
      }
    }

    values.put("store.bodies", "\"s3\"");

    ServerConfig config = read(ConfigSample.write(values));

    assertThat(config.hostname()).isEqualTo("mx.example.org");
    assertThat(config.routes()).hasSize(1);
    assertThat(config.limits()).isEqualTo(LimitsConfig.DEFAULTS);
    assertThat(config.relay()).isEqualTo(RelayConfig.DEFAULTS);
  }

  @Test
  void readsASampleWithEverythingCommentedAsIfLeftOut() throws Exception {
    ServerConfig config = read(ConfigSample.write(Map.of("listen.smtp", "\"127.0.0.1:2525\"")));

    assertThat(config.listen()).containsOnlyKeys(ListenerKind.SMTP);
    assertThat(config.routes()).isEmpty();
  }

  @Test
  void letsTheEnvironmentGoFirst() throws Exception {
    environment.put("POSTRIDER_HOSTNAME", "mx.env.test");
    environment.put("POSTRIDER_DOMAINS", "env.test, other.test");
    environment.put("POSTRIDER_LISTEN_SMTP", "127.0.0.1:25");
    environment.put("POSTRIDER_LISTEN_IMAP", "");
    environment.put("POSTRIDER_LIMITS_MESSAGE_SIZE", "30MB");
    environment.put("POSTRIDER_RELAY_RETRIES", "1m,2m30s");
    environment.put("POSTRIDER_ROUTE", "b.test=[::1]:2526/none, *=smarthost.test:587/required");

    ServerConfig config =
        read(
            """
            hostname = "mx.a.test"
            [listen]
            smtp = "127.0.0.1:2525"
            imap = "127.0.0.1:2143"
            """);

    assertThat(config.hostname()).isEqualTo("mx.env.test");
    assertThat(config.domains()).containsExactly("env.test", "other.test");
    assertThat(config.listen()).containsOnly(Map.entry(ListenerKind.SMTP, at("127.0.0.1", 25)));
    assertThat(config.limits().messageOctetsMax()).isEqualTo(30_000_000);
    assertThat(config.relay().retries())
        .containsExactly(Duration.ofMinutes(1), Duration.ofSeconds(150));
    assertThat(config.routes())
        .extracting(RouteConfig::domain, RouteConfig::port, RouteConfig::tls)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("b.test", 2526, RouteConfig.TlsLevel.NONE),
            org.assertj.core.groups.Tuple.tuple("*", 587, RouteConfig.TlsLevel.REQUIRED));
  }

  @Test
  void looksRelativePathsUpFromTheFile() throws Exception {
    assertThat(read("data = \"mail\"").dataDirectory()).isEqualTo(directory.resolve("mail"));
  }

  @Test
  void reportsAllMistakesAtOnceEachWithItsLine() {
    List<String> problems =
        problems(
            """
            hostname = "mx.a.test."
            domainss = ["a.test"]

            [listen]
            smtp = "127.0.0.1"
            imap = 143

            [lisen]
            smtp = "127.0.0.1:25"
            """);

    assertThat(problems)
        .containsExactlyInAnyOrder(
            "1: key 'hostname': 'mx.a.test.' ends in a dot; write it without",
            "2: key 'domainss' is not known; did you mean 'domains'?",
            "5: key 'listen.smtp': '127.0.0.1' is no address and port; write \"127.0.0.1:2525\","
                + " \"[::1]:2525\" or, for all addresses, \"*:25\"",
            "6: key 'listen.imap': must be text in quotes (address:port), not the number 143",
            "8: section 'lisen' is not known; did you mean 'listen'?");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          [listen]\\nsmpt = "*:25"            | 2: key 'listen.smpt' is not known; did you mean 'listen.smtp'?
          [listen]\\nsmtp = "mx.a.test:25"    | 2: key 'listen.smtp': 'mx.a.test' is no IP address; write one, "localhost", or "*" for all addresses
          [listen]\\nsmtp = "*:99999"         | 2: key 'listen.smtp': '*:99999' has no valid port; write one from 1 to 65535
          [listen]\\nsmtp="*:25"\\nimap="*:25"| 3: key 'listen.imap': the same address and port as 'listen.smtp'; give one of them another port
          [listen]                            | 1: no listener is on; set one, such as smtp = "*:25", or leave the section out
          listen = "x"                        | 1: 'listen' is a section; write [listen] and its keys below
          domains = "a.test"                  | 1: key 'domains': must be a list in brackets, ["…"], not text
          domains = ["a test"]                | 1: key 'domains': 'a test' is no domain name; write letters, digits, '-' and '.', such as "mx.example.org" (other scripts as xn--…)
          [route]\\ndomain="b.test"           | 1: 'route' must be written as a section in double brackets, [[route]]
          [[route]]\\ndomain="b.test"         | 2: key 'route.host' is missing; every [[route]] needs a domain and a host
          [limits]\\nrecipients = 10          | 2: key 'limits.recipients': must be from 100 to 1000000, not 10
          [limits]\\nrecipients = "many"      | 2: key 'limits.recipients': must be a number without quotes, not text
          [limits]\\nmessage_size = "1MiB "   | 2: key 'limits.message_size': '1MiB ' is no size; write "50MiB", "50MB" or a number of octets
          [limits]\\nmessage_size = 10        | 2: key 'limits.message_size': must be from "64KiB" to "2147483647B", not 10B
          [limits]\\nidle_timeout = "30"      | 2: key 'limits.idle_timeout': '30' is no duration; write "30s", "7m30s", "1h" or "14d"
          [limits]\\nidle_timeout = "1ms"     | 2: key 'limits.idle_timeout': '1ms' is too short; at least "1s"
          [relay]\\nretries = []              | 2: key 'relay.retries' is empty; write at least one pause, such as ["15m"]
          [log]\\nformat = "xml"              | 2: key 'log.format': 'xml' is not known; write one of text, json
          [imap]\\nwithout = ["IDLE"]          | 2: key 'imap.without': 'IDLE' is none that can be switched off; write some of ACL, APPENDLIMIT, CATENATE, COMPRESS=DEFLATE, CONDSTORE, CREATE-SPECIAL-USE, ID, INPROGRESS, LIST-MYRIGHTS, LITERAL+, METADATA, LIST-METADATA, MULTIAPPEND, OBJECTID, PARTIAL, PREVIEW, QRESYNC, REPLACE, SAVEDATE, SORT, SORT=DISPLAY, ESORT, THREAD=ORDEREDSUBJECT, THREAD=REFERENCES, UIDONLY, UNAUTHENTICATE, UTF8=ACCEPT, WITHIN
          [imap]\\nwithout_for = ["bob@a.test SORT", "BOB@a.test ID"] | 2: key 'imap.without_for': 'BOB@a.test' is there twice; put its extensions into one
          [imap]\\nwithout_for = ["bob SORT"]  | 2: key 'imap.without_for': 'bob SORT' is no account with extensions; write "bob@example.org CONDSTORE"
          [imap]\\nwithout_for = ["bob@a.test"] | 2: key 'imap.without_for': 'bob@a.test' is no account with extensions; write "bob@example.org CONDSTORE"
          [imap]\\nwithout = "SORT"            | 2: key 'imap.without': must be a list in brackets, ["…"], not text
          [dns]\\nservers = ["*:53"]          | 2: key 'dns.servers': '*:53' is no server; write its address, "192.0.2.53:53"
          data = ""                           | 1: key 'data': is empty; write a path or leave the key out
          """)
  void saysWhatIsWrongAndWhatToWrite(String toml, String problem) {
    assertThat(problems(toml.replace("\\n", "\n"))).contains(problem);
  }

  @Test
  void refusesASecondRouteOfADomainAndOneOfOurOwn() {
    List<String> problems =
        problems(
            """
            domains = ["a.test"]
            [[route]]
            domain = "b.test"
            host = "127.0.0.1"
            [[route]]
            domain = "B.test"
            host = "127.0.0.2"
            [[route]]
            domain = "a.test"
            host = "127.0.0.3"
            """);

    assertThat(problems).hasSize(2);
    assertThat(problems.get(0))
        .startsWith("6: key 'route.domain': 'b.test' has a route already, at ")
        .endsWith(":3; remove one of them");
    assertThat(problems.get(1))
        .isEqualTo(
            "9: key 'route.domain': 'a.test' is one of 'domains', whose mail stays here; remove one"
                + " of the two");
  }

  @Test
  void refusesACertificateWithoutItsKeyAndFilesThatAreNotThere() throws IOException {
    Path certificate = Files.writeString(directory.resolve("cert.pem"), "x");

    assertThat(problems("[tls]\ncertificate = \"" + certificate + "\""))
        .containsExactly(
            "2: key 'tls.certificate' is set without 'tls.key'; set both, or neither for a"
                + " self-signed pair");
    assertThat(problems("[tls]\ncertificate = \"cert.pem\"\nkey = \"none.pem\""))
        .containsExactly(
            "3: key 'tls.key': '"
                + directory.resolve("none.pem")
                + "' does not exist; write the path of a PEM file");
  }

  @Test
  void namesTheVariableThatIsWrong() {
    environment.put("POSTRIDER_LISTEN_SMTP", "25");
    environment.put("POSTRIDER_LISTEN_SMPT", "*:25");
    environment.put("POSTRIDER_HOSTNMAE", "mx.a.test");
    environment.put("POSTRIDER_ROUTE", "b.test");
    environment.put("POSTRIDER_ACCOUNT", "of the client");

    assertThat(failure("").problems())
        .extracting(ConfigProblem::toString)
        .containsExactlyInAnyOrder(
            "POSTRIDER_LISTEN_SMTP: key 'listen.smtp': '25' is no address and port; write"
                + " \"127.0.0.1:2525\", \"[::1]:2525\" or, for all addresses, \"*:25\"",
            "POSTRIDER_LISTEN_SMPT: the variable is not known; did you mean POSTRIDER_LISTEN_SMTP?",
            "POSTRIDER_HOSTNMAE: the variable is not known; did you mean POSTRIDER_HOSTNAME?",
            "POSTRIDER_ROUTE: 'b.test' is no route; write b.example=mx.b.example:25/required");
  }

  @Test
  void pointsAtTheLineThatIsNotToml() {
    assertThat(problems("hostname = \"mx.a.test\"\ndomains = [\"a.test\"\n[listen]\n"))
        .isNotEmpty()
        .allSatisfy(
            problem -> assertThat(problem).matches("[234]: is not valid TOML at column .*"));
  }

  @Test
  void saysThatTheFileIsMissing() {
    Path missing = directory.resolve("missing.toml");

    ConfigException failure =
        catchThrowableOfType(ConfigException.class, () -> reader().read(Optional.of(missing)));

    assertThat(failure.problems())
        .containsExactly(
            new ConfigProblem(
                missing.toString(),
                "no such file; name another with --config, or make one with 'postriderd init'"));
  }

  private ServerConfig read(String toml) throws ConfigException, IOException {
    return reader().read(Optional.of(Files.writeString(directory.resolve("p.toml"), toml)));
  }

  private ConfigReader reader() {
    return new ConfigReader(environment, () -> "machine.test");
  }

  private ConfigException failure(String toml) {
    return catchThrowableOfType(ConfigException.class, () -> read(toml));
  }

  /** Without the path of the file. */
  private List<String> problems(String toml) {
    String file = directory.resolve("p.toml") + ":";
    return failure(toml).problems().stream()
        .map(
            problem ->
                problem.toString().replaceFirst("^" + java.util.regex.Pattern.quote(file), ""))
        .toList();
  }

  private static InetSocketAddress at(String address, int port) {
    return new InetSocketAddress(InetAddress.ofLiteral(address), port);
  }
}
