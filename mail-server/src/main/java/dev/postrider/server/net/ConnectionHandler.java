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

  /** Whether the server is stopping. */
  interface Drain {
    boolean isDraining();

    /** Calls {@code action} when draining begins, from another thread; at once if it has. */
    void onDrain(Runnable action);
  }
}
