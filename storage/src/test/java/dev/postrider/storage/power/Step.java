package dev.postrider.storage.power;

import java.util.Map;

/** What happened on a simulated disk, or beside it, in one order. Files are numbered, as inodes. */
sealed interface Step {

  /** A file was made under {@code name}, such as "log/00000001.seg". */
  record Create(int file, String name) implements Step {}

  record Delete(int file, String name) implements Step {}

  @SuppressWarnings("ArrayRecordComponent") // nobody compares or changes it
  record Write(int file, long position, byte[] bytes) implements Step {}

  record Truncate(int file, long size) implements Step {}

  /** Everything written to the file before is on the disk. */
  record Force(int file) implements Step {}

  /** Every file made and deleted in the directory before is on the disk as such. */
  record ForceDirectory(String directory) implements Step {}

  /** A worker is about to do something: its account is as before, or as {@code expected}. */
  record Begin(int worker, AccountModel expected) implements Step {}

  /** A worker was told that it is done, and was given some numbers. */
  record Acknowledged(int worker, Given given) implements Step {}

  /**
   * Numbers that may not be given again.
   *
   * @param sharedUid in the mailbox that all workers share, 0 for none
   * @param queueId the highest, 0 for none
   * @param modSeqs highest of each mailbox of the worker, by its UIDVALIDITY
   */
  record Given(long sharedUid, long queueId, Map<Long, Long> modSeqs) {
    static final Given NOTHING = new Given(0, 0, Map.of());
  }
}
