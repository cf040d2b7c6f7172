package dev.postrider.server.auth;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.postrider.protocol.address.MailAddress;
import dev.postrider.storage.accounts.Account;
import dev.postrider.storage.accounts.AccountId;
import dev.postrider.storage.accounts.Accounts;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Alice, whose password is "demo". */
final class OneAccount implements Accounts {
  String credential = PasswordHash.create("demo".getBytes(UTF_8));

  /** How often somebody asked what every credential has. */
  int asked;

  /** What happens just before a credential is replaced. */
  Runnable beforeReplacing = () -> {};

  Account alice() {
    return new Account(new AccountId(1), new MailAddress("alice", "a.test"), credential);
  }

  @Override
  public Optional<Account> find(MailAddress address) {
    Map<String, Account> known = new LinkedHashMap<>(Map.of("alice@a.test", alice()));
    return Optional.ofNullable(known.get(address.toString().toLowerCase(Locale.ROOT)));
  }

  @Override
  public Optional<Account> find(AccountId account) {
    return Optional.of(alice()).filter(one -> one.id().equals(account));
  }

  @Override
  public List<Account> list() {
    return List.of(alice());
  }

  @Override
  public Account create(MailAddress address, String phc) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void changeCredential(AccountId account, String phc) {
    credential = phc;
  }

  @Override
  public boolean replaceCredential(AccountId account, String expected, String replacement) {
    beforeReplacing.run();
    boolean same = credential.equals(expected);
    credential = same ? replacement : credential;
    return same;
  }

  @Override
  public boolean isInEveryCredential(String part) {
    asked++;
    return credential.contains(part);
  }

  @Override
  public void remove(AccountId account) {
    throw new UnsupportedOperationException();
  }
}
