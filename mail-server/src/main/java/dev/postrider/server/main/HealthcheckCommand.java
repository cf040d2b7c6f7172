package dev.postrider.server.main;

import dev.postrider.server.config.ListenerKind;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Asks a running server whether it is well; for containers and supervisors. */
@Command(
    name = "healthcheck",
    header = "Ask the running server whether it is well.",
    description = "Exits 0 when it is, 1 when it is not or does not answer. Needs [listen] http.",
    mixinStandardHelpOptions = true)
final class HealthcheckCommand implements Callable<Integer> {

  private static final Duration TIMEOUT = Duration.ofSeconds(4);

  /** Octets of an answer that are shown. */
  private static final int ANSWER_OCTETS_MAX = 4096;

  private final Shell shell;

  @Mixin private final Where where = new Where();

  HealthcheckCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() throws Exception {
    InetSocketAddress http = where.read(shell.environment()).listen().get(ListenerKind.HTTP);
    if (http == null) {
      throw new Refusal(ExitCode.CONFIG, "no 'http' under [listen], so there is nobody to ask");
    }
    InetAddress address =
        http.getAddress().isAnyLocalAddress()
            ? InetAddress.getLoopbackAddress()
            : http.getAddress();
    String host = address.getHostAddress();
    URI uri =
        URI.create(
            "http://%s:%d/health"
                .formatted(host.contains(":") ? "[" + host + "]" : host, http.getPort()));
    try {
      return ask(uri);
    } catch (IOException unreachable) {
      shell.err().println("postriderd: " + uri + " does not answer: " + unreachable.getMessage());
      return ExitCode.NO;
    }
  }

  private int ask(URI uri) throws IOException {
    HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
    connection.setConnectTimeout((int) TIMEOUT.toMillis());
    connection.setReadTimeout((int) TIMEOUT.toMillis());
    int status = connection.getResponseCode();
    try (var body = status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
      if (body != null) {
        shell
            .out()
            .println(
                new String(body.readNBytes(ANSWER_OCTETS_MAX), StandardCharsets.UTF_8).strip());
      }
    }
    return status == 200 ? ExitCode.OK : ExitCode.NO;
  }
}
