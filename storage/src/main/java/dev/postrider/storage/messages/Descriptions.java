package dev.postrider.storage.messages;

import dev.postrider.protocol.message.DescriptionCodec;
import dev.postrider.protocol.message.MalformedDescriptionException;
import dev.postrider.protocol.message.MessageDescription;
import dev.postrider.storage.Commit;
import dev.postrider.storage.StoreException;
import dev.postrider.storage.StoreException.Kind;
import dev.postrider.storage.changes.BodyDescription;
import dev.postrider.storage.changes.Change;
import dev.postrider.storage.changes.Commits;
import dev.postrider.storage.changes.Commits.Planned;
import dev.postrider.storage.changes.Remembered;
import dev.postrider.storage.sql.DescriptionRows;
import dev.postrider.storage.sql.DescriptionRows.Look;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is known of bodies without reading them.
 *
 * <p>A message is described when it arrives, on the thread that brings it, and the description is
 * in the same commit. Those of earlier programs, and of earlier versions, are described when
 * somebody asks, and by and by in the background; that is a change as well, so tables that are made
 * again have the same. A body never changes, so neither does what was found in it; a row that is
 * damaged counts as none.
 *
 * <p>Threads: any.
 */
public final class Descriptions implements Bodies.Describer {

  private static final Logger log = LoggerFactory.getLogger(Descriptions.class);

  /** Descriptions that are remembered. */
  private static final int REMEMBERED_MAX = 10_000;

  /** Octets of one that is; typical ones have some hundred. */
  private static final int REMEMBERED_OCTETS_MAX = 2048;

  /** Rows that are read when bodies are asked for one after the other. */
  private static final int AHEAD = 64;

  /** Descriptions, by their weight as changes, that are committed together. */
  private static final int COMMITTED_TOGETHER = 128;

  /** Messages that the background looks at, and describes, in one run. */
  private static final int LOOKED_AT_MAX = 10_000;

  private static final int DESCRIBED_MAX = 2000;

  /** Octets of messages that it reads, but for the last one. */
  private static final long READ_OCTETS_MAX = 64L * 1024 * 1024;

  private static final int CHUNK_OCTETS = 8192;

  private final Commits commits;
  private final DescriptionRows rows;
  private final Remembered<BodyId, BodyDescription> remembered = new Remembered<>(REMEMBERED_MAX);
  private volatile long lastMissed;

  /** Found, and not committed yet. Guarded by itself. */
  private final Map<BodyId, Change.Described> late = new HashMap<>();

  /** Up to where the background has looked; on its thread. */
  private long looked = Long.MIN_VALUE;

  Descriptions(Commits commits, DescriptionRows rows) {
    this.commits = commits;
    this.rows = rows;
  }

  /** Finds bodies. */
  @FunctionalInterface
  interface BodySource {
    MessageBody body(BodyId id) throws StoreException;
  }

  /** That of a new message which goes into a mailbox; who only passes it on needs none. */
  public static Optional<BodyDescription> wanted(Commit.Deposit deposit) throws StoreException {
    try {
      return deposit.filings().isEmpty() ? Optional.empty() : Optional.of(of(deposit.message()));
    } catch (IOException e) {
      throw new StoreException(Kind.CORRUPT, "cannot read the message: " + e.getMessage(), e);
    } catch (RuntimeException e) {
      // A defect of ours is no reason to refuse mail.
      log.error("store.not-described octets={}", deposit.message().octets(), e);
      return Optional.empty();
    }
  }

  /** Describes a message: reads it to its end, and its header twice. */
  public static BodyDescription of(MessageSource source) throws IOException {
    MessageDescription found;
    try (InputStream in = source.open()) {
      found = MessageDescription.of(in);
    }
    CRC32C crc = new CRC32C();
    try (InputStream in = source.open()) {
      byte[] chunk = new byte[(int) Math.min(CHUNK_OCTETS, found.headerOctets())];
      long left = found.headerOctets();
      while (left > 0) {
        int count = in.read(chunk, 0, (int) Math.min(chunk.length, left));
        if (count < 0) {
          throw new IOException("the message is shorter now");
        }
        crc.update(chunk, 0, count);
        left -= count;
      }
    }
    return new BodyDescription(
        DescriptionCodec.VERSION,
        found.headerOctets(),
        (int) crc.getValue(),
        DescriptionCodec.encode(found));
  }

  /** What is stored of a body, of this version and whole. */
  @Override
  public Optional<BodyDescription> stored(BodyId id) throws StoreException {
    Optional<BodyDescription> known =
        remembered.getAhead(id, () -> usable(rows.ahead(id, ahead(id), REMEMBERED_OCTETS_MAX)));
    return known.isPresent() ? known : rows.find(id).filter(found -> isUsable(id, found));
  }

  /** Who asks for bodies one after the other will go on so; who does not needs one. */
  private int ahead(BodyId id) {
    long distance = id.value() - lastMissed;
    lastMissed = id.value();
    return distance > 0 && distance <= 2 * AHEAD ? AHEAD : 1;
  }

  private static Map<BodyId, BodyDescription> usable(Map<BodyId, BodyDescription> found) {
    found.entrySet().removeIf(entry -> !isUsable(entry.getKey(), entry.getValue()));
    return found;
  }

  private static boolean isUsable(BodyId id, BodyDescription found) {
    if (found.version() != DescriptionCodec.VERSION) {
      return false;
    }
    if (DescriptionCodec.isWhole(found.octets())) {
      return true;
    }
    log.error("store.description-damaged body={}", id.value());
    return false;
  }

  @Override
  public MessageDescription describe(BodyId id, MessageBody body)
      throws IOException, StoreException {
    Optional<BodyDescription> known = stored(id);
    if (known.isPresent()) {
      try {
        return DescriptionCodec.decode(known.get().octets());
      } catch (MalformedDescriptionException e) {
        log.error("store.description-damaged body={} cause=\"{}\"", id.value(), e.getMessage());
      }
    }
    BodyDescription found = of(body);
    keep(id, found);
    return DescriptionCodec.decode(found.octets());
  }

  /** Commits it, with others, some time later. */
  private void keep(BodyId id, BodyDescription found) {
    List<Change> due = List.of();
    synchronized (late) {
      late.put(id, new Change.Described(id, found));
      if (late.values().stream().mapToInt(Change::weight).sum() >= COMMITTED_TOGETHER) {
        due = takeLate();
      }
    }
    if (!due.isEmpty()) {
      List<Change> changes = due;
      // Nobody waits: what fails is found out again by whoever asks next.
      var _ = commits.submit((numbers, none) -> new Planned<>(changes, changes.size()));
    }
  }

  private List<Change> takeLate() {
    synchronized (late) {
      List<Change> taken = new ArrayList<>(late.values());
      late.clear();
      return taken;
    }
  }

  /** On the background's thread; returns how many were committed. */
  int describeSome(BodySource bodies) throws StoreException {
    int committed = commit(takeLate());
    List<Look> looks = rows.look(looked, LOOKED_AT_MAX, DescriptionCodec.VERSION);
    List<Change> found = new ArrayList<>();
    int described = 0;
    long octets = 0;
    int weight = 0;
    long reached = looked;
    for (Look look : looks) {
      if (described == DESCRIBED_MAX || octets >= READ_OCTETS_MAX) {
        break;
      }
      reached = look.key();
      if (!look.described()) {
        Optional<Change.Described> change = describeAnew(look.body(), bodies);
        change.ifPresent(found::add);
        described++;
        octets += change.isPresent() ? bodies.body(look.body()).octets() : 0;
        weight += change.map(Change::weight).orElse(0);
      }
      if (weight >= COMMITTED_TOGETHER) {
        committed += commit(found);
        found.clear();
        weight = 0;
      }
    }
    committed += commit(found);
    looked = reached;
    if (committed > 0) {
      log.info("store.described messages={}", committed);
    }
    return committed;
  }

  /** Compares each with what is stored, too. */
  int describeAll(BodySource bodies) throws StoreException {
    int committed = 0;
    long last = Long.MIN_VALUE;
    List<Look> looks;
    do {
      looks = rows.look(last, COMMITTED_TOGETHER, DescriptionCodec.VERSION);
      List<Change> found = new ArrayList<>();
      for (Look look : looks) {
        last = look.key();
        Optional<Change.Described> change = describeAnew(look.body(), bodies);
        Optional<BodyDescription> present = rows.find(look.body());
        change
            .filter(anew -> !Optional.of(anew.description()).equals(present))
            .ifPresent(found::add);
      }
      committed += commit(found);
    } while (!looks.isEmpty());
    log.info("store.described-anew messages={}", committed);
    return committed;
  }

  private static Optional<Change.Described> describeAnew(BodyId id, BodySource bodies)
      throws StoreException {
    try {
      return Optional.of(new Change.Described(id, of(bodies.body(id))));
    } catch (IOException e) {
      log.warn("store.not-described body={} cause=\"{}\"", id.value(), e.getMessage());
      return Optional.empty();
    } catch (StoreException e) {
      if (e.kind() == Kind.NOT_FOUND) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private int commit(List<Change> changes) throws StoreException {
    if (changes.isEmpty()) {
      return 0;
    }
    List<Change> copy = List.copyOf(changes);
    try {
      return commits.commit((numbers, none) -> new Planned<>(copy, copy.size()));
    } catch (StoreException e) {
      if (e.kind() == Kind.NOT_FOUND) {
        // One of them was collected meanwhile; the others have another turn after the next start.
        return 0;
      }
      throw e;
    }
  }
}
