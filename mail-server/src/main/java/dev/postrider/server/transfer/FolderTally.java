package dev.postrider.server.transfer;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What became of one folder.
 *
 * @param folder where the messages are now
 * @param found messages of the source
 * @param moved messages that were imported or exported
 * @param known messages that were there already
 * @param leftOut messages that could not be moved
 * @param passedOver what its own program had deleted, or no message of anybody
 */
public record FolderTally(
    String folder, long found, long moved, long known, long leftOut, long passedOver) {

  /** As a row of a table. */
  public Map<String, String> row(String moved) {
    Map<String, String> row = new LinkedHashMap<>();
    row.put("folder", folder);
    row.put("found", Long.toString(found));
    row.put(moved, Long.toString(this.moved));
    row.put("already-there", Long.toString(known));
    row.put("left-out", Long.toString(leftOut));
    row.put("deleted", Long.toString(passedOver));
    return row;
  }
}
