package dev.postrider.storage;

import dev.postrider.storage.log.LogFiles;
import java.io.OutputStream;
import java.util.function.UnaryOperator;

/**
 * What is between a store and its disk: nothing, but in tests, where the disk may lie or be full.
 *
 * @param log between the log and its files
 * @param projection name of the file system that H2 uses, with a colon
 * @param spool between the spool and its files
 */
public record StoreDisk(
    UnaryOperator<LogFiles> log, String projection, UnaryOperator<OutputStream> spool) {

  static final StoreDisk REAL =
      new StoreDisk(UnaryOperator.identity(), "file:", UnaryOperator.identity());
}
