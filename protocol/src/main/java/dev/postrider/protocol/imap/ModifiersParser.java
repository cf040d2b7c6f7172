package dev.postrider.protocol.imap;

import dev.postrider.protocol.imap.Extension.Place;
import dev.postrider.protocol.imap.SelectParameters.Resync;
import dev.postrider.protocol.imap.SelectParameters.Sample;
import java.util.HashSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What may stand in parentheses beside the arguments of CREATE, SELECT, FETCH and STORE. RFC 4466
 * section 2.1, 2.2, 2.4 and 2.5, RFC 6154 section 6, RFC 7162 section 7, RFC 9394 section 4.
 */
final class ModifiersParser {

  /**
   * What stands behind the items of FETCH.
   *
   * @param changedSince from 1; RFC 7162 section 3.1.4.1
   * @param vanished RFC 7162 section 3.2.6
   * @param partial RFC 9394 section 3.3
   */
  record OfFetch(OptionalLong changedSince, boolean vanished, Optional<PartialRange> partial) {}

  private ModifiersParser() {}

  /** Of CREATE. RFC 6154 section 6, create-param. */
  static Set<String> ofCreate(CommandScanner in) throws UnacceptableCommandException {
    if (!in.takeList()) {
      return Set.of();
    }
    if (!in.word(Place.CREATE).equals("USE")) {
      throw UnacceptableCommandException.syntax("The only parameter here is USE");
    }
    in.space();
    in.expect('(');
    Set<String> uses = new HashSet<>();
    if (!in.take(')')) {
      do {
        in.expect('\\');
        uses.add("\\" + in.atom());
      } while (in.take(' '));
      in.expect(')');
    }
    in.expect(')');
    return uses;
  }

  /** Of SELECT and EXAMINE, in any order. */
  static SelectParameters ofSelect(CommandScanner in) throws UnacceptableCommandException {
    if (!in.takeList()) {
      return SelectParameters.NONE;
    }
    boolean condstore = false;
    Optional<Resync> resync = Optional.empty();
    Set<String> seen = new HashSet<>();
    do {
      switch (once(in.word(Place.SELECT), seen)) {
        case "CONDSTORE" -> condstore = true;
        case "QRESYNC" -> resync = Optional.of(resync(in));
        default ->
            throw UnacceptableCommandException.syntax(
                "The parameters here are CONDSTORE and QRESYNC");
      }
    } while (in.take(' '));
    in.expect(')');
    return new SelectParameters(condstore, resync);
  }

  private static Resync resync(CommandScanner in) throws UnacceptableCommandException {
    in.space();
    in.expect('(');
    long uidValidity = in.positiveNumber();
    in.space();
    long modSeq = positive(in, "QRESYNC");
    Optional<SequenceSet> known = Optional.empty();
    Optional<Sample> sample = Optional.empty();
    boolean list = in.takeList();
    if (!list && in.take(' ')) {
      known = Optional.of(numbers(in));
      list = in.takeList();
    }
    if (list) {
      sample = Optional.of(sample(in));
    }
    in.expect(')');
    return new Resync(uidValidity, modSeq, known, sample);
  }

  private static SequenceSet numbers(CommandScanner in) throws UnacceptableCommandException {
    SequenceSet set = in.sequenceSet();
    if (set.hasLargest()) {
      throw UnacceptableCommandException.syntax("QRESYNC takes sets of numbers, without *");
    }
    return set;
  }

  private static Sample sample(CommandScanner in) throws UnacceptableCommandException {
    SequenceSet numbers = numbers(in);
    in.space();
    SequenceSet uids = numbers(in);
    in.expect(')');
    if (!numbers.isAscending() || !uids.isAscending() || numbers.span() != uids.span()) {
      throw UnacceptableCommandException.syntax(
          "QRESYNC takes as many UIDs as sequence numbers, both ascending");
    }
    return new Sample(numbers, uids);
  }

  /** Of FETCH, in any order. */
  static OfFetch ofFetch(CommandScanner in, boolean byUid) throws UnacceptableCommandException {
    OptionalLong changedSince = OptionalLong.empty();
    boolean vanished = false;
    Optional<PartialRange> partial = Optional.empty();
    Set<String> seen = new HashSet<>();
    if (in.takeList()) {
      do {
        switch (once(in.word(Place.FETCH_MODIFIER), seen)) {
          case "CHANGEDSINCE" -> {
            in.space();
            changedSince = OptionalLong.of(positive(in, "CHANGEDSINCE"));
          }
          case "VANISHED" -> vanished = true;
          case "PARTIAL" -> {
            in.space();
            partial = Optional.of(in.partialRange());
          }
          default ->
              throw UnacceptableCommandException.syntax(
                  "The modifiers here are CHANGEDSINCE, VANISHED and PARTIAL");
        }
      } while (in.take(' '));
      in.expect(')');
    }
    if (vanished && (!byUid || changedSince.isEmpty())) {
      throw UnacceptableCommandException.syntax(
          "VANISHED goes with UID FETCH and CHANGEDSINCE alone");
    }
    if (partial.isPresent() && !byUid) {
      throw UnacceptableCommandException.syntax("PARTIAL goes with UID FETCH alone");
    }
    return new OfFetch(changedSince, vanished, partial);
  }

  private static String once(String word, Set<String> seen) throws UnacceptableCommandException {
    if (!seen.add(word)) {
      throw UnacceptableCommandException.syntax(word + " is there twice");
    }
    return word;
  }

  private static long positive(CommandScanner in, String name) throws UnacceptableCommandException {
    long modSeq = in.modSequence();
    if (modSeq == 0) {
      throw UnacceptableCommandException.syntax(name + " takes a mod-sequence from 1 on");
    }
    return modSeq;
  }

  /** Of STORE, from 0. RFC 7162 section 3.1.3. */
  static OptionalLong unchangedSince(CommandScanner in) throws UnacceptableCommandException {
    if (!in.takeList()) {
      return OptionalLong.empty();
    }
    if (!in.word(Place.STORE).equals("UNCHANGEDSINCE")) {
      throw UnacceptableCommandException.syntax("The only modifier here is UNCHANGEDSINCE");
    }
    in.space();
    long value = in.modSequence();
    in.expect(')');
    return OptionalLong.of(value);
  }
}
