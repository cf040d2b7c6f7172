package dev.postrider.storage.mailboxes;

import java.util.Optional;

/**
 * A set of rights.
 *
 * @param bits one for each {@link Right}, by its letter
 */
public record Rights(int bits) {

  public static final Rights NONE = new Rights(0);

  public static final Rights ALL = of(Right.values());

  public Rights {
    if ((bits & ~bitsOf(Right.values())) != 0) {
      throw new IllegalArgumentException("no such rights: " + bits);
    }
  }

  public static Rights of(Right... rights) {
    return new Rights(bitsOf(rights));
  }

  private static int bitsOf(Right... rights) {
    int bits = 0;
    for (Right right : rights) {
      bits |= right.bit();
    }
    return bits;
  }

  /** Rights by their letters, in any order; empty when a letter stands for none. */
  public static Optional<Rights> parse(String letters) {
    int bits = 0;
    for (int i = 0; i < letters.length(); i++) {
      Optional<Right> right = Right.of(letters.charAt(i));
      if (right.isEmpty()) {
        return Optional.empty();
      }
      bits |= right.get().bit();
    }
    return Optional.of(new Rights(bits));
  }

  public boolean has(Right right) {
    return (bits & right.bit()) != 0;
  }

  public boolean hasAny(Rights others) {
    return (bits & others.bits) != 0;
  }

  public Rights plus(Rights others) {
    return new Rights(bits | others.bits);
  }

  public Rights minus(Rights others) {
    return new Rights(bits & ~others.bits);
  }

  public boolean isEmpty() {
    return bits == 0;
  }

  /** Their letters, each once, in the order of {@link Right}. */
  public String letters() {
    StringBuilder letters = new StringBuilder();
    for (Right right : Right.values()) {
      if (has(right)) {
        letters.append(right.letter());
      }
    }
    return letters.toString();
  }

  @Override
  public String toString() {
    return "Rights[" + letters() + "]";
  }
}
