package dev.postrider.protocol.imap;

/** RFC 3501 section 3. The fourth, logout, allows no command. */
public enum SessionState {
  NOT_AUTHENTICATED,
  AUTHENTICATED,
  SELECTED
}
