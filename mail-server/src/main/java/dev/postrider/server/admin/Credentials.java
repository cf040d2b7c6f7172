package dev.postrider.server.admin;

/** Turns a password into what is kept of it, in PHC string form. */
@FunctionalInterface
public interface Credentials {

  String of(String password);
}
