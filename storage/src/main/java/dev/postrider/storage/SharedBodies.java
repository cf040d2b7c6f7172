package dev.postrider.storage;

import dev.postrider.storage.StoreException.Kind;
import dev.postrider.storage.changes.BodyLocation;
import dev.postrider.storage.messages.BodyId;
import dev.postrider.storage.messages.BodyOctets;
import dev.postrider.storage.messages.CorruptBodyException;
import dev.postrider.storage.messages.MessageSource;
import dev.postrider.storage.objects.ObjectStore;
import dev.postrider.storage.sql.BodyChunks;
import dev.postrider.storage.sql.PostgresDatabase;
import dev.postrider.storage.sql.SharedPlace;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Bytes of messages of a shared store: in rows of the database, or in an object store. An object is
 * put before the transaction that names it, and deleted after the one that names it no more; so a
 * row always finds its object, and objects without a row may be left, which collection removes.
 * Where a body is stands in its row; so both are read, whatever is written now. Threads: any.
 */
final class SharedBodies implements BodyOctets {

  private static final Logger log = LoggerFactory.getLogger(SharedBodies.class);

  /** Octets that are asked for at once by who reads one part after the other. */
  private static final int AHEAD_OCTETS = 4 * 1024 * 1024;

  private static final int HEX = 16;

  /** Objects of another store that are put at one time. */
  private static final int PUT_TOGETHER = 8;

  private final PostgresDatabase database;
  private final BodyChunks chunks;
  private final Optional<ObjectStore> objects;

  SharedBodies(PostgresDatabase database, Optional<ObjectStore> objects) {
    this.database = database;
    this.chunks = new BodyChunks(database);
    this.objects = objects;
  }

  /** The key of an object; keys sort as numbers do. */
  static String key(BodyId body) {
    return String.format(Locale.ROOT, "%016x", body.value());
  }

  /** The opposite; empty for the key of something else. */
  static Optional<BodyId> body(String key) {
    try {
      return key.length() == HEX
          ? Optional.of(new BodyId(Long.parseLong(key, HEX)))
          : Optional.empty();
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  /**
   * Gives numbers to bodies, and puts them where that is not the database. Close it after the
   * transaction.
   */
  Batch begin(List<? extends MessageSource> sources) throws StoreException {
    List<BodyId> ids = new ArrayList<>();
    for (int i = 0; i < sources.size(); i++) {
      ids.add(database.nextBody());
    }
    Batch batch = new Batch(sources, ids);
    if (objects.isPresent()) {
      try {
        batch.put(objects.get());
      } catch (StoreException | RuntimeException e) {
        batch.close();
        throw e;
      }
    }
    return batch;
  }

  /** Puts bodies that have their numbers, in the transaction of this thread; returns where. */
  List<BodyLocation> store(List<MigrationTarget.Body> bodies) throws StoreException {
    if (objects.isPresent()) {
      return putTogether(objects.get(), bodies);
    }
    List<BodyLocation> written = new ArrayList<>();
    for (MigrationTarget.Body body : bodies) {
      written.add(chunks.write(body.id(), body.content()));
    }
    return written;
  }

  private static List<BodyLocation> putTogether(
      ObjectStore store, List<MigrationTarget.Body> bodies) throws StoreException {
    List<Future<BodyLocation>> put = new ArrayList<>();
    try (ExecutorService several =
        Executors.newFixedThreadPool(PUT_TOGETHER, Thread.ofVirtual().factory())) {
      for (MigrationTarget.Body body : bodies) {
        put.add(several.submit(() -> put(store, body.id(), body.content())));
      }
    }
    List<BodyLocation> locations = new ArrayList<>();
    for (Future<BodyLocation> each : put) {
      if (each.state() == Future.State.FAILED && each.exceptionNow() instanceof StoreException e) {
        throw new StoreException(e.kind(), String.valueOf(e.getMessage()), e);
      }
      locations.add(each.resultNow());
    }
    return locations;
  }

  private static BodyLocation put(ObjectStore store, BodyId id, MessageSource source)
      throws StoreException {
    Checked checked = new Checked(source);
    try {
      store.put(key(id), checked);
    } catch (CorruptBodyException e) {
      throw new StoreException(Kind.CORRUPT, String.valueOf(e.getMessage()), e);
    } catch (IOException e) {
      throw new StoreException(Kind.UNAVAILABLE, "cannot put a message away: " + e.getMessage(), e);
    }
    return new BodyLocation(SharedPlace.OBJECT, 0, checked.octets(), checked.crc());
  }

  /** Bodies of one commit. */
  final class Batch implements AutoCloseable {
    private final List<? extends MessageSource> sources;
    private final List<BodyId> ids;
    private final List<BodyLocation> put = new ArrayList<>();
    private boolean kept;

    private Batch(List<? extends MessageSource> sources, List<BodyId> ids) {
      this.sources = sources;
      this.ids = List.copyOf(ids);
    }

    List<BodyId> ids() {
      return ids;
    }

    private void put(ObjectStore store) throws StoreException {
      for (int i = 0; i < ids.size(); i++) {
        put.add(SharedBodies.put(store, ids.get(i), sources.get(i)));
      }
    }

    /** Where they are; in the transaction of this thread, which may be begun again. */
    List<BodyLocation> write() throws StoreException {
      if (objects.isPresent()) {
        return put;
      }
      List<BodyLocation> written = new ArrayList<>();
      for (int i = 0; i < ids.size(); i++) {
        written.add(chunks.write(ids.get(i), sources.get(i)));
      }
      return written;
    }

    /** The transaction was committed. */
    void keep() {
      kept = true;
    }

    /** What could not be told for certain is left to collection. */
    @Override
    public void close() {
      if (!kept && !put.isEmpty()) {
        log.info("store.objects-left count={}", put.size());
      }
    }
  }

  /** A message whose checksum is known when it was read. It may be read more than once. */
  private static final class Checked implements MessageSource {
    private final MessageSource source;
    private CRC32C crc = new CRC32C();

    Checked(MessageSource source) {
      this.source = source;
    }

    @Override
    public long octets() {
      return source.octets();
    }

    @Override
    public InputStream open() throws IOException {
      crc = new CRC32C();
      return new CheckedInputStream(source.open(), crc);
    }

    int crc() {
      return (int) crc.getValue();
    }
  }

  /** Removes bytes whose rows are gone, where they were not in the database. */
  void delete(Collection<BodyId> bodies) throws StoreException {
    if (objects.isEmpty() || bodies.isEmpty()) {
      return;
    }
    try {
      objects.get().delete(bodies.stream().map(SharedBodies::key).toList());
    } catch (IOException e) {
      throw new StoreException(Kind.UNAVAILABLE, "cannot delete objects: " + e.getMessage(), e);
    }
  }

  @Override
  public Optional<? extends Lease> lease(BodyId body, BodyLocation location) throws IOException {
    if (location.segment() == SharedPlace.DATABASE) {
      return chunks.lease(body, location);
    }
    if (objects.isEmpty()) {
      throw new IOException(
          "message bytes " + body.value() + " are in an object store, and none is configured");
    }
    return Optional.of(new ObjectLease(objects.get(), body));
  }

  /** Reads on where it was, as most readers do. */
  private static final class ObjectLease implements Lease {
    private final ObjectStore store;
    private final BodyId body;
    private @Nullable InputStream in;
    private long at;
    private long end;

    ObjectLease(ObjectStore store, BodyId body) {
      this.store = store;
      this.body = body;
    }

    @Override
    public void read(long offset, ByteBuffer bytes) throws IOException {
      while (bytes.hasRemaining()) {
        InputStream open = at(offset + bytes.position(), bytes.remaining());
        byte[] some = open.readNBytes((int) Math.min(bytes.remaining(), end - at));
        if (some.length == 0) {
          throw new EOFException("message bytes " + body.value() + " end at " + at);
        }
        bytes.put(some);
        at += some.length;
      }
    }

    private InputStream at(long offset, int wanted) throws IOException {
      InputStream open = in;
      if (open != null && at == offset && at < end) {
        return open;
      }
      close();
      boolean goesOn = at == offset && at > 0;
      int octets = goesOn ? Math.max(wanted, AHEAD_OCTETS) : wanted;
      InputStream opened = store.open(key(body), offset, octets);
      in = opened;
      at = offset;
      end = offset + octets;
      return opened;
    }

    @Override
    public void close() throws IOException {
      InputStream open = in;
      in = null;
      if (open != null) {
        open.close();
      }
    }
  }
}
