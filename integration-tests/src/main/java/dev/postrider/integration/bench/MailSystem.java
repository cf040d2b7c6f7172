package dev.postrider.integration.bench;

import java.io.IOException;
import java.nio.file.Path;

/**
 * What takes mail by SMTP and shows it by IMAP, on 127.0.0.1.
 *
 * @param imapsPort IMAP over TLS from the first octet
 * @param certificate what IMAP shows, PEM
 * @param password of every account
 */
record MailSystem(String name, int smtpPort, int imapsPort, Path certificate, String password) {

  ImapWire login(String address) throws IOException {
    ImapWire wire = ImapWire.open(imapsPort, certificate);
    wire.run("LOGIN " + address + " " + password);
    return wire;
  }
}
