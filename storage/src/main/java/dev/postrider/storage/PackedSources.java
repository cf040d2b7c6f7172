package dev.postrider.storage;

import dev.postrider.storage.log.Packer;
import dev.postrider.storage.log.Packer.PackedMessage;
import dev.postrider.storage.messages.MessageSource;
import dev.postrider.storage.messages.Spool;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * New messages, packed where that saves enough, until they are in the log. What is packed of small
 * ones is in memory; beyond {@link #MEMORY_OCTETS_MAX} of it, messages go as they are.
 */
final class PackedSources implements AutoCloseable {

  /** Octets of one commit. */
  static final long MEMORY_OCTETS_MAX = 16L * 1024 * 1024;

  private static final Logger log = LoggerFactory.getLogger(PackedSources.class);

  private final List<MessageSource> sources = new ArrayList<>();
  private final List<PackedMessage> packed = new ArrayList<>();
  private long memoryOctets;

  private PackedSources() {}

  static PackedSources of(List<MessageSource> messages, Packer packer) {
    PackedSources result = new PackedSources();
    for (MessageSource message : messages) {
      result.add(message, packer);
    }
    return result;
  }

  private void add(MessageSource message, Packer packer) {
    Optional<PackedMessage> smaller = Optional.empty();
    try {
      smaller = memoryOctets < MEMORY_OCTETS_MAX ? packer.pack(message) : Optional.empty();
    } catch (IOException | RuntimeException e) {
      // It goes as it is: if it cannot be read, or there is no room, the log will say so.
      log.warn("store.not-packed octets={} cause=\"{}\"", message.octets(), e.getMessage());
    }
    smaller.ifPresent(this::keep);
    sources.add(smaller.isPresent() ? smaller.get() : message);
  }

  private void keep(PackedMessage message) {
    packed.add(message);
    memoryOctets += message.room() > Spool.MEMORY_OCTETS_MAX ? 0 : message.room();
  }

  /** In the order of the messages. */
  List<MessageSource> sources() {
    return sources;
  }

  @Override
  public void close() {
    packed.forEach(PackedMessage::close);
  }
}
