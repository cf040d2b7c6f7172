package dev.postrider.server.admin;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** Moves mail of one account over a connection of the control socket. */
public interface TransferService {

  /** What becomes of a request. */
  sealed interface Admission {
    /** It is refused. */
    record Denied(AdminAnswer.Refused why) implements Admission {}

    /** It goes on: {@code conversation} is held, then closed. */
    record Granted(Conversation conversation) implements Admission {}
  }

  /** Talks until the other side closes. */
  interface Conversation extends AutoCloseable {
    /**
     * @param in buffered
     */
    void hold(InputStream in, OutputStream out) throws IOException;

    @Override
    void close();
  }

  Admission admit(TransferRequest request);
}
