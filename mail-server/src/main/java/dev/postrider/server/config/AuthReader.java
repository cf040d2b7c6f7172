package dev.postrider.server.config;

import dev.postrider.protocol.sasl.SaslMechanism;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Reads {@code [auth]}, and what contradicts itself there. */
final class AuthReader {

  private static final int SECRET_OCTETS_MIN = 16;

  /** Whoever names a mailbox instead hears of it. */
  private static final int SECRET_OCTETS_MAX = 4096;

  private final Source source;
  private final Path directoryOfFile;

  AuthReader(Source source, Path directoryOfFile) {
    this.source = source;
    this.directoryOfFile = directoryOfFile;
  }

  AuthConfig read() {
    Optional<List<SaslMechanism>> mechanisms =
        source.find(AuthKeys.MECHANISMS).map(written -> written.stream().distinct().toList());
    if (mechanisms.isPresent() && mechanisms.get().isEmpty()) {
      source.problem(
          source.place(AuthKeys.MECHANISMS),
          "key 'auth.mechanisms' is empty, so nobody could log in; name one, or leave it out");
    }
    if (mechanisms.orElse(List.of()).contains(SaslMechanism.EXTERNAL)
        && !source.isSet(TlsKeys.CLIENT_CA)) {
      source.problem(
          source.place(AuthKeys.MECHANISMS),
          "key 'auth.mechanisms' has EXTERNAL without 'tls.client_ca'; set that, or leave it out");
    }
    Optional<OAuthConfig> oauth = new OAuthReader(source, directoryOfFile).read();
    if (oauth.isEmpty()
        && mechanisms.orElse(List.of()).stream().anyMatch(SaslMechanism::isOfTokens)) {
      source.problem(
          source.place(AuthKeys.MECHANISMS),
          "key 'auth.mechanisms' has one for tokens without a section [auth.oauth]; say there whose"
              + " tokens are good, or leave it out");
    }
    return new AuthConfig(mechanisms, secretFile(), oauth);
  }

  private Optional<Path> secretFile() {
    Optional<Path> file =
        source
            .find(AuthKeys.SECRET_FILE)
            .map(path -> source.resolve(AuthKeys.SECRET_FILE, path, directoryOfFile));
    file.flatMap(AuthReader::wrong)
        .ifPresent(
            wrong ->
                source.problem(
                    source.place(AuthKeys.SECRET_FILE),
                    "key 'auth.secret_file': '" + file.get() + "' " + wrong));
    return file;
  }

  private static Optional<String> wrong(Path file) {
    try {
      if (!Files.isReadable(file)) {
        return Optional.of(
            Files.exists(file)
                ? "cannot be read; give this user permission to read it"
                : "does not exist; make it, such as with 'head -c 32 /dev/random'");
      }
      long octets = Files.size(file);
      return octets < SECRET_OCTETS_MIN || octets > SECRET_OCTETS_MAX
          ? Optional.of("has " + octets + " octets; write 16 to 4096 that nobody can guess")
          : Optional.empty();
    } catch (IOException unreadable) {
      return Optional.of("cannot be read: " + unreadable.getMessage());
    }
  }
}
