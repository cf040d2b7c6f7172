package dev.postrider.client.session;

import jakarta.mail.internet.ParameterList;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.eclipse.angus.mail.imap.protocol.BODYSTRUCTURE;
import org.jspecify.annotations.Nullable;

/** BODYSTRUCTURE as a tree of {@link MessagePart}s. RFC 9051 section 7.5.2. */
final class BodyStructures {
  /** Deeper nesting than any mail program makes; what is below is not looked at. */
  private static final int DEPTH_MAX = 50;

  private BodyStructures() {}

  static MessagePart tree(BODYSTRUCTURE root) {
    return root.isMulti() ? part(root, "", 0) : part(root, "1", 0);
  }

  private static MessagePart part(BODYSTRUCTURE b, String id, int depth) {
    List<MessagePart> children = new ArrayList<>();
    if (b.isMulti() && b.bodies != null && depth < DEPTH_MAX) {
      for (int i = 0; i < b.bodies.length; i++) {
        String childId = (id.isEmpty() ? "" : id + ".") + (i + 1);
        children.add(part(b.bodies[i], childId, depth + 1));
      }
    }
    Map<String, String> parameters = map(b.cParams);
    String type = b.isMulti() ? "multipart" : word(b.type);
    String fileName = map(b.dParams).getOrDefault("filename", parameters.getOrDefault("name", ""));
    return new MessagePart(
        id,
        type + "/" + word(b.subtype),
        parameters,
        word(b.encoding),
        word(b.disposition),
        Headers.decode(repair(fileName)),
        b.isMulti() ? -1 : b.size,
        children);
  }

  private static String word(@Nullable String text) {
    return text == null ? "" : text.strip().toLowerCase(Locale.ROOT);
  }

  private static Map<String, String> map(@Nullable ParameterList list) {
    Map<String, String> map = new TreeMap<>();
    if (list != null) {
      for (String name : Collections.list(list.getNames())) {
        String value = list.get(name);
        if (value != null) {
          map.put(name.toLowerCase(Locale.ROOT), value);
        }
      }
    }
    return map;
  }

  /** Angus reads 8-bit strings octet by octet; what was UTF-8 becomes UTF-8 again. */
  private static String repair(String text) {
    boolean octets = text.chars().allMatch(c -> c < 0x100) && text.chars().anyMatch(c -> c > 0x7F);
    return octets
        ? Headers.text(text.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1))
        : text;
  }
}
