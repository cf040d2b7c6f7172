package dev.postrider.storage.sql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Numbers that are given once, taken from the database by the block, so that no transaction waits
 * for another one's number. What is left of a block is lost when the server stops. Threads: any.
 */
final class NumberBlocks {

  private static final Map<String, Integer> SIZES =
      Map.of("account", 1, "mailbox", 1, "body", 1000, "queue", 100);

  /** Takes a block; in a transaction of its own. */
  @FunctionalInterface
  interface Connections {
    Connection get() throws SQLException;
  }

  private final Connections connections;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<String, Block> blocks = new HashMap<>();

  private record Block(long next, long last) {}

  NumberBlocks(Connections connections) {
    this.connections = connections;
  }

  long next(String name) throws SQLException {
    lock.lock();
    try {
      Block block = blocks.get(name);
      if (block == null || block.next() > block.last()) {
        block = take(name);
      }
      blocks.put(name, new Block(block.next() + 1, block.last()));
      return block.next();
    } finally {
      lock.unlock();
    }
  }

  private Block take(String name) throws SQLException {
    int size = SIZES.getOrDefault(name, 1);
    try (Connection connection = connections.get()) {
      connection.setAutoCommit(true);
      try (PreparedStatement update =
          connection.prepareStatement(
              "update highest set given = given + ? where name = ? returning given")) {
        update.setInt(1, size);
        update.setString(2, name);
        try (ResultSet rows = update.executeQuery()) {
          rows.next();
          return new Block(rows.getLong(1) - size + 1, rows.getLong(1));
        }
      }
    }
  }
}
