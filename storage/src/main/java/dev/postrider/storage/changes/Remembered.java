package dev.postrider.storage.changes;

import dev.postrider.storage.StoreException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Answers of the tables, kept while they are true: for what every message asks and hardly ever
 * changes.
 *
 * <p>Who changes the tables calls {@link #forget} after the change is in them and before anybody is
 * told of it. An answer that was read before that and arrives after it is not kept. What is not
 * there is asked again each time, as anybody can ask for names that do not exist. Threads: any.
 */
public final class Remembered<K, V> {

  /** More are forgotten, all at once. */
  private static final int ENTRIES_MAX = 20_000;

  private final Map<K, V> entries = new ConcurrentHashMap<>();
  private long generation;

  /** Asks the tables. */
  @FunctionalInterface
  public interface Question<V> {
    Optional<V> ask() throws StoreException;
  }

  public Optional<V> get(K key, Question<V> question) throws StoreException {
    V known = entries.get(key);
    if (known != null) {
      return Optional.of(known);
    }
    long before = generation();
    Optional<V> answer = question.ask();
    if (answer.isPresent()) {
      keep(key, answer.get(), before);
    }
    return answer;
  }

  public synchronized void forget() {
    generation++;
    entries.clear();
  }

  private synchronized long generation() {
    return generation;
  }

  private synchronized void keep(K key, V value, long asked) {
    if (asked != generation) {
      return;
    }
    if (entries.size() >= ENTRIES_MAX) {
      entries.clear();
    }
    entries.put(key, value);
  }
}
