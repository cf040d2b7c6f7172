package dev.postrider.protocol.imap;

import java.util.OptionalLong;

/**
 * What may stand in parentheses beside the arguments of SELECT, FETCH and STORE. RFC 4466 section
 * 2.1, 2.4 and 2.5, RFC 7162 section 7.
 */
final class ModifiersParser {

  private ModifiersParser() {}

  /** Whether SELECT or EXAMINE has the parameter CONDSTORE. RFC 7162 section 3.1.8. */
  static boolean condstore(CommandScanner in) throws UnacceptableCommandException {
    if (!in.takeList()) {
      return false;
    }
    do {
      if (!in.word().equals("CONDSTORE")) {
        throw UnacceptableCommandException.syntax("The only parameter here is CONDSTORE");
      }
    } while (in.take(' '));
    in.expect(')');
    return true;
  }

  /** Of FETCH, from 1. RFC 7162 section 3.1.4.1. */
  static OptionalLong changedSince(CommandScanner in) throws UnacceptableCommandException {
    OptionalLong since = modSequence(in, "CHANGEDSINCE");
    if (since.isPresent() && since.getAsLong() == 0) {
      throw UnacceptableCommandException.syntax("CHANGEDSINCE takes a mod-sequence from 1 on");
    }
    return since;
  }

  /** Of STORE, from 0. RFC 7162 section 3.1.3. */
  static OptionalLong unchangedSince(CommandScanner in) throws UnacceptableCommandException {
    return modSequence(in, "UNCHANGEDSINCE");
  }

  private static OptionalLong modSequence(CommandScanner in, String name)
      throws UnacceptableCommandException {
    if (!in.takeList()) {
      return OptionalLong.empty();
    }
    if (!in.word().equals(name)) {
      throw UnacceptableCommandException.syntax("The only modifier here is " + name);
    }
    in.space();
    long value = in.modSequence();
    in.expect(')');
    return OptionalLong.of(value);
  }
}
