package dev.postrider.storage.power;

import java.util.Map;

/**
 * What happened on a simulated disk, or beside it, in one order. Files and directories are
 * numbered, as inodes; the root of the disk is 0.
 */
sealed interface Step {

  /** A file or a directory was made. */
  record Link(int directory, String name, int inode, boolean isDirectory) implements Step {}

  record Unlink(int directory, String name) implements Step {}

  /** Within a directory; what had the new name is gone. */
  record Rename(int directory, String from, String to) implements Step {}

  @SuppressWarnings("ArrayRecordComponent") // nobody compares or changes it
  record Write(int file, long position, byte[] bytes) implements Step {}

  record Truncate(int file, long size) implements Step {}

  /** Everything written to the file before is on the disk. */
  record Force(int file) implements Step {}

  /** Every name that was given, changed or removed in the directory before is on the disk so. */
  record ForceDirectory(int directory) implements Step {}

  /** A worker is about to do something: its account is as before, or as {@code expected}. */
  record Begin(int worker, AccountModel expected) implements Step {}

  /** A worker was told that it is done, and was given some numbers. */
  record Acknowledged(int worker, Given given) implements Step {}

  /** A backup was begun, or was told to be done. */
  record Backup(boolean done) implements Step {}

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
