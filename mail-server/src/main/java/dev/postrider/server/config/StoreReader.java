package dev.postrider.server.config;

import dev.postrider.server.config.SharedStoreConfig.Bodies;
import dev.postrider.storage.accounts.Quota;
import dev.postrider.storage.objects.S3Settings;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Reads {@code [store]} and {@code [quota]}, and what contradicts itself there. */
final class StoreReader {

  private final Source source;
  private final Secrets secrets;

  StoreReader(Source source, Path directoryOfFile) {
    this.source = source;
    this.secrets = new Secrets(source, directoryOfFile);
  }

  StoreConfig read() {
    Duration undelete = Duration.ofDays(source.value(StoreKeys.UNDELETE_DAYS));
    Optional<DatabaseConfig> url = source.find(StoreKeys.URL);
    int connections = source.value(StoreKeys.CONNECTIONS);
    Bodies bodies = source.value(StoreKeys.BODIES);
    boolean compress = source.value(StoreKeys.COMPRESS);
    if (compress && source.isSet(StoreKeys.URL)) {
      refuseIfSet(StoreKeys.COMPRESS, "beside 'store.url', which packs nothing; leave it out");
    }
    if (!source.isSet(StoreKeys.URL)) {
      StoreKeys.OF_A_DATABASE.forEach(
          key -> refuseIfSet(key, "without 'store.url'; name the database, or leave it out"));
    }
    if (bodies != Bodies.S3) {
      StoreKeys.OF_S3.forEach(
          key ->
              refuseIfSet(key, "without bodies = \"s3\" in [store]; write that, or leave it out"));
    }
    Optional<DatabaseConfig> database = url.map(this::withPassword);
    Optional<S3Settings> objects = bodies == Bodies.S3 ? bucket() : Optional.empty();
    return new StoreConfig(
        undelete,
        compress,
        quota(),
        database.map(place -> new SharedStoreConfig(place, connections, objects)));
  }

  private Quota quota() {
    return new Quota(
        source.value(QuotaKeys.STORAGE),
        source.value(QuotaKeys.MESSAGES),
        source.value(QuotaKeys.MAILBOXES));
  }

  private void refuseIfSet(ConfigKey<?> key, String why) {
    if (source.isSet(key)) {
      source.problem(source.place(key), "key '" + key.path() + "' is set " + why);
    }
  }

  private DatabaseConfig withPassword(DatabaseConfig url) {
    Optional<String> secret = secrets.read(StoreKeys.PASSWORD, StoreKeys.PASSWORD_FILE);
    boolean twice =
        url.password().isPresent()
            && (source.isSet(StoreKeys.PASSWORD) || source.isSet(StoreKeys.PASSWORD_FILE));
    if (twice) {
      source.problem(
          source.place(StoreKeys.URL),
          "key 'store.url' holds a password, and another key does; remove one of them");
    }
    return secret.map(url::withPassword).orElse(url);
  }

  private Optional<S3Settings> bucket() {
    Optional<String> bucket = source.find(StoreKeys.BUCKET);
    if (!source.isSet(StoreKeys.BUCKET)) {
      source.problem(
          source.place(StoreKeys.BODIES),
          "key 'store.bodies' is \"s3\" without 'store.s3.bucket'; name the bucket in [store.s3]");
    }
    Optional<URI> endpoint = source.find(StoreKeys.ENDPOINT_URL);
    String region = source.value(StoreKeys.REGION);
    String prefix = source.value(StoreKeys.PREFIX);
    boolean pathStyle = source.find(StoreKeys.PATH_STYLE).orElse(endpoint.isPresent());
    Optional<S3Settings.AccessKey> accessKey = accessKey();
    return bucket.map(
        name ->
            new S3Settings(
                endpoint, region, name, prefix, pathStyle, accessKey, S3Settings.Limits.DEFAULTS));
  }

  private Optional<S3Settings.AccessKey> accessKey() {
    Optional<String> id = source.find(StoreKeys.ACCESS_KEY);
    Optional<String> secret = secrets.read(StoreKeys.SECRET_KEY, StoreKeys.SECRET_KEY_FILE);
    boolean idSet = source.isSet(StoreKeys.ACCESS_KEY);
    for (ConfigKey<?> key : List.of(StoreKeys.SECRET_KEY, StoreKeys.SECRET_KEY_FILE)) {
      if (!idSet) {
        refuseIfSet(key, "without 'store.s3.access_key'; set both, or neither");
      }
    }
    if (idSet && !source.isSet(StoreKeys.SECRET_KEY) && !source.isSet(StoreKeys.SECRET_KEY_FILE)) {
      refuseIfSet(StoreKeys.ACCESS_KEY, "without 'store.s3.secret_key_file'; set both, or neither");
    }
    return id.flatMap(name -> secret.map(text -> new S3Settings.AccessKey(name, text)));
  }
}
