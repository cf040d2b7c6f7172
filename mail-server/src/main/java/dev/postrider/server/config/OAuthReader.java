package dev.postrider.server.config;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Reads {@code [auth.oauth]}, and what contradicts itself there. */
final class OAuthReader {

  private final Source source;
  private final Path directoryOfFile;

  OAuthReader(Source source, Path directoryOfFile) {
    this.source = source;
    this.directoryOfFile = directoryOfFile;
  }

  /** Empty where no token lets anybody in. */
  Optional<OAuthConfig> read() {
    boolean keys = source.isSet(OAuthKeys.JWKS_URL) || source.isSet(OAuthKeys.JWKS_FILE);
    boolean asking = source.isSet(OAuthKeys.INTROSPECTION_URL);
    Optional<String> issuer = source.find(OAuthKeys.ISSUER);
    List<String> audiences = source.find(OAuthKeys.AUDIENCE).orElse(List.of());
    OAuthConfig config =
        new OAuthConfig(
            issuer,
            audiences,
            source.find(OAuthKeys.JWKS_URL),
            keysFile(),
            introspection(),
            source.value(OAuthKeys.ACCOUNT_CLAIM),
            source.find(OAuthKeys.SCOPE_KEY));
    if (!keys && !asking) {
      OAuthKeys.ALL.forEach(
          key ->
              refuseIfSet(
                  key, "without keys and without 'auth.oauth.introspection_url'; set one of them"));
      return Optional.empty();
    }
    if (source.isSet(OAuthKeys.JWKS_URL)) {
      refuseIfSet(OAuthKeys.JWKS_FILE, "together with 'auth.oauth.jwks_url'; remove one of them");
    }
    if (keys && issuer.isEmpty() && !source.isSet(OAuthKeys.ISSUER)) {
      refuseKeysWithout(OAuthKeys.ISSUER);
    }
    if (keys && audiences.isEmpty()) {
      refuseKeysWithout(OAuthKeys.AUDIENCE);
    }
    return Optional.of(config);
  }

  private void refuseKeysWithout(ConfigKey<?> missing) {
    String why =
        "without '"
            + missing.path()
            + "'; set that: without it a token for another service would be good here";
    refuseIfSet(OAuthKeys.JWKS_URL, why);
    refuseIfSet(OAuthKeys.JWKS_FILE, why);
  }

  private Optional<Path> keysFile() {
    Optional<Path> file =
        source
            .find(OAuthKeys.JWKS_FILE)
            .map(path -> source.resolve(OAuthKeys.JWKS_FILE, path, directoryOfFile));
    if (file.isPresent() && !Files.isReadable(file.get())) {
      source.problem(
          source.place(OAuthKeys.JWKS_FILE),
          "key 'auth.oauth.jwks_file': '"
              + file.get()
              + "' cannot be read; write the path of a"
              + " file with the keys of the issuer");
    }
    return file;
  }

  private Optional<OAuthConfig.Introspection> introspection() {
    Optional<String> id = source.find(OAuthKeys.CLIENT_ID);
    Optional<String> secret =
        new Secrets(source, directoryOfFile)
            .read(OAuthKeys.CLIENT_SECRET, OAuthKeys.CLIENT_SECRET_FILE);
    boolean whole =
        source.isSet(OAuthKeys.CLIENT_ID)
            && (source.isSet(OAuthKeys.CLIENT_SECRET)
                || source.isSet(OAuthKeys.CLIENT_SECRET_FILE));
    if (!whole) {
      refuseIfSet(
          OAuthKeys.INTROSPECTION_URL,
          "without 'auth.oauth.client_id' and 'auth.oauth.client_secret_file'; set both");
    }
    return source
        .find(OAuthKeys.INTROSPECTION_URL)
        .flatMap(
            address ->
                id.flatMap(
                    name ->
                        secret.map(text -> new OAuthConfig.Introspection(address, name, text))));
  }

  private void refuseIfSet(ConfigKey<?> key, String why) {
    if (source.isSet(key)) {
      source.problem(source.place(key), "key '" + key.path() + "' is set " + why);
    }
  }
}
