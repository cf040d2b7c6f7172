package dev.postrider.server.main;

import dev.postrider.protocol.address.MailAddress;
import dev.postrider.server.admin.AdminAnswer;
import dev.postrider.server.admin.ControlClient;
import dev.postrider.server.admin.TransferRequest;
import dev.postrider.server.config.ServerConfig;
import dev.postrider.server.transfer.AccountMail;
import dev.postrider.server.transfer.RemoteMail;
import dev.postrider.server.transfer.StoredMail;
import dev.postrider.server.transfer.TransferException;
import dev.postrider.storage.Store;
import dev.postrider.storage.StoreException;
import dev.postrider.storage.accounts.Account;
import dev.postrider.storage.accounts.AccountId;
import java.io.IOException;
import java.time.Clock;

/**
 * The mail of an account, for a transfer: through the server that runs on the data directory, so
 * that its sessions see what comes in; else in the store, which is opened for it.
 */
final class MailAccess {

  /** What is done with the mail. */
  interface Work<T> {
    T on(AccountMail mail) throws TransferException, StoreException;
  }

  private final ServerConfig config;

  MailAccess(ServerConfig config) {
    this.config = config;
  }

  <T> T with(TransferRequest request, Work<T> work) throws TransferException, StoreException {
    try (ControlClient running = ControlClient.connect(config.dataDirectory()).orElse(null)) {
      if (running != null) {
        return through(running, request, work);
      }
    } catch (IOException failed) {
      throw AdminAccess.unreachable(config, failed);
    }
    AdminAccess.requireDataDirectory(config);
    try (Store store = Stores.open(config, Clock.systemUTC(), ServeCommand::end);
        StoredMail mail =
            new StoredMail(
                store,
                account(store, request.account()),
                config.limits().messageOctetsMax(),
                request.dryRun())) {
      return work.on(mail);
    }
  }

  private static <T> T through(ControlClient running, TransferRequest request, Work<T> work)
      throws TransferException, StoreException {
    if (running.begin(request) instanceof AdminAnswer.Refused refused) {
      throw AdminAccess.refusal(refused);
    }
    try (RemoteMail mail = new RemoteMail(running.in(), running.out(), running::close)) {
      return work.on(mail);
    }
  }

  private static AccountId account(Store store, MailAddress address) throws StoreException {
    return store
        .accounts()
        .find(address)
        .map(Account::id)
        .orElseThrow(
            () ->
                new Refusal(
                    ExitCode.NO_ENTRY, "there is no account " + address + "; see 'account list'"));
  }
}
