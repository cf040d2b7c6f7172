package dev.postrider.server.delivery;

import dev.postrider.protocol.address.Domain;
import dev.postrider.protocol.address.MailAddress;
import dev.postrider.storage.Store;
import dev.postrider.storage.StoreException;
import dev.postrider.storage.accounts.Account;
import dev.postrider.storage.mailboxes.Mailbox;
import dev.postrider.storage.mailboxes.Mailboxes;
import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Finds the way for a recipient.
 *
 * <p>The domain alone decides whether mail stays here; a local part is never looked into for
 * another one, whatever {@code %}, {@code !} or quoted {@code @} it holds. Within our domains the
 * whole local part is tried first, then the part before the first {@link #SUBADDRESS_SEPARATOR}
 * (RFC 5233 section 1). {@code postmaster} has to be accepted at every domain of ours (RFC 5321
 * section 4.5.1): without an account of that name its mail goes to the oldest account of the
 * domain, or else of the server, for that is who set it up. An address literal is none of our
 * domains.
 */
public final class Router {

  /** What follows it in a local part is the user's own business. */
  public static final char SUBADDRESS_SEPARATOR = '+';

  private static final String POSTMASTER = "postmaster";

  private final Set<String> domains;
  private final Store store;

  /** {@code domains}: those whose mail stays here, with A-labels or U-labels. */
  public Router(Collection<String> domains, Store store) {
    this.domains = domains.stream().map(Router::fold).collect(Collectors.toUnmodifiableSet());
    this.store = store;
  }

  public boolean isLocal(String domain) {
    return domains.contains(fold(domain));
  }

  public Route route(MailAddress recipient) throws StoreException {
    if (!isLocal(recipient.domain())) {
      return new Route.Remote();
    }
    Optional<Account> account = account(recipient);
    if (account.isEmpty()) {
      return new Route.Unknown();
    }
    Optional<Mailbox> inbox = store.mailboxes().find(account.get().id(), Mailboxes.INBOX);
    // An account that is removed at this moment may have lost its INBOX already.
    return inbox.isEmpty() ? new Route.Unknown() : new Route.Local(account.get(), inbox.get().id());
  }

  private Optional<Account> account(MailAddress recipient) throws StoreException {
    Optional<Account> exact = store.accounts().find(recipient);
    if (exact.isPresent()) {
      return exact;
    }
    String localPart = recipient.localPart();
    int separator = localPart.indexOf(SUBADDRESS_SEPARATOR);
    if (separator > 0) {
      return account(new MailAddress(localPart.substring(0, separator), recipient.domain()));
    }
    return localPart.equalsIgnoreCase(POSTMASTER) ? oldest(recipient.domain()) : Optional.empty();
  }

  private Optional<Account> oldest(String domain) throws StoreException {
    Comparator<Account> ofThatDomainFirst =
        Comparator.comparing(account -> !account.address().domain().equals(domain));
    return store.accounts().list().stream()
        .min(ofThatDomainFirst.thenComparingLong(account -> account.id().value()));
  }

  private static String fold(String domain) {
    return Domain.toAscii(domain).orElse(domain.toLowerCase(Locale.ROOT));
  }
}
