package dev.postrider.protocol.address;

/** Deviations of addresses that are accepted, each for somebody who needs it. */
public enum AddressLeniency {
  /**
   * {@code a..b@d} and {@code a.@d} without quotes, which RFC 5321 section 4.1.2 forbids. Japanese
   * mobile carriers handed such addresses out; they are written quoted.
   */
  LOOSE_DOTS,

  /**
   * A {@code _} in a label of a domain, which RFC 1123 section 2.1 does not know. Hosts of internal
   * networks have such names and send mail.
   */
  UNDERSCORE_IN_DOMAIN
}
