package dev.postrider.protocol.text;

/** What ends a line. */
public enum LineEnding {
  /**
   * CRLF alone. A CR without LF or a LF without CR is an error, for two programs that disagree
   * about it see different commands in the same octets (RFC 5321 section 2.3.8).
   */
  STRICT,

  /**
   * CRLF or a LF alone; a CR elsewhere is part of the line. For replies of old servers, never for
   * commands or messages.
   */
  CRLF_OR_LF
}
