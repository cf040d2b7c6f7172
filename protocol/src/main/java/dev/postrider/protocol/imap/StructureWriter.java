package dev.postrider.protocol.imap;

import dev.postrider.protocol.message.Address;
import dev.postrider.protocol.message.Envelope;
import dev.postrider.protocol.message.Parameter;
import dev.postrider.protocol.message.ParameterPieces;
import dev.postrider.protocol.message.Part;
import dev.postrider.protocol.message.StructuredField;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * ENVELOPE and BODYSTRUCTURE. RFC 3501 section 7.4.2 and section 9, envelope and body.
 *
 * <p>Clients of IMAP4rev2 are also told what is in a message/global, and get parameters that were
 * written in pieces as one. RFC 9051 section 7.5.2.
 */
public final class StructureWriter {

  private final ImapWriter out;
  private final boolean rev2;

  public StructureWriter(ImapWriter out, boolean rev2) {
    this.out = out;
    this.rev2 = rev2;
  }

  /** The envelope, with its parentheses. */
  public void envelope(Envelope envelope) throws IOException {
    out.atom("(");
    nstring(envelope.date());
    out.space();
    nstring(envelope.subject());
    for (List<Address> addresses :
        List.of(
            envelope.from(),
            envelope.sender(),
            envelope.replyTo(),
            envelope.to(),
            envelope.cc(),
            envelope.bcc())) {
      out.space();
      addresses(addresses);
    }
    out.space();
    nstring(envelope.inReplyTo());
    out.space();
    nstring(envelope.messageId());
    out.atom(")");
  }

  /** {@code extensible}: with what BODYSTRUCTURE has and BODY has not. */
  public void body(Part part, boolean extensible) throws IOException {
    out.atom("(");
    if (part.isMultipart()) {
      for (Part child : part.children()) {
        body(child, extensible);
      }
      out.space();
      string(part.subtype());
      if (extensible) {
        out.space();
        parameters(part.parameters());
      }
    } else {
      single(part, extensible);
    }
    if (extensible) {
      extensions(part);
    }
    out.atom(")");
  }

  private void single(Part part, boolean extensible) throws IOException {
    string(part.type());
    out.space();
    string(part.subtype());
    out.space();
    parameters(part.parameters());
    out.space();
    nstring(part.id());
    out.space();
    nstring(part.description());
    out.space();
    string(part.encoding());
    out.space().number(part.bodyOctets());
    if (part.isMessage() && (rev2 || part.mediaType().equals("message/rfc822"))) {
      Part message = part.children().get(0);
      out.space();
      envelope(message.envelope().orElseThrow());
      out.space();
      body(message, extensible);
      out.space().number(part.bodyLines());
    } else if (part.isText()) {
      out.space().number(part.bodyLines());
    }
    if (extensible) {
      out.space();
      nstring(part.md5());
    }
  }

  private void extensions(Part part) throws IOException {
    out.space();
    Optional<StructuredField> disposition = part.disposition();
    if (disposition.isPresent()) {
      out.atom("(");
      string(disposition.get().value());
      out.space();
      parameters(disposition.get().parameters());
      out.atom(")");
    } else {
      out.atom("NIL");
    }
    out.space();
    languages(part.languages());
    out.space();
    nstring(part.location());
  }

  private void languages(List<String> languages) throws IOException {
    if (languages.isEmpty()) {
      out.atom("NIL");
      return;
    }
    String between = "(";
    for (String language : languages) {
      out.atom(between);
      string(language);
      between = " ";
    }
    out.atom(")");
  }

  private void parameters(List<Parameter> written) throws IOException {
    List<Parameter> parameters = rev2 ? ParameterPieces.joined(written) : written;
    if (parameters.isEmpty()) {
      out.atom("NIL");
      return;
    }
    String between = "(";
    for (Parameter parameter : parameters) {
      out.atom(between);
      string(parameter.name());
      out.space();
      string(parameter.value());
      between = " ";
    }
    out.atom(")");
  }

  private void addresses(List<Address> addresses) throws IOException {
    if (addresses.isEmpty()) {
      out.atom("NIL");
      return;
    }
    out.atom("(");
    for (Address address : addresses) {
      out.atom("(");
      nstring(address.name());
      out.space();
      nstring(address.route());
      out.space();
      nstring(address.mailbox());
      out.space();
      nstring(address.host());
      out.atom(")");
    }
    out.atom(")");
  }

  private void nstring(Optional<String> text) throws IOException {
    if (text.isPresent()) {
      string(text.get());
    } else {
      out.atom("NIL");
    }
  }

  /** {@code text} is an octet string: each char is an octet of the message. */
  private void string(String text) throws IOException {
    out.string(text.getBytes(StandardCharsets.ISO_8859_1));
  }
}
