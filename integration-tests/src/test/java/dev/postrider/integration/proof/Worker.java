package dev.postrider.integration.proof;

import java.io.IOException;

/** Somebody who uses a server, and knows afterwards what was promised. */
interface Worker {

  /** Works until the load ends. Throws when the server is killed meanwhile. */
  void work(Load load) throws IOException;

  /** Looks, on servers that run again and have nothing queued, whether promises were kept. */
  void check(Verdict verdict) throws IOException;
}
