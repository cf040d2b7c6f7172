package dev.postrider.storage.audit;

import dev.postrider.storage.Progress;
import dev.postrider.storage.StoreException;
import dev.postrider.storage.changes.BodyDescription;
import dev.postrider.storage.changes.BodyLocation;
import dev.postrider.storage.messages.BodyId;
import dev.postrider.storage.messages.BodyOctets;
import dev.postrider.storage.sql.FrozenTables;
import dev.postrider.storage.sql.MessageRows;
import dev.postrider.storage.sql.Orphans;
import dev.postrider.storage.sql.PostgresDatabase;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/**
 * Checks the rows of a shared store against each other, and reads every body. The rows are looked
 * at as they were at one moment; a body that goes meanwhile is none of our business.
 */
public final class SharedAudit {

  private static final String TABLES = "database";
  private static final String REMEDY = "restore the database from its backup";

  /** Users of a damaged body that are named. */
  private static final int USERS_MAX = 5;

  /** Bodies whose places are read at one time. */
  private static final int TOGETHER = 1000;

  private static final int STRAY_MAX = 100;
  private static final int CHUNK_OCTETS = 256 * 1024;

  private final PostgresDatabase database;
  private final BodyOctets octets;
  private final Progress progress;
  private final Findings findings = new Findings();

  public SharedAudit(PostgresDatabase database, BodyOctets octets, Progress progress) {
    this.database = database;
    this.octets = octets;
    this.progress = progress;
  }

  /** Empty: all is as it should be. */
  public List<Finding> run() throws StoreException {
    progress.at("tables", 0, 0);
    try (FrozenTables tables = database.freeze()) {
      tables.contradictions(what -> findings.add(TABLES, -1, what, REMEDY));
      bodies(tables);
    }
    for (BodyId stray : new Orphans(database).strayChunks(STRAY_MAX)) {
      findings.add(TABLES, -1, "body " + stray.value() + " has pieces but no row", REMEDY);
    }
    return findings.list();
  }

  private void bodies(FrozenTables tables) throws StoreException {
    MessageRows rows = new MessageRows(database);
    long checked = 0;
    NavigableMap<Long, BodyLocation> page = page(rows, 1);
    while (!page.isEmpty()) {
      for (Map.Entry<Long, BodyLocation> entry : page.entrySet()) {
        progress.at("bodies", checked, 0);
        check(new BodyId(entry.getKey()), entry.getValue(), tables, rows);
        checked++;
      }
      page = page(rows, page.lastKey() + 1);
    }
  }

  private static NavigableMap<Long, BodyLocation> page(MessageRows rows, long first)
      throws StoreException {
    TreeMap<Long, BodyLocation> page = new TreeMap<>();
    rows.locations(new BodyId(first), TOGETHER)
        .forEach((body, location) -> page.put(body.value(), location));
    return page;
  }

  private void check(BodyId body, BodyLocation location, FrozenTables tables, MessageRows rows)
      throws StoreException {
    Optional<String> wrong = wrong(body, location);
    if (wrong.isEmpty()) {
      describe(body, location, tables);
    }
    boolean there = wrong.isPresent() && rows.locations(body, 1).containsKey(body);
    if (!there) {
      return;
    }
    List<String> users = new ArrayList<>(tables.usersOf(body, USERS_MAX));
    String whose = users.isEmpty() ? "" : " and is that of " + String.join(", ", users);
    findings.add(
        TABLES,
        -1,
        "body " + body.value() + " " + wrong.get() + whose,
        "restore the message from a backup; reading it is refused");
  }

  private void describe(BodyId body, BodyLocation location, FrozenTables tables)
      throws StoreException {
    Optional<BodyDescription> stored = tables.description(body);
    if (stored.isEmpty()) {
      return;
    }
    try (BodyOctets.Lease lease =
        octets.lease(body, location).orElseThrow(() -> new IOException("it is missing"))) {
      DescriptionAudit.wrong(
              body,
              stored.get(),
              location.octets(),
              (offset, bytes) -> lease.read(location.offset() + offset, bytes))
          .ifPresent(
              what ->
                  findings.add(
                      TABLES, -1, what, "delete its row of table description; it is made again"));
    } catch (IOException e) {
      // It went meanwhile, or the next look finds what is wrong with it.
      progress.at("bodies", body.value(), 0);
    }
  }

  /** What is wrong with a body, in words. */
  private Optional<String> wrong(BodyId body, BodyLocation location) {
    CRC32C crc = new CRC32C();
    try (BodyOctets.Lease lease =
        octets.lease(body, location).orElseThrow(() -> new IOException("it is missing"))) {
      ByteBuffer chunk = ByteBuffer.allocate(CHUNK_OCTETS);
      long at = location.offset();
      long end = at + location.octets();
      while (at < end) {
        chunk.clear().limit((int) Math.min(CHUNK_OCTETS, end - at));
        lease.read(at, chunk);
        crc.update(chunk.flip());
        at += chunk.limit();
      }
    } catch (IOException e) {
      return Optional.of("cannot be read (" + e.getMessage() + ")");
    }
    return (int) crc.getValue() == location.crc() ? Optional.empty() : Optional.of("is damaged");
  }
}
