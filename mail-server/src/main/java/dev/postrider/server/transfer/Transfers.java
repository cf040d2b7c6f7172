package dev.postrider.server.transfer;

import dev.postrider.server.admin.AdminAnswer.Reason;
import dev.postrider.server.admin.AdminAnswer.Refused;
import dev.postrider.server.admin.TransferRequest;
import dev.postrider.server.admin.TransferService;
import dev.postrider.storage.Store;
import dev.postrider.storage.StoreException;
import dev.postrider.storage.accounts.Account;
import dev.postrider.storage.accounts.AccountId;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Transfers with the running server. Two imports into one account at the same time would each not
 * know what the other files, and file it twice: the second is refused.
 */
public final class Transfers implements TransferService {

  private static final Logger log = LoggerFactory.getLogger(Transfers.class);

  private final Store store;
  private final long messageOctetsMax;
  private final Set<AccountId> filing = ConcurrentHashMap.newKeySet();

  public Transfers(Store store, long messageOctetsMax) {
    this.store = store;
    this.messageOctetsMax = messageOctetsMax;
  }

  @Override
  public Admission admit(TransferRequest request) {
    try {
      Optional<Account> account = store.accounts().find(request.account());
      if (account.isEmpty()) {
        return denied(
            Reason.NOT_FOUND, "there is no account " + request.account() + "; see 'account list'");
      }
      if (request.filing() && !request.dryRun() && !filing.add(account.get().id())) {
        return denied(
            Reason.TEMPORARY,
            "another import into " + request.account() + " is under way; wait for its end");
      }
      return new Admission.Granted(new Talk(request, account.get().id()));
    } catch (StoreException failed) {
      return denied(Reason.FAILED, String.valueOf(failed.getMessage()));
    }
  }

  private static Admission denied(Reason reason, String text) {
    return new Admission.Denied(new Refused(reason, text));
  }

  private final class Talk implements Conversation {
    private final TransferRequest request;
    private final AccountId account;

    Talk(TransferRequest request, AccountId account) {
      this.request = request;
      this.account = account;
    }

    @Override
    public void hold(InputStream in, OutputStream out) throws IOException {
      log.info("transfer.began account={} filing={}", request.account(), request.filing());
      try (StoredMail mail = new StoredMail(store, account, messageOctetsMax, request.dryRun())) {
        AccountMail.Filed filed = new TransferSession(mail, in, out).serve();
        log.info(
            "transfer.ended account={} filed={} known={}",
            request.account(),
            filed.filed(),
            filed.known());
      } catch (IOException cut) {
        log.info("transfer.cut account={} reason={}", request.account(), cut.toString());
      }
    }

    @Override
    public void close() {
      if (request.filing() && !request.dryRun()) {
        filing.remove(account);
      }
    }
  }
}
