package dev.postrider.integration.bench;

import dev.postrider.storage.StoreException;
import dev.postrider.storage.StoreSettings;
import dev.postrider.storage.mailboxes.MailboxId;
import java.nio.file.Path;

/**
 * A process with a store, to be killed.
 *
 * <p>Arguments: the directory of the store; that of an empty one, which is opened first, so that
 * what a JVM needs to load classes is told apart; octets of a message; how many messages are filled
 * in. Then it delivers until its end.
 */
final class StoreChild {

  /** What it prints, followed by nanoseconds. */
  static final String OPENED_EMPTY = "opened-empty";

  static final String OPENED = "opened";
  static final String FILLED = "filled";

  private static final int THREADS = 4;

  private StoreChild() {}

  public static void main(String[] arguments) throws StoreException {
    tell(OPENED_EMPTY, open(Path.of(arguments[1])));
    long begin = System.nanoTime();
    // Closed by SIGKILL alone.
    StoreUnderLoad load = new StoreUnderLoad(Path.of(arguments[0]), StoreSettings.defaults());
    tell(OPENED, System.nanoTime() - begin);
    int octets = Integer.parseInt(arguments[2]);
    MailboxId inbox = load.inbox();
    begin = System.nanoTime();
    load.fill(inbox, new Mail(octets, 1), Integer.parseInt(arguments[3]));
    tell(FILLED, System.nanoTime() - begin);
    for (int i = 0; i < THREADS; i++) {
      Mail mail = new Mail(octets, i);
      Thread.ofPlatform().start(() -> deliver(load, inbox, mail));
    }
  }

  private static long open(Path directory) throws StoreException {
    long begin = System.nanoTime();
    try (StoreUnderLoad empty = new StoreUnderLoad(directory, StoreSettings.defaults())) {
      long nanos = System.nanoTime() - begin;
      var _ = empty.deliver(empty.inbox(), new Mail(1024, 1).next());
      return nanos;
    }
  }

  private static void deliver(StoreUnderLoad load, MailboxId inbox, Mail mail) {
    try {
      while (true) {
        var _ = load.deliver(inbox, mail.next());
      }
    } catch (StoreException e) {
      throw new IllegalStateException("a delivery failed", e);
    }
  }

  private static void tell(String what, long nanos) {
    System.out.println(what + " " + nanos);
    System.out.flush();
  }
}
