package dev.postrider.protocol.message;

import java.util.Optional;

/**
 * One element of a list of addresses, in the shape of IMAP's ENVELOPE: RFC 3501 section 7.4.2. All
 * are octet strings; encoded words are left as they are.
 *
 * <p>A mailbox has a host, which is empty when the header names none. The start of a group has its
 * name as mailbox and no host; the end of a group has neither.
 *
 * @param name display name, unquoted
 * @param route source route, such as {@code @a,@b}
 * @param mailbox local part, unquoted
 * @param host domain
 */
public record Address(
    Optional<String> name,
    Optional<String> route,
    Optional<String> mailbox,
    Optional<String> host) {

  static Address groupStart(String name) {
    return new Address(Optional.empty(), Optional.empty(), Optional.of(name), Optional.empty());
  }

  static final Address GROUP_END =
      new Address(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

  public boolean isMailbox() {
    return host.isPresent();
  }
}
