package dev.postrider.server.main;

import dev.postrider.server.admin.AdminAnswer;
import dev.postrider.server.admin.AdminAnswer.Reason;
import dev.postrider.server.admin.AdminAnswer.Refused;
import dev.postrider.server.admin.AdminAnswer.Rows;
import dev.postrider.server.admin.AdminRequest;
import dev.postrider.server.admin.Administration;
import dev.postrider.server.admin.ControlClient;
import dev.postrider.server.config.ServerConfig;
import dev.postrider.storage.Progress;
import dev.postrider.storage.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Has requests carried out: by the server that runs on the data directory, else on the store. */
final class AdminAccess {

  /** Opens the store of a server that does not run. */
  interface Offline {
    <T> T with(ServerConfig config, Work<T> work) throws StoreException;

    /** What is done while the store is open. */
    interface Work<T> {
      T on(Administration administration);
    }
  }

  private final ServerConfig config;
  private final Offline offline;

  AdminAccess(ServerConfig config, Offline offline) {
    this.config = config;
    this.offline = offline;
  }

  /** The rows of the answer; a refusal becomes one of the program's. */
  List<Map<String, String>> run(AdminRequest request) throws StoreException {
    return run(request, Progress.NONE);
  }

  /** The same, of what may take long. */
  List<Map<String, String>> run(AdminRequest request, Progress progress) throws StoreException {
    return switch (answer(request, progress)) {
      case Rows rows -> rows.rows();
      case Refused refused -> throw refusal(refused);
    };
  }

  static Refusal refusal(Refused refused) {
    return new Refusal(exitCode(refused.reason()), refused.text());
  }

  /** For a server that runs and does not let us in. */
  static Refusal unreachable(ServerConfig config, IOException failed) {
    return new Refusal(
        ExitCode.NO_PERMISSION,
        "the server that runs on %s cannot be reached: %s; use its user, or root"
            .formatted(config.dataDirectory(), failed.getMessage()));
  }

  /** Of a server that keeps its mail in a database it may be missing. */
  static void requireDataDirectory(ServerConfig config) {
    if (config.store().shared().isEmpty() && !Files.isDirectory(config.dataDirectory())) {
      throw new Refusal(
          ExitCode.UNAVAILABLE,
          "there is no data directory %s; name another with --data or --config"
              .formatted(config.dataDirectory()));
    }
  }

  /** Whether a server runs on the data directory. */
  boolean serverRuns() {
    try (ControlClient client = connect().orElse(null)) {
      return client != null;
    } catch (IOException failed) {
      return false;
    }
  }

  private AdminAnswer answer(AdminRequest request, Progress progress) throws StoreException {
    try (ControlClient running = connect().orElse(null)) {
      if (running != null) {
        return running.run(request, progress);
      }
    } catch (IOException failed) {
      throw unreachable(config, failed);
    }
    if (!(request instanceof AdminRequest.AddAccount)) {
      requireDataDirectory(config);
    }
    return offline.with(config, administration -> administration.run(request, progress));
  }

  private Optional<ControlClient> connect() throws IOException {
    return ControlClient.connect(config.dataDirectory());
  }

  private static int exitCode(Reason reason) {
    return switch (reason) {
      case NOT_FOUND -> ExitCode.NO_ENTRY;
      case EXISTS, INVALID -> ExitCode.DATA;
      case TEMPORARY -> ExitCode.TEMPORARY;
      case FAILED -> ExitCode.IO;
    };
  }
}
