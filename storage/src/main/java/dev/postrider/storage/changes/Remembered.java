package dev.postrider.storage.changes;

import dev.postrider.storage.StoreException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/**
 * Answers of the tables, kept while they are true: for what every message asks and hardly ever
 * changes.
 *
 * <p>Who changes the tables calls {@link #forget} after the change is in them and before anybody is
 * told of it. An answer that was read before that and arrives after it is not kept. What is not
 * there is asked again each time, as anybody can ask for names that do not exist. Threads: any.
 */
public final class Remembered<K, V> {

  private final int entriesMax;
  private final Map<K, V> entries = new ConcurrentHashMap<>();
  private long generation;
  private volatile boolean paused;

  /** {@code entriesMax}: more are forgotten, all at once. */
  public Remembered(int entriesMax) {
    this.entriesMax = entriesMax;
  }

  /** Asks the tables. */
  @FunctionalInterface
  public interface Question<V> {
    Optional<V> ask() throws StoreException;
  }

  /** Asks the tables for more than is wanted now: what will be wanted next. */
  @FunctionalInterface
  public interface Questions<K, V> {
    Map<K, V> ask() throws StoreException;
  }

  public Optional<V> get(K key, Question<V> question) throws StoreException {
    return getAhead(key, () -> question.ask().map(v -> Map.of(key, v)).orElse(Map.of()));
  }

  public Optional<V> getAhead(K key, Questions<K, V> questions) throws StoreException {
    V known = entries.get(key);
    if (known != null && !paused) {
      return Optional.of(known);
    }
    long before = generation();
    Map<K, V> answers = questions.ask();
    keep(answers, before);
    return Optional.ofNullable(answers.get(key));
  }

  /** An answer of many parts, as far as they were asked for. */
  @FunctionalInterface
  public interface Extension<V> {
    /** {@code known} and more; {@code known} stays as it is, others may be reading it. */
    V extend(V known) throws StoreException;
  }

  /**
   * The answer for {@code key}; when it is not enough yet, by one question more.
   *
   * @param nothing what is extended when there is none
   */
  public V getEnough(K key, V nothing, Predicate<V> isEnough, Extension<V> extension)
      throws StoreException {
    V known = paused ? null : entries.get(key);
    if (known != null && isEnough.test(known)) {
      return known;
    }
    long before = generation();
    V again = paused ? null : entries.get(key);
    V extended = extension.extend(again == null ? nothing : again);
    keep(Map.of(key, extended), before);
    return extended;
  }

  /** From now on the tables are asked each time: nobody tells what changes in them. */
  public void pause() {
    paused = true;
  }

  public void resume() {
    forget();
    paused = false;
  }

  public synchronized void forget() {
    generation++;
    entries.clear();
  }

  private synchronized long generation() {
    return generation;
  }

  private synchronized void keep(Map<K, V> answers, long asked) {
    if (asked != generation) {
      return;
    }
    if (entries.size() + answers.size() > entriesMax) {
      entries.clear();
    }
    entries.putAll(answers);
  }
}
