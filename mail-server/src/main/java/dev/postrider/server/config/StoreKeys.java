package dev.postrider.server.config;

import dev.postrider.server.config.Format.Unfit;
import dev.postrider.server.config.SharedStoreConfig.Bodies;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/** The keys of {@code [store]} and {@code [store.s3]}, as a part of {@link ConfigKeys}. */
final class StoreKeys {

  private static final String STORE = "store";
  private static final String S3 = "store.s3";

  /** Amazon allows 3 to 63 characters; other services some more kinds of them. */
  private static final Pattern BUCKET_NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{2,62}");

  private static final Pattern ENDPOINT =
      Pattern.compile("https?://(\\[[0-9a-fA-F:.]+\\]|[A-Za-z0-9._-]+)(:[0-9]{1,5})?/?");

  private static final Pattern REGION_NAME = Pattern.compile("[A-Za-z0-9-]{1,40}");
  private static final Pattern KEY_PREFIX = Pattern.compile("[A-Za-z0-9._-][A-Za-z0-9./_-]{0,200}");

  /** The store reads while it writes. */
  private static final int CONNECTIONS_MIN = 4;

  private StoreKeys() {}

  static final ConfigKey<Integer> UNDELETE_DAYS =
      ConfigKey.of(
          STORE,
          "undelete_days",
          Formats.count(0, 36_500),
          (int) StoreConfig.DEFAULTS.undelete().toDays(),
          Long.toString(StoreConfig.DEFAULTS.undelete().toDays()),
          "Days for which 'postriderd undelete' can bring back what was deleted for good. Until"
              + " then it takes room on the disk.");

  static final ConfigKey<Boolean> COMPRESS =
      ConfigKey.of(
          STORE,
          "compress",
          Formats.TRUTH,
          StoreConfig.DEFAULTS.compress(),
          Boolean.toString(StoreConfig.DEFAULTS.compress()),
          "Whether new messages are packed by zstd where that saves a tenth of their room: half of"
              + " a text, a quarter of an attachment, for some processor time. What is there"
              + " already stays as it is, and is read.");

  static final ConfigKey<DatabaseConfig> URL =
      ConfigKey.unset(
          STORE,
          "url",
          DatabaseConfig.FORMAT,
          "accounts, mail and queue are in the data directory",
          "\"postgresql://postrider@db.example.org:5432/postrider\"",
          "Accounts, mail and queue are in this PostgreSQL database, 15 or newer, which several"
              + " servers may share. Behind a '?' may stand sslmode, sslrootcert, sslcert and"
              + " sslkey. Of several hosts with commas between, the one that takes writes is"
              + " used.");

  static final ConfigKey<String> PASSWORD =
      ConfigKey.unset(
          STORE,
          "password",
          text("password"),
          "that in the url, or none",
          "\"secret\"",
          "Password for the database. Better kept in a file of its own, or in the variable.");

  static final ConfigKey<Path> PASSWORD_FILE =
      ConfigKey.unset(
          STORE,
          "password_file",
          Formats.PATH,
          "as for the password",
          "\"/etc/postrider/database-password\"",
          "File with the password for the database in its first line.");

  static final ConfigKey<Integer> CONNECTIONS =
      ConfigKey.of(
          STORE,
          "connections",
          Formats.count(CONNECTIONS_MIN, 1000),
          SharedStoreConfig.CONNECTIONS_DEFAULT,
          Integer.toString(SharedStoreConfig.CONNECTIONS_DEFAULT),
          "Connections to the database at one time, at most.");

  static final ConfigKey<Bodies> BODIES =
      ConfigKey.of(
          STORE,
          "bodies",
          Formats.choice(Bodies.class),
          Bodies.DATABASE,
          "\"database\"",
          "Where bytes of messages are put. \"database\": with everything else. \"s3\": into the"
              + " bucket of [store.s3]. What is there already stays where it is, and is read.");

  static final ConfigKey<URI> ENDPOINT_URL =
      ConfigKey.unset(
          S3,
          "endpoint",
          Format.quoted(
              "http or https address",
              text -> {
                if (!ENDPOINT.matcher(text).matches()) {
                  throw new Unfit("'" + text + "' is no address; write \"https://s3.example.org\"");
                }
                return URI.create(text.endsWith("/") ? text.substring(0, text.length() - 1) : text);
              }),
          "Amazon S3",
          "\"https://s3.example.org\"",
          "A service that is compatible with S3.");

  static final ConfigKey<String> REGION =
      ConfigKey.of(
          S3,
          "region",
          matching("name of a region", REGION_NAME, "such as \"eu-central-1\""),
          "us-east-1",
          "\"us-east-1\"",
          "Region of the bucket, as the service names it.");

  static final ConfigKey<String> BUCKET =
      ConfigKey.unset(
          S3,
          "bucket",
          matching("name of a bucket", BUCKET_NAME, "3 to 63 letters, digits, '-' and '.'"),
          "must be given with bodies = \"s3\"",
          "\"mail\"",
          "Where the bytes of messages are. It must exist.");

  static final ConfigKey<String> PREFIX =
      ConfigKey.of(
          S3,
          "prefix",
          Format.quoted(
              "text",
              text -> {
                if (!text.isEmpty() && !KEY_PREFIX.matcher(text).matches()) {
                  throw new Unfit(
                      "'" + text + "' cannot be used; write letters, digits, '.', '_', '-', '/'");
                }
                return text;
              }),
          "",
          "\"\"",
          "Before the key of every object, such as \"postrider/\". Two stores in one bucket need"
              + " different ones.");

  static final ConfigKey<String> ACCESS_KEY =
      ConfigKey.unset(
          S3,
          "access_key",
          text("text"),
          "where Amazon's tools look: variables AWS_…, ~/.aws, the role of the machine",
          "\"AKIAIOSFODNN7EXAMPLE\"",
          "Access key. It needs s3:ListBucket, s3:GetObject, s3:PutObject and s3:DeleteObject.");

  static final ConfigKey<String> SECRET_KEY =
      ConfigKey.unset(
          S3,
          "secret_key",
          text("text"),
          "as for the access key",
          "\"secret\"",
          "Secret of the access key. Better kept in a file of its own, or in the variable.");

  static final ConfigKey<Path> SECRET_KEY_FILE =
      ConfigKey.unset(
          S3,
          "secret_key_file",
          Formats.PATH,
          "as for the access key",
          "\"/etc/postrider/s3-secret-key\"",
          "File with the secret of the access key in its first line.");

  static final ConfigKey<Boolean> PATH_STYLE =
      ConfigKey.unset(
          S3,
          "path_style",
          Formats.TRUTH,
          "true with an endpoint, false without",
          "true",
          "Whether the bucket is named in the path of an address, and not in its host.");

  /** Those that mean nothing without {@link #URL}. */
  static final List<ConfigKey<?>> OF_A_DATABASE =
      List.of(PASSWORD, PASSWORD_FILE, CONNECTIONS, BODIES);

  /** Those that mean nothing without {@link Bodies#S3}. */
  static final List<ConfigKey<?>> OF_S3 =
      List.of(
          ENDPOINT_URL,
          REGION,
          BUCKET,
          PREFIX,
          ACCESS_KEY,
          SECRET_KEY,
          SECRET_KEY_FILE,
          PATH_STYLE);

  private static Format<String> text(String type) {
    return Format.quoted(
        type,
        text -> {
          if (text.isBlank()) {
            throw new Unfit("is empty; write it or leave the key out");
          }
          return text;
        });
  }

  private static Format<String> matching(String type, Pattern pattern, String example) {
    return Format.quoted(
        type,
        text -> {
          if (!pattern.matcher(text).matches()) {
            throw new Unfit("'" + text + "' is no " + type + "; write " + example);
          }
          return text;
        });
  }
}
