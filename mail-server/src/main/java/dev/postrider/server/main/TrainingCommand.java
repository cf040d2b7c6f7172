package dev.postrider.server.main;

import dev.postrider.protocol.address.MailAddress;
import dev.postrider.server.admin.AdminRequest;
import dev.postrider.server.admin.AdminRequest.Password;
import dev.postrider.server.config.LogConfig;
import dev.postrider.server.config.ServerConfig;
import dev.postrider.server.observe.Logs;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/**
 * Starts and stops once, so that Java can note at packaging which classes a start takes and keep
 * them loaded in its cache. It needs {@code --data} with an empty directory.
 */
@Command(name = "training", hidden = true, mixinStandardHelpOptions = true)
final class TrainingCommand implements Callable<Integer> {

  private final Shell shell;

  @Mixin private final Where where = new Where();

  TrainingCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() throws Exception {
    ServerConfig config = where.read(shell.environment());
    PrintStream nowhere =
        new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
    Logs.start(nowhere, LogConfig.DEFAULTS);
    try (Server server = Server.start(config, Clock.systemUTC(), ServeCommand::end)) {
      AdminAccess access = new AdminAccess(config, OfflineStore::with);
      MailAddress account = new MailAddress("training", config.domains().getFirst());
      access.run(new AdminRequest.AddAccount(account, new Password("training")));
      access.run(new AdminRequest.Status());
      access.run(new AdminRequest.ListQueue());
      shell.out().println("Trained: " + server.listening());
    }
    return ExitCode.OK;
  }
}
