package dev.postrider.client.session;

import jakarta.mail.internet.ParameterList;
import jakarta.mail.internet.ParseException;
import org.jspecify.annotations.Nullable;

/** A header value with parameters, such as Content-Disposition's. RFC 2045, RFC 2231. */
record HeaderValue(String value, @Nullable ParameterList parameters) {

  static HeaderValue parse(String text) {
    int semicolon = text.indexOf(';');
    if (semicolon < 0) {
      return new HeaderValue(text.strip(), null);
    }
    String value = text.substring(0, semicolon).strip();
    try {
      return new HeaderValue(value, new ParameterList(text.substring(semicolon)));
    } catch (ParseException e) {
      return new HeaderValue(value, null);
    }
  }

  /** Decoded from RFC 2231; empty when there is none. */
  String parameter(String name) {
    String found = parameters == null ? null : parameters.get(name);
    return found == null ? "" : found;
  }
}
