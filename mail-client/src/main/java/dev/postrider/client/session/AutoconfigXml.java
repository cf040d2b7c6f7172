package dev.postrider.client.session;

import dev.postrider.client.accounts.Endpoint;
import dev.postrider.client.accounts.TlsMode;
import java.util.Locale;
import java.util.Optional;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.parser.Parser;

/**
 * Mozilla's autoconfig format, version 1.1, as far as it is about IMAP and SMTP with passwords.
 * Read by jsoup's XML parser, which knows no entities and loads nothing.
 */
final class AutoconfigXml {
  private final Document document;
  private final String address;
  private String user = "";

  private AutoconfigXml(Document document, String address) {
    this.document = document;
    this.address = address;
  }

  /** The servers in {@code xml}, or empty when it names no pair this client can use. */
  static Optional<Discovered> parse(String xml, String address, String origin) {
    AutoconfigXml reader = new AutoconfigXml(Jsoup.parse(xml, "", Parser.xmlParser()), address);
    Optional<Endpoint> imap = reader.server("incomingServer", "imap");
    String user = reader.user;
    Optional<Endpoint> smtp = reader.server("outgoingServer", "smtp");
    if (imap.isEmpty() || smtp.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Discovered(imap.get(), smtp.get(), user.isEmpty() ? address : user, origin));
  }

  /** The first server of a kind that has TLS: the order is the provider's preference. */
  private Optional<Endpoint> server(String element, String type) {
    for (Element server : document.select(element + "[type=" + type + "]")) {
      Optional<TlsMode> tls = tls(text(server, "socketType"));
      String host = fill(text(server, "hostname"));
      String port = text(server, "port");
      boolean good = host.matches("[A-Za-z0-9.-]+") && port.matches("[1-9][0-9]{0,4}");
      if (tls.isPresent() && good && Integer.parseInt(port) <= 65535) {
        user = fill(text(server, "username"));
        return Optional.of(new Endpoint(host, Integer.parseInt(port), tls.get()));
      }
    }
    return Optional.empty();
  }

  private static Optional<TlsMode> tls(String word) {
    return switch (word.toUpperCase(Locale.ROOT)) {
      case "SSL" -> Optional.of(TlsMode.TLS);
      case "STARTTLS" -> Optional.of(TlsMode.STARTTLS);
      // "plain" would send the password for everybody to read.
      default -> Optional.empty();
    };
  }

  private static String text(Element server, String name) {
    Element child = server.selectFirst(name);
    return child == null ? "" : child.text().strip();
  }

  private String fill(String text) {
    int at = address.lastIndexOf('@');
    return text.replace("%EMAILADDRESS%", address)
        .replace("%EMAILLOCALPART%", address.substring(0, at))
        .replace("%EMAILDOMAIN%", address.substring(at + 1));
  }
}
