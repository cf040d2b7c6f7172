package dev.postrider.storage.audit;

/**
 * Something that is not as it should be, on one line.
 *
 * @param file of the data directory
 * @param offset octets from its start; negative when it is about all of it
 * @param what is wrong
 * @param remedy what is to be done about it
 */
public record Finding(String file, long offset, String what, String remedy) {

  /** {@code log/00000001.seg at 4711: … ; …}. */
  public String line() {
    return file + (offset < 0 ? "" : " at " + offset) + ": " + what + "; " + remedy;
  }
}
