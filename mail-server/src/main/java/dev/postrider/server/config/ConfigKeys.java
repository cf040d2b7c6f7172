package dev.postrider.server.config;

import dev.postrider.protocol.address.MailAddress;
import dev.postrider.protocol.imap.Extension;
import dev.postrider.server.config.Format.Unfit;
import dev.postrider.server.config.ImapConfig.AccountWithout;
import dev.postrider.server.config.LogConfig.Level;
import dev.postrider.server.config.RouteConfig.TlsLevel;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Every key there is, once. The reader, the sample that {@code init} writes and the reference in
 * docs/configuration.md are all made from this table, so they cannot disagree.
 */
final class ConfigKeys {

  /** Name of the array of tables {@code [[route]]}. */
  static final String ROUTE = "route";

  private static final int MANY = 1_000_000;

  /** RFC 5321 section 4.5.3.1.7: a message of 64K octets must be accepted. */
  private static final long MESSAGE_OCTETS_MIN = 64L * 1024;

  private static final long MESSAGE_OCTETS_MAX = 2L * 1024 * 1024 * 1024 - 1;

  /** RFC 5321 section 4.5.3.1.8: at least 100 recipients. */
  private static final int RECIPIENTS_MIN = 100;

  private static final Duration SECOND = Duration.ofSeconds(1);

  private static final LimitsConfig LIMITS = LimitsConfig.DEFAULTS;
  private static final RelayConfig RELAYING = RelayConfig.DEFAULTS;

  private ConfigKeys() {}

  static final ConfigKey<String> HOSTNAME =
      ConfigKey.unset(
          "",
          "hostname",
          Formats.DOMAIN,
          "the name of the machine",
          "\"mx.example.org\"",
          "What the server calls itself: in greetings, EHLO, Received and its certificate. It"
              + " should resolve to this machine, and the address of the machine back to it.");

  static final ConfigKey<List<String>> DOMAINS =
      ConfigKey.unset(
          "",
          "domains",
          Formats.listOf(Formats.DOMAIN),
          "the hostname alone",
          "[\"example.org\"]",
          "Domains whose mail stays here. Mail for any other domain is relayed for those who logged"
              + " in, and refused to everybody else.");

  static final ConfigKey<Path> DATA =
      ConfigKey.of(
          "",
          "data",
          Formats.PATH,
          Path.of("/var/lib/postrider"),
          "\"/var/lib/postrider\"",
          "Directory of mail, accounts, queue and keys. A relative path starts at this file. The"
              + " option --data goes first.");

  static final Map<ListenerKind, ConfigKey<InetSocketAddress>> LISTEN = listenKeys();

  static final ConfigKey<Path> CERTIFICATE =
      ConfigKey.unset(
          "tls",
          "certificate",
          Formats.PATH,
          "a self-signed pair, made in the data directory",
          "\"/etc/postrider/fullchain.pem\"",
          "PEM file with the certificate and those that lead to its authority.");

  static final ConfigKey<Path> KEY =
      ConfigKey.unset(
          "tls",
          "key",
          Formats.PATH,
          "as for the certificate",
          "\"/etc/postrider/privkey.pem\"",
          "PEM file with the private key of the certificate.");

  static final ConfigKey<String> ROUTE_DOMAIN =
      ConfigKey.unset(
          ROUTE,
          "domain",
          Format.quoted(
              "domain name or \"*\"", text -> text.equals("*") ? text : Formats.domain(text)),
          "must be given",
          "\"b.example\"",
          "Mail for this domain goes to the host below, whatever its MX records say. \"*\" is every"
              + " domain without a route of its own.");

  static final ConfigKey<String> ROUTE_HOST =
      ConfigKey.unset(
          ROUTE,
          "host",
          Format.quoted("host name or IP address", Formats::host),
          "must be given",
          "\"mx.b.example\"",
          "The next hop.");

  static final ConfigKey<Integer> ROUTE_PORT =
      ConfigKey.of(ROUTE, "port", Formats.count(1, 65535), 25, "25", "Its port.");

  static final ConfigKey<TlsLevel> ROUTE_TLS =
      ConfigKey.of(
          ROUTE,
          "tls",
          Formats.choice(TlsLevel.class),
          TlsLevel.OPPORTUNISTIC,
          "\"opportunistic\"",
          "\"none\": never. \"opportunistic\": when offered, whatever the certificate."
              + " \"required\": with a certificate that is valid for the host, or not at all.");

  static final ConfigKey<List<Duration>> RETRIES =
      ConfigKey.of(
          "relay",
          "retries",
          Formats.listOf(Formats.durationFrom(SECOND)),
          RELAYING.retries(),
          durations(RELAYING.retries()),
          "Pauses after the first, second, … failed attempt. After the last one the message fails"
              + " and its sender is told. RFC 5321 section 4.5.4.1 wants 30 minutes between"
              + " attempts in the long run, and 4 to 5 days in all.");

  static final ConfigKey<Integer> DELAY_NOTICE =
      ConfigKey.of(
          "relay",
          "delay_notice_after_attempts",
          Formats.count(1, 1000),
          RELAYING.delayNoticeAfterAttempts(),
          Integer.toString(RELAYING.delayNoticeAfterAttempts()),
          "The sender is told of the delay after so many failed attempts.");

  static final ConfigKey<Integer> PER_DESTINATION =
      ConfigKey.of(
          "relay",
          "connections_per_destination",
          Formats.count(1, 1000),
          RELAYING.connectionsPerDestinationMax(),
          Integer.toString(RELAYING.connectionsPerDestinationMax()),
          "Connections to one destination at one time, at most.");

  static final ConfigKey<Integer> RELAY_CONNECTIONS =
      ConfigKey.of(
          "relay",
          "connections",
          Formats.count(1, 10_000),
          RELAYING.connectionsMax(),
          Integer.toString(RELAYING.connectionsMax()),
          "Connections to all destinations at one time, at most.");

  static final ConfigKey<List<InetSocketAddress>> DNS_SERVERS =
      ConfigKey.of(
          "dns",
          "servers",
          Formats.listOf(Formats.SERVER),
          DnsConfig.DEFAULTS.servers(),
          "[]",
          "Name servers to ask, in this order, such as \"192.0.2.53:53\". Empty: those of the"
              + " operating system.");

  static final ConfigKey<Duration> DNS_TIMEOUT =
      ConfigKey.of(
          "dns",
          "timeout",
          Formats.durationFrom(SECOND),
          DnsConfig.DEFAULTS.timeout(),
          quote(DnsConfig.DEFAULTS.timeout()),
          "How long one question may take, over all servers.");

  static final ConfigKey<Long> MESSAGE_SIZE =
      ConfigKey.of(
          "limits",
          "message_size",
          Formats.size(MESSAGE_OCTETS_MIN, MESSAGE_OCTETS_MAX),
          LIMITS.messageOctetsMax(),
          '"' + Formats.show(LIMITS.messageOctetsMax()) + '"',
          "Largest message that is accepted, by SMTP and IMAP. RFC 5321 section 4.5.3.1.7 asks for"
              + " at least 64KiB.");

  static final ConfigKey<Integer> RECIPIENTS =
      limit(
          "recipients",
          RECIPIENTS_MIN,
          LIMITS.recipientsMax(),
          "Recipients of one message. RFC 5321 section 4.5.3.1.8 asks for at least 100.");

  static final ConfigKey<Integer> CONNECTIONS =
      limit(
          "connections",
          1,
          LIMITS.connectionsMax(),
          "Connections at one time, over all listeners.");

  static final ConfigKey<Integer> CONNECTIONS_PER_ADDRESS =
      limit(
          "connections_per_address",
          1,
          LIMITS.connectionsPerAddressMax(),
          "Connections at one time from one IP address.");

  static final ConfigKey<Integer> CONNECTION_RATE =
      limit(
          "connections_per_address_per_minute",
          1,
          LIMITS.connectionsPerAddressPerMinute(),
          "New connections from one IP address in a minute. This machine itself is exempt.");

  static final ConfigKey<Integer> MESSAGE_RATE =
      limit(
          "messages_per_account_per_hour",
          1,
          LIMITS.messagesPerAccountPerHour(),
          "Recipients that one account may send to in an hour.");

  static final ConfigKey<Integer> FAILED_LOGINS =
      limit(
          "failed_logins_per_address",
          1,
          LIMITS.failedLoginsPerAddress(),
          "Failed logins from one IP address within ten minutes, after which more are refused.");

  static final ConfigKey<Duration> IDLE_TIMEOUT =
      timeout(
          "idle_timeout",
          LIMITS.idleTimeout(),
          "Silence after which an IMAP session ends. RFC 3501 section 5.4 asks for at least 30"
              + " minutes.");

  static final ConfigKey<Duration> COMMAND_TIMEOUT =
      timeout(
          "command_timeout",
          LIMITS.commandTimeout(),
          "Silence after which an SMTP session ends. RFC 5321 section 4.5.3.2.7 asks for at least 5"
              + " minutes.");

  static final ConfigKey<Duration> WRITE_TIMEOUT =
      timeout(
          "write_timeout", LIMITS.writeTimeout(), "How long a peer may leave our octets unread.");

  static final ConfigKey<Duration> LOGIN_TIMEOUT =
      timeout(
          "login_timeout",
          LIMITS.unauthenticatedTimeout(),
          "How long an IMAP session may take to log in.");

  static final ConfigKey<LogConfig.Format> LOG_FORMAT =
      ConfigKey.of(
          "log",
          "format",
          Formats.choice(LogConfig.Format.class),
          LogConfig.DEFAULTS.format(),
          "\"text\"",
          "\"text\": time, level, event, key=value. \"json\": one object per line.");

  static final ConfigKey<Level> LOG_LEVEL =
      ConfigKey.of(
          "log",
          "level",
          Formats.choice(Level.class),
          LogConfig.DEFAULTS.level(),
          "\"info\"",
          "The least that is told.");

  static final ConfigKey<List<Extension>> IMAP_WITHOUT =
      ConfigKey.of(
          "imap",
          "without",
          Formats.listOf(Format.quoted("IMAP extension", ConfigKeys::extension)),
          List.of(),
          "[]",
          "Extensions of IMAP that are switched off: not told to clients, and refused like any"
              + " command or word that nobody knows. Without \"CONDSTORE\" there is no QRESYNC"
              + " either, without \"SORT\" no SORT=DISPLAY and no ESORT, without \"ACL\" no"
              + " LIST-MYRIGHTS, without \"METADATA\" no LIST-METADATA, and without \"LITERAL+\""
              + " LITERAL- takes its place. There are: "
              + extensions()
              + ".");

  static final ConfigKey<Duration> IMAP_IDLE_WORD =
      ConfigKey.of(
          "imap",
          "idle_word",
          Formats.durationFrom(SECOND),
          ImapConfig.DEFAULTS.idleWord(),
          quote(ImapConfig.DEFAULTS.idleWord()),
          "After how long a client that waits in IDLE is sent a word when there is nothing to tell,"
              + " so that no gateway between forgets the connection; many do after five minutes."
              + " Each word wakes a phone.");

  static final ConfigKey<List<AccountWithout>> IMAP_WITHOUT_FOR =
      ConfigKey.of(
          "imap",
          "without_for",
          Formats.listOf(Format.quoted("account with IMAP extensions", ConfigKeys::accountWithout)),
          List.of(),
          "[]",
          "The same for single accounts, each with what its clients may not use besides:"
              + " [\"bob@example.org CONDSTORE COMPRESS=DEFLATE\"]. It holds from the login on.");

  private static AccountWithout accountWithout(String text) throws Unfit {
    String[] words = text.strip().split(" +");
    Optional<MailAddress> account = MailAddress.parse(words[0]);
    if (account.isEmpty() || words.length < 2) {
      throw new Unfit(
          "'" + text + "' is no account with extensions; write \"bob@example.org CONDSTORE\"");
    }
    Set<Extension> without = new HashSet<>();
    for (String word : List.of(words).subList(1, words.length)) {
      without.add(extension(word));
    }
    return new AccountWithout(account.get(), without);
  }

  private static Extension extension(String name) throws Unfit {
    return Extension.called(name)
        .orElseThrow(
            () ->
                new Unfit(
                    "'"
                        + name
                        + "' is none that can be switched off; write some of "
                        + extensions()));
  }

  private static String extensions() {
    return Arrays.stream(Extension.values())
        .map(Extension::capability)
        .collect(Collectors.joining(", "));
  }

  /** All of them, in the order of the sample and the reference. */
  static final List<ConfigKey<?>> ALL = all();

  private static List<ConfigKey<?>> all() {
    List<ConfigKey<?>> keys = new ArrayList<>(List.of(HOSTNAME, DOMAINS, DATA));
    keys.addAll(LISTEN.values());
    keys.addAll(
        List.of(
            CERTIFICATE,
            KEY,
            TlsKeys.CLIENT_CA,
            TlsKeys.CLIENT_NAME,
            ROUTE_DOMAIN,
            ROUTE_HOST,
            ROUTE_PORT,
            ROUTE_TLS,
            RETRIES,
            DELAY_NOTICE,
            PER_DESTINATION,
            RELAY_CONNECTIONS,
            DNS_SERVERS,
            DNS_TIMEOUT,
            MESSAGE_SIZE,
            RECIPIENTS,
            CONNECTIONS,
            CONNECTIONS_PER_ADDRESS,
            CONNECTION_RATE,
            MESSAGE_RATE,
            FAILED_LOGINS,
            IDLE_TIMEOUT,
            COMMAND_TIMEOUT,
            WRITE_TIMEOUT,
            LOGIN_TIMEOUT,
            StoreKeys.UNDELETE_DAYS,
            StoreKeys.COMPRESS,
            StoreKeys.URL));
    keys.addAll(StoreKeys.OF_A_DATABASE);
    keys.addAll(StoreKeys.OF_S3);
    keys.addAll(AuthKeys.ALL);
    keys.addAll(OAuthKeys.ALL);
    keys.addAll(List.of(IMAP_IDLE_WORD, IMAP_WITHOUT, IMAP_WITHOUT_FOR, LOG_FORMAT, LOG_LEVEL));
    return List.copyOf(keys);
  }

  private static Map<ListenerKind, ConfigKey<InetSocketAddress>> listenKeys() {
    Map<ListenerKind, ConfigKey<InetSocketAddress>> keys = new EnumMap<>(ListenerKind.class);
    for (ListenerKind kind : ListenerKind.values()) {
      String usual =
          switch (kind) {
            case SMTP, SUBMISSION, SUBMISSIONS, IMAP, IMAPS -> "\"*:" + kind.standardPort() + '"';
            case HTTP -> "\"127.0.0.1:2080\"";
          };
      String purpose =
          switch (kind) {
            case SMTP -> "Mail from other servers (RFC 5321), with STARTTLS.";
            case SUBMISSION -> "Mail from your users (RFC 6409), with STARTTLS before a login.";
            case SUBMISSIONS -> "Mail from your users, TLS from the start (RFC 8314).";
            case IMAP -> "Reading mail (RFC 3501), with STARTTLS before a login.";
            case IMAPS -> "Reading mail, TLS from the start (RFC 8314).";
            case HTTP -> "Health, at /health. Keep it away from the public.";
          };
      keys.put(
          kind,
          ConfigKey.unset(
              "listen",
              kind.key(),
              Formats.LISTEN,
              "off; " + usual + " without any section [listen]",
              usual,
              purpose));
    }
    return keys;
  }

  private static ConfigKey<Integer> limit(String name, int min, int value, String purpose) {
    return ConfigKey.of(
        "limits", name, Formats.count(min, MANY), value, Integer.toString(value), purpose);
  }

  private static ConfigKey<Duration> timeout(String name, Duration value, String purpose) {
    return ConfigKey.of("limits", name, Formats.durationFrom(SECOND), value, quote(value), purpose);
  }

  private static String quote(Duration duration) {
    return '"' + Formats.show(duration) + '"';
  }

  private static String durations(List<Duration> durations) {
    return durations.stream().map(ConfigKeys::quote).collect(Collectors.joining(", ", "[", "]"));
  }
}
