package dev.postrider.storage;

import java.nio.file.Path;

/** Where a store is. */
public sealed interface StorePlace {

  /** In a directory of this machine: {@link LocalStore}. */
  record Local(Path directory) implements StorePlace {
    @Override
    public String toString() {
      return directory.toString();
    }
  }

  /** In a database that several servers share: {@link SharedStore}. */
  record Shared(SharedSettings settings) implements StorePlace {
    @Override
    public String toString() {
      return settings.database().toString();
    }
  }
}
