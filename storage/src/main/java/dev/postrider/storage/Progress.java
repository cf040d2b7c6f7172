package dev.postrider.storage;

/** Is told how far a long work is. Calls come often, from the thread that does the work. */
@FunctionalInterface
public interface Progress {

  Progress NONE = (what, done, total) -> {};

  /**
   * Throws CLOSED when the work is to end.
   *
   * @param what the step, in a word or two
   * @param done of {@code total}, in the same unit; total is 0 when nobody knows it
   */
  void at(String what, long done, long total) throws StoreException;
}
