package dev.postrider.server.config;

import dev.postrider.protocol.address.MailAddress;
import dev.postrider.server.config.ImapConfig.AccountWithout;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.tomlj.Toml;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlTable;

/** Reads the configuration: one TOML file, or none, and the environment over it. */
public final class ConfigReader {

  /** Where the file is when nobody says otherwise. */
  public static final Path USUAL_FILE = Path.of("/etc/postrider/postrider.toml");

  /** Octets of the file at most: a mistaken --config must not fill the memory. */
  private static final long FILE_OCTETS_MAX = 1024 * 1024;

  /** Variables of our prefix that set no key: read by the launcher. */
  private static final Set<String> OTHER_VARIABLES =
      Set.of("POSTRIDER_JAVA_OPTS", RouteReader.VARIABLE);

  private final Map<String, String> environment;
  private final Supplier<String> machineName;

  /**
   * @param environment variables of the process
   * @param machineName asked when no hostname is set
   */
  public ConfigReader(Map<String, String> environment, Supplier<String> machineName) {
    this.environment = Map.copyOf(environment);
    this.machineName = machineName;
  }

  /** Reads {@code file}; without one, what holds is the environment and the usual values. */
  public ServerConfig read(Optional<Path> file) throws ConfigException {
    String name = file.map(Path::toString).orElse("configuration");
    TomlTable table = file.isPresent() ? parse(file.get()) : Toml.parse("");
    Path directory =
        file.map(Path::toAbsolutePath).map(Path::getParent).orElseGet(() -> Path.of(""));
    Source source = new Source(table, name, environment);
    source.refuseUnknownKeys(ConfigKeys.ALL);
    source.refuseUnknownVariables(ConfigKeys.ALL, OTHER_VARIABLES);
    ServerConfig config = read(source, directory);
    if (!source.problems().isEmpty()) {
      throw new ConfigException(source.problems());
    }
    return config;
  }

  private ServerConfig read(Source source, Path directory) {
    String hostname = source.find(ConfigKeys.HOSTNAME).orElseGet(machineName);
    List<String> domains = source.find(ConfigKeys.DOMAINS).orElseGet(() -> List.of(hostname));
    return new ServerConfig(
        hostname,
        domains,
        source.resolve(ConfigKeys.DATA, source.value(ConfigKeys.DATA), directory),
        listen(source),
        new RouteReader(source, domains).read(),
        tls(source, directory),
        limits(source),
        relay(source),
        new DnsConfig(source.value(ConfigKeys.DNS_SERVERS), source.value(ConfigKeys.DNS_TIMEOUT)),
        new StoreReader(source, directory).read(),
        new LogConfig(source.value(ConfigKeys.LOG_FORMAT), source.value(ConfigKeys.LOG_LEVEL)),
        imap(source),
        new AuthReader(source, directory).read());
  }

  private static TomlTable parse(Path file) throws ConfigException {
    String text;
    try {
      if (Files.size(file) > FILE_OCTETS_MAX) {
        throw failure(file, "is larger than 1 MiB; is it the configuration file?");
      }
      text = Files.readString(file, StandardCharsets.UTF_8);
    } catch (NoSuchFileException missing) {
      throw failure(
          file, "no such file; name another with --config, or make one with 'postriderd init'");
    } catch (CharacterCodingException notUtf8) {
      throw failure(file, "is not UTF-8 text");
    } catch (IOException unreadable) {
      throw failure(file, "cannot be read: " + reason(unreadable));
    }
    TomlParseResult result = Toml.parse(text);
    if (!result.errors().isEmpty()) {
      throw new ConfigException(
          result.errors().stream()
              .map(
                  error ->
                      new ConfigProblem(
                          file + ":" + error.position().line(),
                          "is not valid TOML at column "
                              + error.position().column()
                              + ": "
                              + error.getMessage()))
              .toList());
    }
    return result;
  }

  private static ConfigException failure(Path file, String text) {
    return new ConfigException(List.of(new ConfigProblem(file.toString(), text)));
  }

  private static String reason(IOException exception) {
    return exception instanceof AccessDeniedException
        ? "permission denied"
        : String.valueOf(exception.getMessage());
  }

  private static Map<ListenerKind, InetSocketAddress> listen(Source source) {
    Map<ListenerKind, InetSocketAddress> listen = new EnumMap<>(ListenerKind.class);
    Map<InetSocketAddress, ListenerKind> taken = new HashMap<>();
    boolean section = source.hasSection("listen");
    for (Map.Entry<ListenerKind, ConfigKey<InetSocketAddress>> entry :
        ConfigKeys.LISTEN.entrySet()) {
      ConfigKey<InetSocketAddress> key = entry.getValue();
      Optional<InetSocketAddress> address = source.find(key);
      if (address.isEmpty() && !section && !source.isSet(key) && !source.isCleared(key)) {
        address = Optional.of(usual(entry.getKey()));
      }
      if (address.isPresent()) {
        ListenerKind other = taken.put(address.get(), entry.getKey());
        if (other != null && address.get().getPort() != 0) {
          source.problem(
              source.place(key),
              "key '%s': the same address and port as 'listen.%s'; give one of them another port"
                  .formatted(key.path(), other.key()));
        }
        listen.put(entry.getKey(), address.get());
      }
    }
    if (listen.isEmpty() && source.problems().isEmpty()) {
      source.problem(
          source.placeOfSection("listen"),
          "no listener is on; set one, such as smtp = \"*:25\", or leave the section out");
    }
    return listen;
  }

  private static InetSocketAddress usual(ListenerKind kind) {
    return switch (kind) {
      case SMTP, SUBMISSION, SUBMISSIONS, IMAP, IMAPS -> new InetSocketAddress(kind.standardPort());
      case HTTP -> new InetSocketAddress(InetAddress.getLoopbackAddress(), 2080);
    };
  }

  private static TlsConfig tls(Source source, Path directory) {
    Optional<Path> certificate = readable(source, ConfigKeys.CERTIFICATE, directory);
    Optional<Path> key = readable(source, ConfigKeys.KEY, directory);
    boolean certificateSet = source.isSet(ConfigKeys.CERTIFICATE);
    if (certificateSet != source.isSet(ConfigKeys.KEY)) {
      ConfigKey<Path> there = certificateSet ? ConfigKeys.CERTIFICATE : ConfigKeys.KEY;
      ConfigKey<Path> missing = certificateSet ? ConfigKeys.KEY : ConfigKeys.CERTIFICATE;
      source.problem(
          source.place(there),
          "key '%s' is set without '%s'; set both, or neither for a self-signed pair"
              .formatted(there.path(), missing.path()));
    }
    Optional<Path> authority = readable(source, TlsKeys.CLIENT_CA, directory);
    if (source.isSet(TlsKeys.CLIENT_NAME) && !source.isSet(TlsKeys.CLIENT_CA)) {
      source.problem(
          source.place(TlsKeys.CLIENT_NAME),
          "key 'tls.client_name' is set without 'tls.client_ca'; set both, or neither");
    }
    return new TlsConfig(certificate, key, authority, source.value(TlsKeys.CLIENT_NAME));
  }

  private static Optional<Path> readable(Source source, ConfigKey<Path> key, Path directory) {
    Optional<Path> file = source.find(key).map(path -> source.resolve(key, path, directory));
    if (file.isPresent() && !Files.isReadable(file.get())) {
      source.problem(
          source.place(key),
          "key '%s': '%s' %s"
              .formatted(
                  key.path(),
                  file.get(),
                  Files.exists(file.get())
                      ? "cannot be read; give this user permission to read it"
                      : "does not exist; write the path of a PEM file"));
    }
    return file;
  }

  private static LimitsConfig limits(Source source) {
    return new LimitsConfig(
        source.value(ConfigKeys.MESSAGE_SIZE),
        source.value(ConfigKeys.RECIPIENTS),
        source.value(ConfigKeys.CONNECTIONS),
        source.value(ConfigKeys.CONNECTIONS_PER_ADDRESS),
        source.value(ConfigKeys.CONNECTION_RATE),
        source.value(ConfigKeys.MESSAGE_RATE),
        source.value(ConfigKeys.IDLE_TIMEOUT),
        source.value(ConfigKeys.COMMAND_TIMEOUT),
        source.value(ConfigKeys.WRITE_TIMEOUT),
        source.value(ConfigKeys.LOGIN_TIMEOUT),
        source.value(ConfigKeys.FAILED_LOGINS));
  }

  private static ImapConfig imap(Source source) {
    List<AccountWithout> withoutFor = source.value(ConfigKeys.IMAP_WITHOUT_FOR);
    for (int i = 0; i < withoutFor.size(); i++) {
      MailAddress account = withoutFor.get(i).account();
      if (withoutFor.subList(0, i).stream()
          .anyMatch(other -> other.account().equalsIgnoringCase(account))) {
        source.problem(
            source.place(ConfigKeys.IMAP_WITHOUT_FOR),
            "key '%s': '%s' is there twice; put its extensions into one"
                .formatted(ConfigKeys.IMAP_WITHOUT_FOR.path(), account));
      }
    }
    return new ImapConfig(
        Set.copyOf(source.value(ConfigKeys.IMAP_WITHOUT)),
        withoutFor,
        source.value(ConfigKeys.IMAP_IDLE_WORD));
  }

  private static RelayConfig relay(Source source) {
    List<Duration> retries = source.value(ConfigKeys.RETRIES);
    if (retries.isEmpty()) {
      source.problem(
          source.place(ConfigKeys.RETRIES),
          "key 'relay.retries' is empty; write at least one pause, such as [\"15m\"]");
    }
    return new RelayConfig(
        retries,
        source.value(ConfigKeys.DELAY_NOTICE),
        source.value(ConfigKeys.PER_DESTINATION),
        source.value(ConfigKeys.RELAY_CONNECTIONS));
  }
}
