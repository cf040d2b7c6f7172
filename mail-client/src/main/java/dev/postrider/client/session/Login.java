package dev.postrider.client.session;

/** A user and password. {@link #toString()} keeps the password to itself. */
public record Login(String user, String password) {
  @Override
  public String toString() {
    return "Login[" + user + "]";
  }
}
