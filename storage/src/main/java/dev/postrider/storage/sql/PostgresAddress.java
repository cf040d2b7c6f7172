package dev.postrider.storage.sql;

import java.util.Optional;

/**
 * Where a PostgreSQL database is, and as whom to go there.
 *
 * @param url for JDBC, without a password
 */
public record PostgresAddress(String url, String user, Optional<String> password) {

  /** Without the password. */
  @Override
  public String toString() {
    return user + "@" + url.substring(url.indexOf("//") + 2);
  }
}
