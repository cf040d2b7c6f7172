package dev.postrider.server.admin;

import dev.postrider.storage.Progress;

/** Carries out what an operator asks for: in this process, or in the one that runs the server. */
@FunctionalInterface
public interface Administration {

  /**
   * @param progress is told how far it is, when it takes long
   */
  AdminAnswer run(AdminRequest request, Progress progress);

  /** The same, for what does not take long. */
  default AdminAnswer run(AdminRequest request) {
    return run(request, Progress.NONE);
  }
}
