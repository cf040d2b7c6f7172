package dev.postrider.storage.sql;

import dev.postrider.storage.StoreException;
import dev.postrider.storage.StoreException.Kind;
import dev.postrider.storage.changes.BodyLocation;
import dev.postrider.storage.messages.BodyId;
import dev.postrider.storage.messages.BodyOctets;
import dev.postrider.storage.messages.MessageSource;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * Bytes of messages in rows of the database, in pieces: so a part of a large one can be read, and
 * no more than a piece is held in memory. Callers: the store alone.
 */
public final class BodyChunks implements BodyOctets {

  /** Octets of every piece of a body but the last. */
  static final int CHUNK_OCTETS = 256 * 1024;

  private final PostgresDatabase database;

  public BodyChunks(PostgresDatabase database) {
    this.database = database;
  }

  /**
   * Writes a body, in the transaction of this thread.
   *
   * @throws StoreException CORRUPT when {@code source} cannot be read to its end
   */
  public BodyLocation write(BodyId body, MessageSource source) throws StoreException {
    Session session = database.required().session();
    CRC32C crc = new CRC32C();
    long octets = 0;
    try (InputStream in = source.open()) {
      int part = 0;
      byte[] chunk = read(in);
      while (chunk.length > 0 || part == 0) {
        crc.update(chunk);
        octets += chunk.length;
        insert(session, body, part, chunk);
        part++;
        chunk = chunk.length < CHUNK_OCTETS ? new byte[0] : read(in);
      }
    } catch (IOException e) {
      throw new StoreException(
          Kind.CORRUPT, "message bytes could not be read: " + e.getMessage(), e);
    } catch (SQLException e) {
      throw database.failure(e);
    }
    if (octets != source.octets()) {
      throw new StoreException(
          Kind.CORRUPT, "message has " + octets + " octets, not " + source.octets());
    }
    return new BodyLocation(SharedPlace.DATABASE, 0, octets, (int) crc.getValue());
  }

  private static byte[] read(InputStream in) throws IOException {
    byte[] chunk = new byte[CHUNK_OCTETS];
    int count = in.readNBytes(chunk, 0, CHUNK_OCTETS);
    return count == CHUNK_OCTETS ? chunk : Arrays.copyOf(chunk, count);
  }

  private static void insert(Session session, BodyId body, int part, byte[] chunk)
      throws SQLException {
    PreparedStatement insert =
        session.prepare("insert into body_chunk (body, part, octets) values (?, ?, ?)");
    insert.setLong(1, body.value());
    insert.setInt(2, part);
    insert.setBytes(3, chunk);
    insert.executeUpdate();
  }

  @Override
  public Optional<Lease> lease(BodyId body, BodyLocation location) {
    return Optional.of(new Chunks(body));
  }

  /** Nothing has to be held: a body that somebody needs stays. */
  private final class Chunks implements Lease {
    private final BodyId body;

    Chunks(BodyId body) {
      this.body = body;
    }

    @Override
    public void read(long offset, ByteBuffer bytes) throws IOException {
      long at = offset;
      while (bytes.hasRemaining()) {
        int within = (int) (at % CHUNK_OCTETS);
        int wanted = Math.min(bytes.remaining(), CHUNK_OCTETS - within);
        byte[] piece = piece((int) (at / CHUNK_OCTETS), within, wanted);
        if (piece.length == 0) {
          throw new EOFException("message bytes " + body.value() + " end at " + at);
        }
        bytes.put(piece);
        at += piece.length;
      }
    }

    private byte[] piece(int part, int from, int octets) throws IOException {
      try {
        return database.read(
            session -> {
              PreparedStatement query =
                  session.prepare(
                      "select substring(octets from ? for ?) from body_chunk"
                          + " where body = ? and part = ?");
              query.setInt(1, from + 1);
              query.setInt(2, octets);
              query.setLong(3, body.value());
              query.setInt(4, part);
              try (ResultSet rows = query.executeQuery()) {
                return rows.next() ? rows.getBytes(1) : new byte[0];
              }
            });
      } catch (StoreException e) {
        throw new IOException("message bytes " + body.value() + ": " + e.getMessage(), e);
      }
    }

    @Override
    public void close() {}
  }
}
