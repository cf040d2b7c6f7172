package dev.postrider.storage.sql;

/**
 * Where a shared store has the bytes of a message: what the column {@code segment} of its row says.
 */
public final class SharedPlace {

  /** In rows of the database. */
  public static final int DATABASE = 0;

  /** In the object store. */
  public static final int OBJECT = 1;

  private SharedPlace() {}
}
