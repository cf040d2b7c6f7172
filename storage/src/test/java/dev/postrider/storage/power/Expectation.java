package dev.postrider.storage.power;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a store must have when the power was cut at some step: everything acknowledged, and of what
 * each worker had begun, all or nothing. It can be kept in a file, to be looked at again.
 */
final class Expectation {

  private static final String SURE = "sure";
  private static final String PERHAPS = "perhaps";

  /** Lines by worker, after what was acknowledged and after what was under way. */
  private final SortedMap<String, Candidate> sure = new TreeMap<>();

  private final SortedMap<String, Candidate> perhaps = new TreeMap<>();
  private final SortedMap<String, Long> modSeqs = new TreeMap<>();
  private final List<Long> sharedUids = new ArrayList<>();
  private final List<String> others = new ArrayList<>();
  private long queueId;

  private record Candidate(List<String> lines, List<String> shared) {
    static Candidate of(AccountModel model) {
      return new Candidate(sorted(model.lines()), List.copyOf(model.shared));
    }

    static Candidate empty() {
      return new Candidate(new ArrayList<>(), new ArrayList<>());
    }
  }

  /**
   * After the first {@code at} steps.
   *
   * @param others accounts that nobody touched since the trace began, see {@link Observation#lines}
   */
  static Expectation of(List<Step> trace, int at, Map<String, List<String>> others) {
    Expectation expectation = new Expectation();
    others.values().forEach(expectation.others::addAll);
    Map<Integer, AccountModel> begun = new TreeMap<>();
    for (Step step : trace.subList(0, at)) {
      if (step instanceof Step.Begin begin) {
        begun.put(begin.worker(), begin.expected());
        expectation.perhaps.put(begin.expected().address, Candidate.of(begin.expected()));
      } else if (step instanceof Step.Acknowledged acknowledged) {
        AccountModel done = begun.get(acknowledged.worker());
        if (done == null) {
          throw new IllegalStateException("acknowledged before it began");
        }
        expectation.acknowledge(done.address, acknowledged.given());
      }
    }
    return expectation;
  }

  /**
   * What is wrong with an older state, in which each account has to be as it was at some moment.
   *
   * @param from the earliest moment; {@code to} the last
   */
  static List<String> older(
      List<Step> trace, int from, int to, Map<String, List<String>> others, Observation observed) {
    Map<String, List<Candidate>> possible = new TreeMap<>();
    Expectation earliest = of(trace, from, others);
    earliest.perhaps.keySet().forEach(address -> possible.put(address, new ArrayList<>()));
    earliest.sure.keySet().forEach(address -> possible.put(address, new ArrayList<>()));
    possible.forEach((address, candidates) -> candidates.addAll(earliest.candidates(address)));
    for (Step step : trace.subList(from, to)) {
      if (step instanceof Step.Begin begin) {
        possible
            .computeIfAbsent(
                begin.expected().address, none -> new ArrayList<>(List.of(Candidate.empty())))
            .add(Candidate.of(begin.expected()));
      }
    }
    List<String> complaints = new ArrayList<>();
    Map<String, List<String>> rest = new TreeMap<>(observed.lines());
    possible.forEach(
        (address, candidates) -> {
          List<String> lines = rest.getOrDefault(address, List.of());
          rest.remove(address);
          if (candidates.stream().noneMatch(candidate -> fits(lines, candidate))) {
            complaints.add(address + " was never like this: " + lines);
          }
        });
    List<String> untouched = rest.values().stream().flatMap(Collection::stream).toList();
    List<String> expected = others.values().stream().flatMap(Collection::stream).toList();
    if (!sorted(untouched).equals(sorted(expected))) {
      complaints.add("untouched accounts: expected " + expected + ", found " + untouched);
    }
    return complaints;
  }

  private void acknowledge(String address, Step.Given given) {
    Candidate done = perhaps.remove(address);
    if (done == null) {
      throw new IllegalStateException("acknowledged twice");
    }
    sure.put(address, done);
    given
        .modSeqs()
        .forEach((uidValidity, modSeq) -> modSeqs.put(address + " " + uidValidity, modSeq));
    queueId = Math.max(queueId, given.queueId());
    if (given.sharedUid() > 0) {
      sharedUids.add(given.sharedUid());
    }
  }

  /** The highest that was given. */
  long queueId() {
    return queueId;
  }

  void write(Path file) throws IOException {
    List<String> text = new ArrayList<>();
    sure.forEach((address, candidate) -> write(SURE, address, candidate, text));
    perhaps.forEach((address, candidate) -> write(PERHAPS, address, candidate, text));
    modSeqs.forEach((mailbox, modSeq) -> text.add("modseq\t" + mailbox + "\t" + modSeq));
    sharedUids.forEach(uid -> text.add("shared-uid\t" + uid));
    others.forEach(line -> text.add("other\t" + line));
    text.add("queue-id\t" + queueId);
    Files.write(file, text);
  }

  private static void write(String kind, String address, Candidate candidate, List<String> text) {
    text.add(kind + "\t" + address + "\tis");
    candidate.lines().forEach(line -> text.add(kind + "\t" + address + "\tline\t" + line));
    candidate.shared().forEach(line -> text.add(kind + "\t" + address + "\tshared\t" + line));
  }

  static Expectation read(Path file) throws IOException {
    Expectation expectation = new Expectation();
    for (String line : Files.readAllLines(file)) {
      String[] word = line.split("\t", -1);
      switch (word[0]) {
        case SURE -> read(word, expectation.sure);
        case PERHAPS -> read(word, expectation.perhaps);
        case "modseq" -> expectation.modSeqs.put(word[1], Long.valueOf(word[2]));
        case "shared-uid" -> expectation.sharedUids.add(Long.valueOf(word[1]));
        case "other" -> expectation.others.add(word[1]);
        default -> expectation.queueId = Long.parseLong(word[1]);
      }
    }
    return expectation;
  }

  private static void read(String[] word, Map<String, Candidate> candidates) {
    Candidate candidate = candidates.computeIfAbsent(word[1], none -> Candidate.empty());
    switch (word[2]) {
      case "line" -> candidate.lines().add(word[3]);
      case "shared" -> candidate.shared().add(word[3]);
      default -> {}
    }
  }

  /** What is wrong with {@code observed}; empty when nothing is. */
  List<String> complaints(Observation observed) {
    List<String> complaints = new ArrayList<>();
    List<String> shared = new ArrayList<>();
    Map<String, List<String>> rest = new TreeMap<>(observed.lines());
    SortedMap<String, Candidate> all = new TreeMap<>(perhaps);
    all.putAll(sure);
    for (String address : all.keySet()) {
      List<String> lines = rest.getOrDefault(address, List.of());
      rest.remove(address);
      List<Candidate> found =
          candidates(address).stream().filter(candidate -> fits(lines, candidate)).toList();
      if (found.isEmpty()) {
        complaints.add(difference(address, lines));
      } else {
        shared.addAll(found.getFirst().shared());
      }
    }
    List<String> untouched = rest.values().stream().flatMap(Collection::stream).toList();
    if (!sorted(untouched).equals(sorted(others))) {
      complaints.add("untouched accounts: expected " + others + ", found " + untouched);
    }
    if (complaints.isEmpty()) {
      complainOfShared(shared, observed, complaints);
    }
    complainOfModSeqs(observed, complaints);
    return complaints;
  }

  /** What is right: as it was when the last deed was acknowledged, or after the next. */
  private List<Candidate> candidates(String address) {
    List<Candidate> candidates = new ArrayList<>();
    candidates.add(sure.getOrDefault(address, Candidate.empty()));
    if (perhaps.containsKey(address)) {
      candidates.add(perhaps.get(address));
    }
    return candidates;
  }

  private static boolean fits(List<String> lines, Candidate candidate) {
    return comparable(lines, candidate).equals(candidate.lines());
  }

  /** With a question mark for each UIDVALIDITY that {@code candidate} does not know. */
  private static List<String> comparable(List<String> lines, Candidate candidate) {
    List<String> result = new ArrayList<>();
    for (String line : lines) {
      String unknown = line.replaceFirst("\\d+$", "?");
      boolean isUnknown = line.startsWith("uidvalidity ") && candidate.lines().contains(unknown);
      result.add(isUnknown ? unknown : line);
    }
    return sorted(result);
  }

  private String difference(String address, List<String> lines) {
    StringBuilder text = new StringBuilder(address);
    for (Candidate candidate : candidates(address)) {
      List<String> missing = new ArrayList<>(candidate.lines());
      List<String> surplus = new ArrayList<>(comparable(lines, candidate));
      surplus.forEach(missing::remove);
      candidate.lines().forEach(surplus::remove);
      text.append("\n  missing ").append(missing).append("\n  too much ").append(surplus);
    }
    return text.toString();
  }

  private void complainOfModSeqs(Observation observed, List<String> complaints) {
    modSeqs.forEach(
        (mailbox, modSeq) -> {
          Long now = observed.modSeqs().get(mailbox);
          if (now != null && now < modSeq) {
            complaints.add("MODSEQ of " + mailbox + " went back from " + modSeq + " to " + now);
          }
        });
  }

  private void complainOfShared(
      List<String> expected, Observation observed, List<String> complaints) {
    if (!sorted(expected).equals(sorted(List.copyOf(observed.shared().values())))) {
      complaints.add("shared: expected " + expected + ", found " + observed.shared());
    }
    for (long uid : sharedUids) {
      if (!observed.shared().containsKey(uid)) {
        complaints.add("shared: UID " + uid + " is not there");
      }
      if (observed.sharedUidNext() <= uid) {
        complaints.add("shared: UIDNEXT is " + observed.sharedUidNext() + " after UID " + uid);
      }
    }
  }

  private static List<String> sorted(List<String> lines) {
    return lines.stream().sorted().toList();
  }
}
