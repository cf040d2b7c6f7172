package dev.postrider.storage.messages;

/** How the flags of messages are to change. RFC 3501 section 6.4.6. */
public sealed interface FlagChange {

  Flags flags();

  /** What a message that has {@code before} has afterwards. */
  default Flags applyTo(Flags before) {
    return switch (this) {
      case Add add -> before.plus(add.flags);
      case Remove remove -> before.minus(remove.flags);
      case Replace replace -> replace.flags;
    };
  }

  /** +FLAGS. */
  record Add(Flags flags) implements FlagChange {}

  /** -FLAGS. */
  record Remove(Flags flags) implements FlagChange {}

  /** FLAGS. */
  record Replace(Flags flags) implements FlagChange {}
}
