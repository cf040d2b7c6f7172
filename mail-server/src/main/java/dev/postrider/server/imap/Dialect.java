package dev.postrider.server.imap;

import dev.postrider.protocol.imap.Extension;
import dev.postrider.protocol.imap.ImapWriter;
import dev.postrider.protocol.imap.MailboxName;
import dev.postrider.storage.messages.Message;
import java.io.IOException;
import java.util.Set;

/**
 * How one client is spoken to: the extensions that it may use, and what it has enabled. RFC 5161.
 *
 * <p>What is enabled stays so until the end, or until UNAUTHENTICATE. RFC 8437 section 4.1.
 *
 * <p>Threads: whoever holds the lock of the session's {@link ImapStreams}.
 */
final class Dialect {

  private Set<Extension> spoken;
  private Awareness awareness = Awareness.PLAIN;
  private boolean rev2;
  private boolean utf8;
  private boolean uidsAlone;

  Dialect(Set<Extension> spoken) {
    this.spoken = spoken;
  }

  /** From now on these. */
  void speak(Set<Extension> extensions) {
    spoken = extensions;
  }

  /** What was enabled is not any more. */
  void forget() {
    awareness = Awareness.PLAIN;
    rev2 = false;
    utf8 = false;
    uidsAlone = false;
  }

  /** Those that the client may use. */
  Set<Extension> spoken() {
    return spoken;
  }

  boolean speaks(Extension extension) {
    return spoken.contains(extension);
  }

  Awareness awareness() {
    return awareness;
  }

  void aware(Awareness of) {
    awareness = of;
  }

  boolean knowsModSeqs() {
    return awareness.knowsModSeqs();
  }

  /** Whether it speaks IMAP4rev2, and not IMAP4rev1. RFC 9051 appendix A. */
  boolean isRev2() {
    return rev2;
  }

  /** From now on. */
  void enableRev2() {
    rev2 = true;
  }

  /** Whether it has enabled UTF8=ACCEPT. RFC 6855 section 3. */
  boolean acceptsUtf8() {
    return utf8;
  }

  /** From now on. */
  void enableUtf8() {
    utf8 = true;
  }

  /** Whether text is in UTF-8, and names not in modified UTF-7. RFC 9051 section 5.1. */
  boolean isUtf8() {
    return rev2 || utf8;
  }

  /** Whether the client may make a mailbox of this name. Others' names are left as they are. */
  boolean isCreatable(String name) {
    return MailboxName.isCreatable(name) && (!isUtf8() || MailboxName.isNormalized(name));
  }

  /** Whether it neither says nor hears sequence numbers. RFC 9586 section 3. */
  boolean isUidsAlone() {
    return uidsAlone;
  }

  /** From now on. */
  void enableUidsAlone() {
    uidsAlone = true;
  }

  /** Whether it is told {@code VANISHED}, and not {@code EXPUNGE}. RFC 9586 section 3.4. */
  boolean knowsVanished() {
    return uidsAlone || awareness == Awareness.QRESYNC;
  }

  /** {@code * n FETCH (}, or what stands for it. RFC 9586 section 3.3. */
  void openFetch(ImapWriter writer, int position, Message message) throws IOException {
    if (uidsAlone) {
      writer.atom("* ").number(message.uid().value()).atom(" UIDFETCH (");
    } else {
      writer.atom("* ").number(position + 1L).atom(" FETCH (");
    }
  }
}
