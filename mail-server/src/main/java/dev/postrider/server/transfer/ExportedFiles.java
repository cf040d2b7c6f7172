package dev.postrider.server.transfer;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** The files of ours in a Maildir: of each UID its size and its letters, in few octets. */
final class ExportedFiles {

  private static final int UID_BITS = 32;

  private int size;
  private long[] octets = new long[16];
  private String[] letters = new String[16];
  private final Map<String, String> shared = new HashMap<>();

  /** UID and index of each, ascending once {@link #sort} was called. */
  private long[] byUid = new long[16];

  void add(long uid, long fileOctets, String itsLetters) {
    if (size == byUid.length) {
      byUid = Arrays.copyOf(byUid, 2 * size);
      octets = Arrays.copyOf(octets, 2 * size);
      letters = Arrays.copyOf(letters, 2 * size);
    }
    byUid[size] = uid << UID_BITS | size;
    octets[size] = fileOctets;
    letters[size] = shared.computeIfAbsent(itsLetters, same -> same);
    size++;
  }

  void sort() {
    byUid = Arrays.copyOf(byUid, size);
    // The highest UIDs make negative numbers, and come first; they are found all the same.
    Arrays.sort(byUid);
  }

  /** Where the file of a UID stands, or -1. */
  int find(long uid) {
    int place = Arrays.binarySearch(byUid, uid << UID_BITS);
    int first = place >= 0 ? place : -place - 1;
    boolean found = first < byUid.length && byUid[first] >>> UID_BITS == uid;
    return found ? (int) byUid[first] : -1;
  }

  long octets(int index) {
    return octets[index];
  }

  String letters(int index) {
    return letters[index];
  }
}
