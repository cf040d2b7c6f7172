package dev.postrider.server.net;

/** What happens on a connection, from the greeting on. */
@FunctionalInterface
public interface ConnectionHandler {

  /**
   * Runs the session until it ends, on the calling thread. The listener closes the connection
   * afterwards.
   *
   * @param drain asked before each command: once it says so, the session says goodbye and returns
   */
  void serve(Connection connection, Drain drain) throws Exception;

  /**
   * What a peer is told, in the clear, that gets no session; the listener sends it and closes.
   * Nothing, unless the protocol has words for it.
   */
  default byte[] refusal(Refusal why) {
    return new byte[0];
  }

  /** Whether the server is stopping. */
  interface Drain {
    boolean isDraining();

    /**
     * Calls {@code action} when draining begins, on a thread of its own; at once if it has. It may
     * write a last line and close the connection, if the session's thread lets it.
     */
    void onDrain(Runnable action);
  }
}
