package dev.postrider.storage.audit;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Gathers findings, up to a number; the others are counted. */
final class Findings {

  /** More do not help a person, and memory is bounded. */
  private static final int MAX = 1000;

  private final List<Finding> findings = new ArrayList<>();
  private long more;

  void add(String file, long offset, String what, String remedy) {
    if (findings.size() < MAX) {
      findings.add(new Finding(file, offset, what, remedy));
    } else {
      more++;
    }
  }

  /** About the tables. */
  void add(String what) {
    add("h2/projection.mv.db", -1, what, "run 'postriderd repair', which makes the tables again");
  }

  static String file(int segment) {
    return String.format(Locale.ROOT, "log/%08d.seg", segment);
  }

  boolean isEmpty() {
    return findings.isEmpty();
  }

  List<Finding> list() {
    List<Finding> all = new ArrayList<>(findings);
    if (more > 0) {
      all.add(new Finding("log, h2", -1, more + " more findings", "see to the first ones"));
    }
    return List.copyOf(all);
  }
}
