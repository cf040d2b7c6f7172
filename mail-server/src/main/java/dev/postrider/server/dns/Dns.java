package dev.postrider.server.dns;

import java.net.InetAddress;
import java.util.List;

/**
 * Looks names up. Domains are given as they stand in an address, non-ASCII ones too; answers follow
 * CNAMEs.
 *
 * <p>"There is none" and "nobody knows now" are different answers: mail bounces on the first and
 * waits on the second.
 */
public interface Dns {

  /** Which hosts take the domain's mail. RFC 5321 section 5.1. */
  MxAnswer mx(String domain);

  /** The host's addresses, of both families. */
  AddressAnswer addresses(String host);

  /** What is known about a domain's mail hosts. */
  sealed interface MxAnswer {
    /** At least one, best first; those of equal preference in random order. */
    record Found(List<MailExchanger> exchangers) implements MxAnswer {
      public Found {
        exchangers = List.copyOf(exchangers);
      }
    }

    /** The domain does not exist. */
    record NoSuchDomain() implements MxAnswer {}

    /** The domain exists without MX records: its own addresses take its mail. */
    record NoRecords() implements MxAnswer {}

    /** The domain says that it takes no mail. RFC 7505. */
    record NullMx() implements MxAnswer {}

    /** {@code cause} is for the operator. */
    record TemporaryFailure(String cause) implements MxAnswer {}
  }

  /** What is known about a host's addresses. */
  sealed interface AddressAnswer {
    /** At least one, IPv6 and IPv4 in turn. */
    record Found(List<InetAddress> addresses) implements AddressAnswer {
      public Found {
        addresses = List.copyOf(addresses);
      }
    }

    /** The host does not exist. */
    record NoSuchDomain() implements AddressAnswer {}

    /** The host exists without addresses. */
    record NoRecords() implements AddressAnswer {}

    /** {@code cause} is for the operator. */
    record TemporaryFailure(String cause) implements AddressAnswer {}
  }

  /**
   * A host that takes mail.
   *
   * @param preference 0 to 65535, lower is better
   * @param host in lower case, without a dot at the end
   */
  record MailExchanger(int preference, String host) {}
}
