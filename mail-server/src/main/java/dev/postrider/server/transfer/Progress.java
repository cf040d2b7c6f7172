package dev.postrider.server.transfer;

/** Hears how far a transfer is. */
public interface Progress {

  /**
   * It begins.
   *
   * @param work units of all of it: messages, or octets of an mbox
   */
  void begin(long work);

  /** This folder comes now. */
  void folder(String name);

  /** One more message was looked at. */
  void message();

  /** So many units more are done. */
  void worked(long units);

  /** Something was left out: which file, and why. One line. */
  void leftOut(String line);
}
