package dev.postrider.server.config;

import dev.postrider.server.config.Format.Unfit;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A PostgreSQL database. It is written as libpq and {@code psql} know it, {@code
 * postgresql://user:password@host:5432/database?sslmode=verify-full}.
 *
 * @param jdbcUrl without user and password; of several hosts, the one that takes writes is used
 */
public record DatabaseConfig(String jdbcUrl, String user, Optional<String> password) {

  /** What may stand behind the question mark: the driver for Java calls them the same. */
  private static final List<String> PARAMETERS =
      List.of("sslmode", "sslrootcert", "sslcert", "sslkey");

  private static final Pattern URL =
      Pattern.compile(
          "postgres(?:ql)?://(?:(?<user>[^:@/?]*)(?::(?<password>[^@/?]*))?@)?(?<hosts>[^@/?]*)"
              + "(?:/(?<database>[^/?]*))?(?:\\?(?<query>.*))?");

  private static final Pattern HOST =
      Pattern.compile("(?:\\[[0-9a-fA-F:.]+\\]|[A-Za-z0-9._-]+)(?::[0-9]{1,5})?");

  private static final String EXAMPLE = "write \"postgresql://user@host:5432/database\"";

  /** The form of a configured value. No message repeats it, as a password may stand in it. */
  static final Format<DatabaseConfig> FORMAT =
      Format.quoted("address of a database", DatabaseConfig::read);

  private static DatabaseConfig read(String text) throws Unfit {
    Matcher url = URL.matcher(text);
    if (!url.matches()) {
      throw new Unfit("is no address of a PostgreSQL database; " + EXAMPLE);
    }
    String user = decoded(url.group("user"));
    String database = decoded(url.group("database"));
    if (user.isEmpty() || database.isEmpty()) {
      throw new Unfit("names no " + (user.isEmpty() ? "user" : "database") + "; " + EXAMPLE);
    }
    String hosts = url.group("hosts");
    for (String host : hosts.split(",", -1)) {
      if (!HOST.matcher(host).matches()) {
        throw new Unfit("names no host that can be used, nor can a Unix socket be; " + EXAMPLE);
      }
    }
    String password = url.group("password");
    return new DatabaseConfig(
        "jdbc:postgresql://" + hosts + "/" + encoded(database) + query(url.group("query"), hosts),
        user,
        password == null ? Optional.empty() : Optional.of(decoded(password)));
  }

  private static String query(@Nullable String written, String hosts) throws Unfit {
    StringJoiner query = new StringJoiner("&", "?", "").setEmptyValue("");
    if (written != null && !written.isEmpty()) {
      for (String parameter : written.split("&")) {
        String[] parts = parameter.split("=", 2);
        if (parts.length < 2 || !PARAMETERS.contains(parts[0])) {
          throw new Unfit(
              "has an unknown parameter '"
                  + parts[0]
                  + "'; known are "
                  + String.join(", ", PARAMETERS));
        }
        query.add(parts[0] + "=" + encoded(decoded(parts[1])));
      }
    }
    if (hosts.contains(",")) {
      query.add("targetServerType=primary");
    }
    return query.toString();
  }

  /** Percent signs as in RFC 3986 section 2.1; unlike in forms, a plus stays one. */
  private static String decoded(@Nullable String text) throws Unfit {
    try {
      return text == null
          ? ""
          : URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException malformed) {
      throw new Unfit("has a '%' without two hexadecimal digits behind it; write %25 for it");
    }
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  DatabaseConfig withPassword(String secret) {
    return new DatabaseConfig(jdbcUrl, user, Optional.of(secret));
  }

  /** Without the password. */
  @Override
  public String toString() {
    return user + "@" + jdbcUrl.substring(jdbcUrl.indexOf("//") + 2);
  }
}
