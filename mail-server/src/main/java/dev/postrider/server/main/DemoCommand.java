package dev.postrider.server.main;

import dev.postrider.protocol.address.MailAddress;
import dev.postrider.server.admin.AdminAnswer;
import dev.postrider.server.admin.AdminAnswer.Reason;
import dev.postrider.server.admin.AdminAnswer.Refused;
import dev.postrider.server.admin.AdminRequest;
import dev.postrider.server.admin.AdminRequest.Password;
import dev.postrider.server.config.LimitsConfig;
import dev.postrider.server.config.ListenerKind;
import dev.postrider.server.config.LogConfig;
import dev.postrider.server.config.RelayConfig;
import dev.postrider.server.config.ServerConfig;
import dev.postrider.server.config.TlsConfig;
import dev.postrider.server.observe.Logs;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Shows the whole of it on this machine: a server, two accounts, one message by the real client.
 */
@Command(
    name = "demo",
    header = "Try it: a throw-away server on this machine, and one message through it.",
    description = {
      "Listens on loopback ports: 2025 smtp, 2587 submission, 2465 submissions, 2143 imap, 2993"
          + " imaps, 2080 http. The accounts are alice@example.test and bob@example.test, with the"
          + " password \"demo\".",
      "The data is removed at the end, unless --data names a directory for it."
    },
    mixinStandardHelpOptions = true,
    footer = {"", "Example: postriderd demo --once"})
final class DemoCommand implements Callable<Integer> {

  private static final String DOMAIN = "example.test";
  private static final MailAddress ALICE = new MailAddress("alice", DOMAIN);
  private static final MailAddress BOB = new MailAddress("bob", DOMAIN);
  private static final Password PASSWORD = new Password("demo");

  private static final Map<ListenerKind, Integer> PORTS =
      Map.of(
          ListenerKind.SMTP, 2025,
          ListenerKind.SUBMISSION, 2587,
          ListenerKind.SUBMISSIONS, 2465,
          ListenerKind.IMAP, 2143,
          ListenerKind.IMAPS, 2993,
          ListenerKind.HTTP, 2080);

  private static final Pattern UID = Pattern.compile("\"uid\"\\s*:\\s*([0-9]+)");

  private final Shell shell;

  @Mixin private final Where where = new Where();

  @Option(names = "--once", description = "End when the message was read, instead of serving on.")
  private boolean once;

  @Option(names = "--any-port", hidden = true, description = "Listen on free ports, for tests.")
  private boolean anyPort;

  DemoCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() throws Exception {
    if (where.file != null) {
      throw new Refusal(ExitCode.USAGE, "the demo has a configuration of its own; see 'serve'");
    }
    Directories directories = Directories.make(Optional.ofNullable(where.data));
    try {
      ClientProgram client =
          ClientProgram.find(home(), shell.environment(), directories.client("client.toml"));
      Logs.start(shell.err(), new LogConfig(LogConfig.Format.TEXT, LogConfig.Level.WARN));
      Server server = start(directories.data());
      stopOnSignal(server, directories);
      say("Server ready: " + server.listening());
      exchange(server, client, directories.data());
      if (!once) {
        serveOn(server);
      }
      server.close();
      return ExitCode.OK;
    } finally {
      directories.remove();
    }
  }

  private Server start(Path data) throws Exception {
    Map<ListenerKind, InetSocketAddress> listen = new EnumMap<>(ListenerKind.class);
    PORTS.forEach(
        (kind, port) ->
            listen.put(
                kind, new InetSocketAddress(InetAddress.getLoopbackAddress(), anyPort ? 0 : port)));
    ServerConfig config =
        new ServerConfig(
            "localhost",
            List.of(DOMAIN),
            data,
            listen,
            List.of(),
            new TlsConfig(Optional.empty(), Optional.empty()),
            LimitsConfig.DEFAULTS,
            RelayConfig.DEFAULTS);
    try {
      return Server.start(config, Clock.systemUTC(), ServeCommand::end);
    } catch (Refusal refused) {
      throw refused.exitCode() == ExitCode.UNAVAILABLE
          ? refused.withRemedy("the demo needs it: stop the program that listens there")
          : refused;
    }
  }

  private void exchange(Server server, ClientProgram client, Path data) throws Exception {
    for (MailAddress address : List.of(ALICE, BOB)) {
      account(server, address);
      setUp(server, client, data, address);
    }
    String subject = "Hello from the demo";
    String text =
        "Hi Bob,\n\nthis message went from the client to the server by submission over TLS, to the"
            + " disk,\nand back by IMAP. Grüße!\n\nAlice\n";
    say("");
    say("$ postrider -A " + ALICE + " send -t " + BOB + " -s \"" + subject + "\"");
    quote(text);
    quote(client.run(text, "-A", ALICE.toString(), "send", "-t", BOB.toString(), "-s", subject));
    String list = client.run("", "-A", BOB.toString(), "list", "--json");
    Matcher uid = UID.matcher(list);
    if (!uid.find()) {
      throw new Refusal(ExitCode.SOFTWARE, "the message did not arrive: " + list);
    }
    say("$ postrider -A " + BOB + " read " + uid.group(1));
    String read = client.run("", "-A", BOB.toString(), "read", uid.group(1));
    quote(read);
    if (!read.contains(subject) || !read.contains("Grüße!")) {
      throw new Refusal(ExitCode.SOFTWARE, "what was read is not what was sent");
    }
    say("The message arrived as it was sent.");
  }

  private static void account(Server server, MailAddress address) {
    AdminAnswer answer =
        server.administration().run(new AdminRequest.AddAccount(address, PASSWORD));
    if (answer instanceof Refused refused && refused.reason() != Reason.EXISTS) {
      throw new Refusal(ExitCode.SOFTWARE, refused.text());
    }
  }

  private static void setUp(Server server, ClientProgram client, Path data, MailAddress address)
      throws IOException, InterruptedException {
    client.run(
        PASSWORD.value() + "\n",
        "setup",
        address.toString(),
        "--imap-host",
        "localhost",
        "--imap-port",
        port(server, ListenerKind.IMAPS),
        "--smtp-host",
        "localhost",
        "--smtp-port",
        port(server, ListenerKind.SUBMISSIONS),
        "--ca",
        data.resolve("tls").resolve("self-signed.crt").toString(),
        "--password-stdin");
  }

  private static String port(Server server, ListenerKind kind) {
    return Optional.ofNullable(server.addresses().get(kind))
        .map(address -> Integer.toString(address.getPort()))
        .orElseThrow();
  }

  private void serveOn(Server server) throws InterruptedException {
    say("");
    say("It serves on until Ctrl-C. Log in as " + ALICE + " or " + BOB + ", password \"demo\":");
    say(
        "  IMAP  localhost "
            + port(server, ListenerKind.IMAPS)
            + " (TLS), "
            + port(server, ListenerKind.IMAP)
            + " (STARTTLS)");
    say(
        "  SMTP  localhost "
            + port(server, ListenerKind.SUBMISSIONS)
            + " (TLS), "
            + port(server, ListenerKind.SUBMISSION)
            + " (STARTTLS)");
    Logs.start(shell.out(), LogConfig.DEFAULTS);
    new CountDownLatch(1).await();
  }

  private static void stopOnSignal(Server server, Directories directories) {
    Runtime.getRuntime()
        .addShutdownHook(
            Thread.ofPlatform()
                .name("stop")
                .unstarted(
                    () -> {
                      server.close();
                      directories.remove();
                    }));
  }

  private static Optional<Path> home() {
    return Optional.ofNullable(System.getProperty("postrider.home")).map(Path::of);
  }

  private void say(String line) {
    shell.out().println(line);
  }

  private void quote(String text) {
    text.strip().lines().forEach(line -> shell.out().println(("  | " + line).stripTrailing()));
    say("");
  }

  /**
   * Where the demo keeps its things.
   *
   * @param scratch removed at the end, with everything in it
   */
  private record Directories(Path data, Path scratch) {

    static Directories make(Optional<Path> data) throws IOException {
      Path scratch = Files.createTempDirectory("postrider-demo-");
      return new Directories(
          data.map(Path::toAbsolutePath).orElseGet(() -> scratch.resolve("data")), scratch);
    }

    Path client(String name) {
      return scratch.resolve(name);
    }

    synchronized void remove() {
      if (!Files.exists(scratch)) {
        return;
      }
      try (var paths = Files.walk(scratch)) {
        for (Path path : paths.sorted(java.util.Comparator.reverseOrder()).toList()) {
          Files.deleteIfExists(path);
        }
      } catch (IOException failed) {
        System.getLogger(DemoCommand.class.getName())
            .log(System.Logger.Level.WARNING, scratch + " cannot be removed", failed);
      }
    }
  }
}
