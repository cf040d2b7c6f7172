package dev.postrider.client.session;

import dev.postrider.client.ExitCode;
import dev.postrider.client.MailFailure;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeUtility;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.angus.mail.imap.protocol.BODY;
import org.eclipse.angus.mail.imap.protocol.BODYSTRUCTURE;
import org.eclipse.angus.mail.imap.protocol.FetchResponse;
import org.eclipse.angus.mail.imap.protocol.UID;

/**
 * A message on the server. Only what is asked for is fetched: the header and structure at once,
 * parts when they are opened, and those in pieces, so that an attachment of any size takes no more
 * memory than a piece. Nothing here sets \Seen.
 */
public final class ServerMessage implements MessageContent {
  /** What one FETCH asks for. Octets. */
  private static final int PIECE_OCTETS = 1 << 20;

  private final SelectedFolder folder;
  private final long uid;
  private final Headers headers;
  private final Optional<MessagePart> structure;

  private ServerMessage(
      SelectedFolder folder, long uid, Headers headers, Optional<MessagePart> structure) {
    this.folder = folder;
    this.uid = uid;
    this.headers = headers;
    this.structure = structure;
  }

  static ServerMessage fetch(SelectedFolder folder, long uid) throws MailFailure {
    Headers headers = null;
    for (FetchResponse response : folder.fetch("UID FETCH " + uid + " (UID BODY.PEEK[HEADER])")) {
      BODY body = response.getItem(BODY.class);
      if (isFor(response, uid) && body != null) {
        headers = Headers.parse(SelectedFolder.octets(body));
      }
    }
    if (headers == null) {
      throw new MailFailure(
          ExitCode.NO_USER,
          "there is no message " + uid + " in " + folder.name(),
          "postrider list -f \"" + folder.name() + "\" shows the messages");
    }
    return new ServerMessage(folder, uid, headers, structure(folder, uid));
  }

  /** Empty when the server's BODYSTRUCTURE cannot be read: then the raw message is parsed. */
  private static Optional<MessagePart> structure(SelectedFolder folder, long uid)
      throws MailFailure {
    for (FetchResponse response : folder.fetch("UID FETCH " + uid + " (UID BODYSTRUCTURE)")) {
      BODYSTRUCTURE structure = response.getItem(BODYSTRUCTURE.class);
      if (isFor(response, uid) && structure != null) {
        return Optional.of(BodyStructures.tree(structure));
      }
    }
    return Optional.empty();
  }

  private static boolean isFor(FetchResponse response, long uid) {
    UID item = response.getItem(UID.class);
    return item != null && item.uid == uid;
  }

  public long uid() {
    return uid;
  }

  /** Whether the server described the structure; if not, use {@link #raw()}. */
  public boolean hasStructure() {
    return structure.isPresent();
  }

  @Override
  public Headers headers() {
    return headers;
  }

  @Override
  public MessagePart structure() {
    return structure.orElseGet(
        () -> new MessagePart("1", "text/plain", Map.of(), "", "", "", -1, List.of()));
  }

  @Override
  public InputStream open(MessagePart part) throws MailFailure {
    InputStream encoded = new Pieces(part.id());
    try {
      return part.encoding().isEmpty() ? encoded : MimeUtility.decode(encoded, part.encoding());
    } catch (MessagingException e) {
      return encoded;
    }
  }

  @Override
  public InputStream raw() {
    return new Pieces("");
  }

  /** A section of the message, fetched piece by piece as it is read. */
  private final class Pieces extends InputStream {
    private final String section;
    private long offset;
    private byte[] piece = new byte[0];
    private int position;
    private boolean ended;

    Pieces(String section) {
      this.section = section;
    }

    @Override
    public int read() throws IOException {
      return fill() ? piece[position++] & 0xFF : -1;
    }

    @Override
    public int read(byte[] target, int from, int length) throws IOException {
      if (length == 0) {
        return 0;
      }
      if (!fill()) {
        return -1;
      }
      int n = Math.min(length, piece.length - position);
      System.arraycopy(piece, position, target, from, n);
      position += n;
      return n;
    }

    private boolean fill() throws IOException {
      if (position < piece.length) {
        return true;
      }
      if (ended) {
        return false;
      }
      try {
        piece = fetchPiece();
      } catch (MailFailure e) {
        throw new BrokenFetch(e);
      }
      position = 0;
      offset += piece.length;
      ended = piece.length < PIECE_OCTETS;
      return piece.length > 0;
    }

    private byte[] fetchPiece() throws MailFailure {
      String command =
          "UID FETCH "
              + uid
              + " (UID BODY.PEEK["
              + section
              + "]<"
              + offset
              + "."
              + PIECE_OCTETS
              + ">)";
      for (FetchResponse response : folder.fetch(command)) {
        BODY body = response.getItem(BODY.class);
        if (isFor(response, uid) && body != null) {
          return SelectedFolder.octets(body);
        }
      }
      return new byte[0];
    }
  }

  /** A fetch that failed while a stream was being read; {@link #failure()} says how. */
  public static final class BrokenFetch extends IOException {
    private static final long serialVersionUID = 1;
    private final MailFailure failure;

    BrokenFetch(MailFailure failure) {
      super(failure.text(), failure);
      this.failure = failure;
    }

    public MailFailure failure() {
      return failure;
    }
  }
}
