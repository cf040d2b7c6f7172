package dev.postrider.storage.accounts;

/**
 * What an account may use at most, of each resource: {@link #NONE}, {@link #UNSET}, or how much.
 *
 * @param octets sum of the sizes of its messages
 * @param messages in all of its mailboxes
 * @param mailboxes with INBOX
 */
public record Quota(long octets, long messages, long mailboxes) {

  /** No limit. */
  public static final long NONE = 0;

  /** The limit of every account that has none of its own. */
  public static final long UNSET = -1;

  public static final Quota UNLIMITED = new Quota(NONE, NONE, NONE);

  public static final Quota DEFAULT = new Quota(UNSET, UNSET, UNSET);

  public Quota {
    if (octets < UNSET || messages < UNSET || mailboxes < UNSET) {
      throw new IllegalArgumentException("a limit below 0");
    }
  }

  /** These limits, and those of {@code others} where there are none here. */
  public Quota or(Quota others) {
    return new Quota(
        octets == UNSET ? others.octets : octets,
        messages == UNSET ? others.messages : messages,
        mailboxes == UNSET ? others.mailboxes : mailboxes);
  }

  /** Whether anything is limited at all. */
  public boolean isLimited() {
    return octets > 0 || messages > 0 || mailboxes > 0;
  }

  /** Whether {@code more} may come to {@code usage}: of what it is nothing of, there is room. */
  public boolean hasRoom(Usage usage, Usage more) {
    return fits(octets, usage.octets(), more.octets())
        && fits(messages, usage.messages(), more.messages())
        && fits(mailboxes, usage.mailboxes(), more.mailboxes());
  }

  private static boolean fits(long limit, long used, long more) {
    return limit <= 0 || more <= 0 || used + more <= limit;
  }

  /** What an account uses, or what is to come to it; then it may be below 0. */
  public record Usage(long octets, long messages, long mailboxes) {

    public static final Usage NOTHING = new Usage(0, 0, 0);

    public Usage plus(Usage other) {
      return new Usage(
          octets + other.octets, messages + other.messages, mailboxes + other.mailboxes);
    }

    /** Whether it needs room of anything. */
    public boolean isMore() {
      return octets > 0 || messages > 0 || mailboxes > 0;
    }
  }
}
