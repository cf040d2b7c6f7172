package dev.postrider.storage;

import dev.postrider.storage.accounts.Quota;
import dev.postrider.storage.objects.ObjectStore;
import dev.postrider.storage.sql.PostgresAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * How a store works that several servers share.
 *
 * @param directory of this server alone, for messages that are being received
 * @param connections to the database at a time, at most; at least {@link #CONNECTIONS_MIN}
 * @param objects where bytes of messages go; empty: into the database. The store closes it
 * @param undelete how long a message can be brought back after it was expunged
 * @param upkeepInterval how often to look whether there is something to tidy up
 * @param quota of accounts that have none of their own
 */
public record SharedSettings(
    Path directory,
    PostgresAddress database,
    int connections,
    Optional<ObjectStore> objects,
    Duration undelete,
    Duration upkeepInterval,
    Quota quota) {

  /** So that those who write leave some to those who read. */
  public static final int CONNECTIONS_MIN = 4;

  public static final int CONNECTIONS_DEFAULT = 20;

  /** The same, with the parts of the address: see {@link PostgresAddress}. */
  public static SharedSettings of(
      Path directory, String url, String user, Optional<String> password) {
    return of(directory, new PostgresAddress(url, user, password));
  }

  public static SharedSettings of(Path directory, PostgresAddress database) {
    return new SharedSettings(
        directory,
        database,
        CONNECTIONS_DEFAULT,
        Optional.empty(),
        StoreSettings.defaults().undelete(),
        StoreSettings.defaults().upkeepInterval(),
        StoreSettings.defaults().quota());
  }

  public SharedSettings withObjects(ObjectStore store) {
    return new SharedSettings(
        directory, database, connections, Optional.of(store), undelete, upkeepInterval, quota);
  }

  public SharedSettings withUndelete(Duration time) {
    return new SharedSettings(
        directory, database, connections, objects, time, upkeepInterval, quota);
  }

  public SharedSettings withConnections(int number) {
    return new SharedSettings(
        directory, database, number, objects, undelete, upkeepInterval, quota);
  }

  public SharedSettings withQuota(Quota defaults) {
    return new SharedSettings(
        directory, database, connections, objects, undelete, upkeepInterval, defaults);
  }
}
