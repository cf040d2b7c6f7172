package dev.postrider.protocol.message;

/**
 * A parameter of a MIME field, both octet strings.
 *
 * @param name as written, such as {@code filename*0*}
 * @param value unquoted; RFC 2231 encoding left as it is
 */
public record Parameter(String name, String value) {}
