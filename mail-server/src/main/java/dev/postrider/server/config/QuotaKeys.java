package dev.postrider.server.config;

import java.util.List;

/** The keys of {@code [quota]}, as a part of {@link ConfigKeys}. */
final class QuotaKeys {

  private static final String QUOTA = "quota";
  private static final int MANY = 1_000_000_000;

  private QuotaKeys() {}

  static final ConfigKey<Long> STORAGE =
      ConfigKey.of(
          QUOTA,
          "storage",
          Formats.size(0, 1L << 60),
          StoreConfig.DEFAULTS.quota().octets(),
          "0",
          "How much mail an account may have, all its mailboxes together; 0: as much as there is"
              + " room. Mail that is over that is refused: for now by SMTP, which its sender"
              + " tries again, and for good by IMAP. 'postriderd account quota' gives single"
              + " accounts other limits.");

  static final ConfigKey<Integer> MESSAGES =
      ConfigKey.of(
          QUOTA,
          "messages",
          Formats.count(0, MANY),
          0,
          "0",
          "How many messages an account may have, in all its mailboxes together; 0: any number.");

  static final ConfigKey<Integer> MAILBOXES =
      ConfigKey.of(
          QUOTA,
          "mailboxes",
          Formats.count(0, MANY),
          0,
          "0",
          "How many mailboxes an account may have, the six that it begins with among them; 0: as"
              + " many as the store can keep.");

  static final List<ConfigKey<?>> ALL = List.of(STORAGE, MESSAGES, MAILBOXES);
}
