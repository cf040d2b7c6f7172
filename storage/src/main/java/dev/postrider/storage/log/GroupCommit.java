package dev.postrider.storage.log;

import dev.postrider.storage.StoreException;
import dev.postrider.storage.StoreException.Kind;
import dev.postrider.storage.changes.Batch;
import dev.postrider.storage.changes.BodyLocation;
import dev.postrider.storage.changes.Change;
import dev.postrider.storage.changes.ChangeCodec;
import dev.postrider.storage.changes.Commits.Planned;
import dev.postrider.storage.changes.LogNumbers;
import dev.postrider.storage.messages.BodyId;
import dev.postrider.storage.messages.MessageSource;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way of every change: numbered, in the log, on the disk, seen by readers, acknowledged.
 *
 * <p>Two platform threads. The <b>writer</b> takes all requests that wait, and for each in turn
 * lets its plan give numbers, appends its bodies and its batch; then one fdatasync serves them all.
 * There is no timer: while the disk works, the next group gathers. The <b>applier</b> takes groups
 * from the writer in order and hands their changes to the sink, many in one step; then the waiting
 * callers go on. While the applier works on one group, the writer works on the next.
 *
 * <p>What is true at all times:
 *
 * <ul>
 *   <li>Numbers, records and visible changes have the same order, as one thread each makes them.
 *   <li>A caller goes on only when its change is durable and visible.
 *   <li>Nothing is visible that is not durable.
 *   <li>A request that fails before its batch is written leaves no trace but unused numbers.
 *   <li>After a failed fdatasync, or a failure to take back half an append, or of the sink, nobody
 *       knows what is on the disk: nothing is acknowledged any more, every request gets FATAL, and
 *       the process is expected to end and to recover.
 * </ul>
 *
 * <p>Callers wait on a future, so a virtual thread parks. Plans run on the writer and must not
 * block.
 */
public final class GroupCommit implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(GroupCommit.class);

  /** Requests under one fdatasync; bounds how long the first of them waits for the others. */
  private static final int GROUP_MAX = 512;

  /** Octets of messages under one fdatasync, but for the last one. */
  private static final long GROUP_OCTETS_MAX = 16L * 1024 * 1024;

  private final LogFiles files;
  private final LogWriter writer;
  private final LogNumbers numbers;
  private final InstantSource clock;
  private final Sink sink;
  private final long reserveOctets;
  private final BooleanSupplier sinkAwaitsRoom;
  private final Consumer<StoreException> onFatal;
  private final BlockingQueue<Request<?>> submitted = new LinkedBlockingQueue<>();
  private final BlockingQueue<List<Request<?>>> durable = new LinkedBlockingQueue<>();
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private final Object gate = new Object();
  private boolean closed;
  private volatile @Nullable StoreException fatal;

  /** Gives numbers to a change, on the writer. What it throws is what the caller gets. */
  @FunctionalInterface
  public interface Plan<T> {
    Planned<T> plan(LogNumbers numbers, List<BodyId> bodies) throws StoreException;
  }

  /** Makes durable changes visible. {@code after} is the position behind the last of them. */
  @FunctionalInterface
  public interface Sink {
    void apply(List<Change> changes, LogPosition after) throws StoreException;
  }

  private static final class Request<T> {
    private final List<? extends MessageSource> bodies;

    /** Of bodies that have them already; else they are given. */
    private final List<BodyId> named;

    /** Whether the bodies are in the log already, and are to be found in another place. */
    private final boolean moves;

    private final @Nullable Plan<T> plan;
    private final CompletableFuture<T> done = new CompletableFuture<>();
    private List<Change> changes = List.of();
    private @Nullable T result;
    private @Nullable LogPosition after;

    Request(
        List<? extends MessageSource> bodies,
        List<BodyId> named,
        boolean moves,
        @Nullable Plan<T> plan) {
      this.bodies = bodies;
      this.named = named;
      this.moves = moves;
      this.plan = plan;
    }

    long octets() {
      return bodies.stream().mapToLong(MessageSource::octets).sum();
    }

    boolean isLogged() {
      return after != null;
    }

    boolean isEnd() {
      return plan == null;
    }

    @SuppressWarnings("NullAway") // a result may be null when T is Void
    void succeed() {
      done.complete(result);
    }

    void fail(StoreException e) {
      done.completeExceptionally(e);
    }
  }

  /**
   * Starts behind {@code end}, up to where the log was recovered.
   *
   * @param clock for the time of a batch
   * @param reserveOctets of the disk that new messages leave free, so that H2 can work and mail be
   *     deleted when it is full
   * @param sinkAwaitsRoom whether the sink waits for room on the disk: nothing more is taken then,
   *     as nobody knows for how long it could be made visible
   * @param onFatal is called once, on a thread of its own
   */
  public GroupCommit(
      LogFiles files,
      UUID store,
      long segmentOctets,
      LogPosition end,
      LogNumbers numbers,
      InstantSource clock,
      Sink sink,
      long reserveOctets,
      BooleanSupplier sinkAwaitsRoom,
      Consumer<StoreException> onFatal)
      throws StoreException {
    this.files = files;
    this.numbers = numbers;
    this.clock = clock;
    this.sink = sink;
    this.reserveOctets = reserveOctets;
    this.sinkAwaitsRoom = sinkAwaitsRoom;
    this.onFatal = onFatal;
    try {
      this.writer = new LogWriter(files, store, segmentOctets, end);
    } catch (NoSpaceException e) {
      throw new StoreException(Kind.NO_SPACE, "no room to begin a segment: " + e.getMessage(), e);
    } catch (IOException e) {
      throw new StoreException(
          Kind.UNUSABLE, "cannot begin a segment: " + DiskTrouble.describe(e), e);
    }
    Thread.ofPlatform().name("store-writer").daemon().start(this::write);
    Thread.ofPlatform().name("store-applier").daemon().start(this::apply);
  }

  /** Carries out a change and returns when it is durable and visible. */
  public <T> T commit(List<? extends MessageSource> bodies, Plan<T> plan) throws StoreException {
    return await(submit(bodies, plan));
  }

  private static <T> T await(CompletableFuture<T> done) throws StoreException {
    try {
      return done.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof StoreException cause) {
        throw new StoreException(cause.kind(), String.valueOf(cause.getMessage()), cause);
      }
      throw e;
    }
  }

  /** The same, without bodies. */
  public <T> T commit(Plan<T> plan) throws StoreException {
    return commit(List.of(), plan);
  }

  /** The same, without waiting. */
  public <T> CompletableFuture<T> submit(List<? extends MessageSource> bodies, Plan<T> plan) {
    return submit(new Request<>(bodies, List.of(), false, plan));
  }

  /**
   * Appends bodies that are in the log already once more, and returns when they are found there. It
   * may take the room that new messages leave free, as it is what makes room.
   */
  public void move(List<BodyId> ids, List<? extends MessageSource> bodies) throws StoreException {
    appendNamed(ids, bodies, true);
  }

  /**
   * Appends bodies of another store under the numbers that they have there. These are higher than
   * any here, and rise.
   */
  public void take(List<BodyId> ids, List<? extends MessageSource> bodies) throws StoreException {
    appendNamed(ids, bodies, false);
  }

  private void appendNamed(List<BodyId> ids, List<? extends MessageSource> bodies, boolean moves)
      throws StoreException {
    Plan<List<BodyId>> plan = (numbers, given) -> new Planned<>(List.of(), given);
    await(submit(new Request<>(bodies, List.copyOf(ids), moves, plan)));
  }

  private <T> CompletableFuture<T> submit(Request<T> request) {
    StoreException refused = fatal;
    synchronized (gate) {
      if (refused == null && closed) {
        refused = new StoreException(Kind.CLOSED, "the store is closed");
      }
      if (refused == null) {
        submitted.add(request);
      }
    }
    if (refused != null) {
      request.fail(refused);
    }
    return request.done;
  }

  /** Throws FATAL once the disk or H2 has failed. */
  public void requireSound() throws StoreException {
    StoreException failure = fatal;
    if (failure != null) {
      throw new StoreException(Kind.FATAL, String.valueOf(failure.getMessage()), failure);
    }
  }

  /** Throws NO_SPACE when no message would be taken. */
  public void requireRoom() throws StoreException {
    requireRoomInSink();
    try {
      requireRoomFor(0);
    } catch (IOException e) {
      throw new StoreException(Kind.UNUSABLE, "the disk cannot be looked at: " + e.getMessage(), e);
    }
  }

  /** Reports a failure outside, after which nobody knows what is on the disk. */
  public void fail(String what, Throwable cause) {
    StoreException failure;
    synchronized (gate) {
      if (fatal != null) {
        return;
      }
      failure = new StoreException(Kind.FATAL, what + ": " + cause.getMessage(), cause);
      fatal = failure;
    }
    log.error("store.fatal cause=\"{}\"", failure.getMessage(), cause);
    Thread.ofPlatform().name("store-fatal").daemon().start(() -> onFatal.accept(failure));
  }

  /** Finishes what was submitted, and ends both threads. */
  @Override
  public void close() {
    synchronized (gate) {
      if (!closed) {
        closed = true;
        submitted.add(new Request<Void>(List.of(), List.of(), false, null));
      }
    }
    ended.join();
  }

  private void write() {
    boolean end = false;
    while (!end) {
      List<Request<?>> appended = new ArrayList<>();
      int taken = 0;
      long octets = 0;
      Request<?> request = takeFrom(submitted);
      while (request != null && !end) {
        end = request.isEnd();
        if (!end && append(request)) {
          appended.add(request);
          octets += request.octets();
        }
        taken++;
        boolean full = taken == GROUP_MAX || octets >= GROUP_OCTETS_MAX;
        request = full || end ? null : submitted.poll();
      }
      force(appended);
    }
    try {
      writer.close();
    } catch (IOException e) {
      log.warn("log.close-failed cause=\"{}\"", e.getMessage());
    }
    durable.add(List.of());
  }

  /** Whether the request is in the log now; if not, its caller knows. */
  private <T> boolean append(Request<T> request) {
    StoreException failure = fatal;
    if (failure != null) {
      request.fail(failure);
      return false;
    }
    try {
      appendOrUndo(request);
      return true;
    } catch (NoSpaceException e) {
      request.fail(new StoreException(Kind.NO_SPACE, String.valueOf(e.getMessage()), e));
    } catch (SourceException e) {
      request.fail(new StoreException(Kind.CORRUPT, String.valueOf(e.getMessage()), e));
    } catch (StoreException e) {
      request.fail(e);
    } catch (IOException | RuntimeException e) {
      fail("cannot write the log", e);
      request.fail(new StoreException(Kind.FATAL, "cannot write the log: " + e.getMessage(), e));
    }
    return false;
  }

  private <T> void appendOrUndo(Request<T> request) throws StoreException, IOException {
    boolean move = request.moves;
    requireRoomInSink();
    if (!move && !request.bodies.isEmpty()) {
      requireRoomFor(request.bodies.stream().mapToLong(MessageSource::octets).sum());
    }
    List<BodyId> ids = new ArrayList<>(request.named);
    while (ids.size() < request.bodies.size()) {
      ids.add(numbers.nextBody());
    }
    Planned<T> planned = plan(request, ids);
    numbers.requireBodies(planned.changes());
    if (planned.heldToQuota()) {
      numbers.requireQuota(planned.changes());
    }
    request.result = planned.result();
    if (planned.changes().isEmpty() && ids.isEmpty()) {
      return;
    }
    writer.begin();
    try {
      List<Change> changes = new ArrayList<>();
      for (int i = 0; i < ids.size(); i++) {
        BodyLocation location = writer.body(ids.get(i), request.bodies.get(i));
        changes.add(
            move
                ? new Change.BodyMoved(ids.get(i), location)
                : new Change.BodyStored(ids.get(i), location));
      }
      changes.addAll(planned.changes());
      request.after = writer.batch(ChangeCodec.encode(new Batch(clock.instant(), changes)));
      request.changes = changes;
    } catch (SourceException | NoSpaceException e) {
      writer.undo();
      throw e;
    }
    numbers.advance(request.changes);
  }

  private <T> Planned<T> plan(Request<T> request, List<BodyId> ids) throws StoreException {
    try {
      return Objects.requireNonNull(request.plan).plan(numbers, List.copyOf(ids));
    } catch (RuntimeException e) {
      // A defect, but nothing was written yet: it concerns this request alone.
      log.error("store.plan-failed", e);
      throw new StoreException(Kind.REFUSED, "the change could not be planned: " + e, e);
    }
  }

  private void requireRoomInSink() throws StoreException {
    if (sinkAwaitsRoom.getAsBoolean()) {
      throw new StoreException(Kind.NO_SPACE, "the projection waits for room on the disk");
    }
  }

  private void requireRoomFor(long octets) throws StoreException, IOException {
    long needed = reserveOctets + octets;
    long usable = files.usableOctets();
    if (usable < needed) {
      throw new StoreException(
          Kind.NO_SPACE, "the disk has " + usable + " octets left, needed are " + needed);
    }
  }

  private void force(List<Request<?>> appended) {
    if (appended.isEmpty()) {
      return;
    }
    StoreException failure = fatal;
    if (failure == null && appended.stream().anyMatch(Request::isLogged)) {
      try {
        writer.force();
      } catch (IOException | RuntimeException e) {
        fail("cannot force the log to disk", e);
        failure = fatal;
      }
    }
    if (failure != null) {
      for (Request<?> request : appended) {
        request.fail(failure);
      }
      return;
    }
    durable.add(appended);
  }

  private void apply() {
    List<List<Request<?>>> groups = new ArrayList<>();
    boolean end = false;
    while (!end) {
      groups.clear();
      groups.add(takeFrom(durable));
      durable.drainTo(groups);
      List<Request<?>> requests = new ArrayList<>();
      for (List<Request<?>> group : groups) {
        requests.addAll(group);
        end |= group.isEmpty();
      }
      apply(requests);
    }
    ended.complete(null);
  }

  private void apply(List<Request<?>> requests) {
    List<Change> changes = new ArrayList<>();
    LogPosition after = null;
    for (Request<?> request : requests) {
      changes.addAll(request.changes);
      after = request.after == null ? after : request.after;
    }
    StoreException failure = fatal;
    if (failure == null && after != null) {
      try {
        sink.apply(changes, after);
      } catch (StoreException | RuntimeException e) {
        fail("cannot apply what is in the log", e);
        failure = fatal;
      }
    }
    for (Request<?> request : requests) {
      if (failure == null) {
        request.succeed();
      } else {
        request.fail(failure);
      }
    }
  }

  private static <T> T takeFrom(BlockingQueue<T> queue) {
    while (true) {
      try {
        return queue.take();
      } catch (InterruptedException e) {
        // These threads end by a request that says so, never half way through a write.
        log.warn("store.interrupted thread={}", Thread.currentThread().getName());
      }
    }
  }
}
