package dev.postrider.storage.log;

import java.io.IOException;
import java.util.SortedSet;

/** The directory of the log, as far as the log needs it. Segments are named by their number. */
public interface LogFiles {

  /** Numbers of the segments that exist. */
  SortedSet<Integer> list() throws IOException;

  /** Makes an empty segment, open for writing. Fails when it exists. */
  LogFile create(int segment) throws IOException;

  LogFile openForReading(int segment) throws IOException;

  LogFile openForRepair(int segment) throws IOException;

  void delete(int segment) throws IOException;

  /** Returns when every create and delete before is on the disk. */
  void forceDirectory() throws IOException;

  /** Octets that may still be written. */
  long usableOctets() throws IOException;
}
