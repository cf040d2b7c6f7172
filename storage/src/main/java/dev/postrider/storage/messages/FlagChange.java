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
      case ReplaceSome some -> before.minus(some.among(before)).plus(some.among(some.flags));
    };
  }

  /** +FLAGS. */
  record Add(Flags flags) implements FlagChange {}

  /** -FLAGS. */
  record Remove(Flags flags) implements FlagChange {}

  /** FLAGS. */
  record Replace(Flags flags) implements FlagChange {}

  /**
   * FLAGS of who may not change all of them: others stay as they are.
   *
   * @param system bits of the system flags that change
   * @param keywords whether keywords do
   */
  record ReplaceSome(Flags flags, int system, boolean keywords) implements FlagChange {
    private Flags among(Flags all) {
      return new Flags(all.system() & system, keywords ? all.keywords() : Flags.NONE.keywords());
    }
  }
}
