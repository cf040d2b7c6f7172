package dev.postrider.storage.sql;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.Page;
import org.h2.value.VersionedValue;

/**
 * What transactions left in the trees of H2 that were neither finished nor undone: rows that nobody
 * sees, rows that come back, entries of an index without their rows. After H2 has opened a file
 * there should be none; docs/decisions/0003-h2-pinned.md tells when there are.
 *
 * <p>A page is never changed where it lies, so what was written since some version of the trees is
 * found without reading the rest: a page that is older has older pages below it alone.
 */
final class Leftovers {

  private static final String CHUNK = "chunk.";

  /** Chunks are the pieces in which H2 writes its file, each of one version. */
  private final Map<Integer, Long> versions = new HashMap<>();

  private final MVStore store;
  private final long since;

  private Leftovers(MVStore store, long since) {
    this.store = store;
    this.since = since;
    for (Map.Entry<String, String> entry : store.getLayoutMap().entrySet()) {
      if (entry.getKey().startsWith(CHUNK)) {
        int chunk = DataUtils.parseHexInt(entry.getKey().substring(CHUNK.length()));
        Map<String, String> description = DataUtils.parseMap(entry.getValue());
        versions.put(chunk, DataUtils.readHexLong(description, "version", Long.MAX_VALUE));
      }
    }
  }

  /**
   * Looks into tables and indexes while nobody writes; in words, where such entries are.
   *
   * @param since a version of the trees; every transaction that began before it was finished before
   *     it was on the disk
   */
  static Optional<String> find(MVStore store, long since) {
    Leftovers leftovers = new Leftovers(store, since);
    return store.getMapNames().stream()
        .filter(name -> name.startsWith("table.") || name.startsWith("index."))
        .sorted()
        .flatMap(name -> leftovers.in(name).stream())
        .reduce((a, b) -> a + ", " + b);
  }

  private Optional<String> in(String name) {
    MVMap<Object, Object> tree = store.openMap(name);
    long count = count(tree.getRootPage());
    return count == 0
        ? Optional.empty()
        : Optional.of(name + " has " + count + " entries of unfinished transactions");
  }

  private long count(Page<Object, Object> page) {
    long count = 0;
    if (page.isLeaf()) {
      for (int i = 0; i < page.getKeyCount(); i++) {
        boolean left = page.getValue(i) instanceof VersionedValue<?> v && v.getOperationId() != 0;
        count += left ? 1 : 0;
      }
      return count;
    }
    for (int i = 0; i < page.getRawChildPageCount(); i++) {
      if (isNew(page.getChildPagePos(i))) {
        count += count(page.getChildPage(i));
      }
    }
    return count;
  }

  /** So is what is not in the file yet, and what is in the last chunk, which is not listed. */
  private boolean isNew(long position) {
    return position == 0
        || versions.getOrDefault(DataUtils.getPageChunkId(position), Long.MAX_VALUE) >= since;
  }
}
