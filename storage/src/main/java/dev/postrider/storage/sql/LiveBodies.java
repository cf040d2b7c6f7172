package dev.postrider.storage.sql;

import dev.postrider.storage.StoreException;
import dev.postrider.storage.messages.BodyId;
import java.util.Arrays;

/** Bodies that somebody needs, at one moment: 8 octets for each. */
public final class LiveBodies {

  private static final int INITIAL = 1024;

  private long[] bodies = new long[INITIAL];
  private int count;

  private LiveBodies() {}

  /** Those of messages, of expunged messages that can be brought back, and of the queue. */
  public static LiveBodies of(FrozenTables tables) throws StoreException {
    LiveBodies live = new LiveBodies();
    live.addPaged(tables, "message");
    live.addPaged(tables, "expunged");
    live.addPaged(tables, "queue_entry");
    Arrays.sort(live.bodies, 0, live.count);
    return live;
  }

  /** Rows that are read at one time. */
  private static final int TOGETHER = 10_000;

  private void addPaged(FrozenTables tables, String table) throws StoreException {
    long last = Long.MIN_VALUE;
    int rowsRead;
    do {
      long[] page =
          tables.ask(
              "select id, body from "
                  + table
                  + (" where id > " + last)
                  + (" order by id limit " + TOGETHER),
              rows -> {
                long[] reached = {0, 0};
                while (rows.next()) {
                  reached[0] = rows.getLong(1);
                  reached[1]++;
                  long body = rows.getLong(2);
                  if (!rows.wasNull()) {
                    add(body);
                  }
                }
                return reached;
              });
      last = page[0];
      rowsRead = (int) page[1];
    } while (rowsRead == TOGETHER);
  }

  private void add(long body) {
    if (count == bodies.length) {
      bodies = Arrays.copyOf(bodies, count * 2);
    }
    bodies[count] = body;
    count++;
  }

  public boolean contains(BodyId body) {
    return Arrays.binarySearch(bodies, 0, count, body.value()) >= 0;
  }
}
