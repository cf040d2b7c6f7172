package dev.postrider.server.main;

import dev.postrider.server.config.ConfigException;
import dev.postrider.server.config.ConfigReader;
import dev.postrider.server.config.ServerConfig;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that every subcommand takes. */
final class Where {

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "Configuration; usually /etc/postrider/postrider.toml, if that is there.")
  @Nullable Path file;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Directory of mail, accounts, queue and keys; goes before the configuration.")
  @Nullable Path data;

  ServerConfig read(Map<String, String> environment) throws ConfigException {
    ServerConfig config = new ConfigReader(environment, Where::machineName).read(fileToRead());
    Path directory = data;
    return directory == null
        ? config
        : config.withDataDirectory(directory.toAbsolutePath().normalize());
  }

  private Optional<Path> fileToRead() {
    Path named = file;
    if (named != null) {
      return Optional.of(named);
    }
    return Optional.of(ConfigReader.USUAL_FILE).filter(Files::exists);
  }

  private static String machineName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException unnamed) {
      return "localhost";
    }
  }
}
