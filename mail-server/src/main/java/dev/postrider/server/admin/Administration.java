package dev.postrider.server.admin;

/** Carries out what an operator asks for: in this process, or in the one that runs the server. */
@FunctionalInterface
public interface Administration {

  AdminAnswer run(AdminRequest request);
}
