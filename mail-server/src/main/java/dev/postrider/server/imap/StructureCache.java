package dev.postrider.server.imap;

import dev.postrider.protocol.message.MessageStructure;
import dev.postrider.protocol.message.Part;
import dev.postrider.storage.StoreException;
import dev.postrider.storage.messages.BodyId;
import dev.postrider.storage.messages.Messages;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Where the parts of messages lie, of the messages that were looked into last: a client asks for
 * BODYSTRUCTURE and then for one part after the other. Shared by all sessions; a body never
 * changes, so nothing in here gets wrong.
 */
final class StructureCache {

  /** Messages that are remembered. */
  private static final int ENTRIES_MAX = 512;

  /** Parts of a message that is worth remembering; one with more is read again. */
  private static final int PARTS_MAX = 100;

  private final Messages messages;
  private final Map<BodyId, Part> recent =
      new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<BodyId, Part> eldest) {
          return size() > ENTRIES_MAX;
        }
      };

  StructureCache(Messages messages) {
    this.messages = messages;
  }

  /** The structure of a message; reads the message where it is not remembered. */
  Part structure(BodyId body) throws IOException, StoreException {
    synchronized (recent) {
      Part known = recent.get(body);
      if (known != null) {
        return known;
      }
    }
    Part read;
    try (InputStream in = messages.body(body).open()) {
      read = MessageStructure.parse(in);
    }
    if (parts(read) <= PARTS_MAX) {
      synchronized (recent) {
        recent.put(body, read);
      }
    }
    return read;
  }

  private static int parts(Part part) {
    int parts = 1;
    for (Part child : part.children()) {
      parts += parts(child);
    }
    return parts;
  }
}
