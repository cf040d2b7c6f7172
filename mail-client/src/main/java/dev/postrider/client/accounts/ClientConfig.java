package dev.postrider.client.accounts;

import dev.postrider.client.ExitCode;
import dev.postrider.client.MailFailure;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What the configuration file says.
 *
 * @param defaultAccount the account used when none is named; without it, the first
 * @param accounts in the order of the file
 */
public record ClientConfig(Optional<String> defaultAccount, List<Account> accounts) {

  public static final ClientConfig EMPTY = new ClientConfig(Optional.empty(), List.of());

  public ClientConfig {
    accounts = List.copyOf(accounts);
  }

  /** The account with this name or address; the default one for null. */
  public Account account(@Nullable String wanted) throws MailFailure {
    if (accounts.isEmpty()) {
      throw new MailFailure(
          ExitCode.CONFIG, "no account is set up", "run: postrider setup you@example.org");
    }
    if (wanted == null) {
      String name = defaultAccount.orElse(accounts.getFirst().name());
      return find(name).orElseThrow(() -> unknown(name));
    }
    return find(wanted).orElseThrow(() -> unknown(wanted));
  }

  /** The account with this name or address. */
  public Optional<Account> find(String wanted) {
    return accounts.stream()
        .filter(a -> a.name().equals(wanted) || a.address().equalsIgnoreCase(wanted))
        .findFirst();
  }

  private MailFailure unknown(String wanted) {
    String known = accounts.stream().map(Account::name).collect(Collectors.joining(", "));
    return new MailFailure(
        ExitCode.CONFIG, "there is no account \"" + wanted + "\"", "the accounts are: " + known);
  }
}
