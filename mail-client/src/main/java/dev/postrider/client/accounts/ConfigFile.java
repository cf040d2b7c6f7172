package dev.postrider.client.accounts;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.postrider.client.ExitCode;
import dev.postrider.client.MailFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.tomlj.Toml;
import org.tomlj.TomlParseResult;

/**
 * The configuration file, {@code config.toml}. A new account is added at its end, so that what a
 * person wrote stays as it is; only replacing an account writes the file anew. Files are made
 * readable by their owner alone and replaced in one step.
 */
public final class ConfigFile {
  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rw-------");

  private final Path path;

  public ConfigFile(Path path) {
    this.path = path;
  }

  /**
   * Where the file is: the flag, else {@code POSTRIDER_CONFIG}, else {@code
   * $XDG_CONFIG_HOME/postrider/config.toml}, else {@code ~/.config/postrider/config.toml}.
   */
  public static ConfigFile locate(Optional<Path> flag, Map<String, String> environment) {
    if (flag.isPresent()) {
      return new ConfigFile(flag.get());
    }
    String named = environment.getOrDefault("POSTRIDER_CONFIG", "");
    if (!named.isEmpty()) {
      return new ConfigFile(Path.of(named));
    }
    String xdg = environment.getOrDefault("XDG_CONFIG_HOME", "");
    Path home = Path.of(environment.getOrDefault("HOME", "."));
    Path base = xdg.isEmpty() ? home.resolve(".config") : Path.of(xdg);
    return new ConfigFile(base.resolve("postrider").resolve("config.toml"));
  }

  public Path path() {
    return path;
  }

  /** The file's content; an absent file is an empty configuration. */
  public ClientConfig read() throws MailFailure {
    String text;
    try {
      if (!Files.exists(path)) {
        return ClientConfig.EMPTY;
      }
      text = Files.readString(path);
    } catch (IOException e) {
      throw new MailFailure(ExitCode.CONFIG, "cannot read " + path + ": " + e.getMessage())
          .causedBy(e);
    }
    TomlParseResult toml = Toml.parse(text);
    if (toml.hasErrors()) {
      var first = toml.errors().getFirst();
      throw new MailFailure(
          ExitCode.CONFIG, path + ":" + first.position().line() + ": " + first.getMessage());
    }
    return new AccountToml(path.toString(), toml).config();
  }

  /** Adds an account, or replaces the one with the same name. */
  public void put(Account account) throws MailFailure {
    ClientConfig old = read();
    try {
      if (old.accounts().stream().noneMatch(a -> a.name().equals(account.name()))) {
        String before = Files.exists(path) ? Files.readString(path) : "";
        String gap = before.isEmpty() || before.endsWith("\n") ? "" : "\n";
        write(path, before + gap + AccountToml.section(account));
        return;
      }
      List<Account> accounts = new ArrayList<>();
      for (Account a : old.accounts()) {
        accounts.add(a.name().equals(account.name()) ? account : a);
      }
      StringBuilder text = new StringBuilder();
      old.defaultAccount().ifPresent(name -> text.append(AccountToml.defaultLine(name)));
      accounts.forEach(a -> text.append(AccountToml.section(a)));
      write(path, text.toString());
    } catch (IOException e) {
      throw new MailFailure(ExitCode.CANNOT_CREATE, "cannot write " + path + ": " + e.getMessage())
          .causedBy(e);
    }
  }

  /**
   * Keeps a password in a file beside the configuration, readable by its owner alone. Its name has
   * that of the configuration in it: two of them may lie in one directory.
   */
  public Path storePassword(String accountName, String password) throws MailFailure {
    String stem = String.valueOf(path.getFileName()).replaceFirst("\\.toml$", "");
    Path file = path.resolveSibling(stem + "." + accountName + ".password");
    try {
      write(file, password + "\n");
      return file.toAbsolutePath();
    } catch (IOException e) {
      throw new MailFailure(ExitCode.CANNOT_CREATE, "cannot write " + file + ": " + e.getMessage())
          .causedBy(e);
    }
  }

  private static void write(Path file, String text) throws IOException {
    Path directory = file.toAbsolutePath().getParent();
    if (directory == null) {
      throw new IOException("no directory");
    }
    Files.createDirectories(directory);
    Path fresh = Files.createTempFile(directory, ".postrider", ".new", ownerOnly(directory));
    try {
      Files.write(fresh, text.getBytes(UTF_8));
      Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(fresh);
    }
  }

  private static FileAttribute<?>[] ownerOnly(Path directory) throws IOException {
    boolean posix = Files.getFileStore(directory).supportsFileAttributeView("posix");
    return posix
        ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER_ONLY)}
        : new FileAttribute<?>[0];
  }
}
