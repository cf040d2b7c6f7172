package dev.postrider.client.compose;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.postrider.client.ExitCode;
import dev.postrider.client.MailFailure;
import dev.postrider.client.session.Person;
import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import java.io.UnsupportedEncodingException;
import java.net.IDN;
import java.util.ArrayList;
import java.util.List;

/**
 * Addresses as people type them. Domains become ASCII at once (IDNA; Java's is IDNA 2003), so that
 * only local parts can need SMTPUTF8.
 */
public final class Addresses {
  private Addresses() {}

  /** All addresses in some arguments, each of which may be a list with commas. */
  public static List<InternetAddress> parse(List<String> arguments) throws MailFailure {
    List<InternetAddress> addresses = new ArrayList<>();
    for (String argument : arguments) {
      HeaderText.requireOneLine("an address", argument);
      try {
        for (InternetAddress parsed : InternetAddress.parse(argument, false)) {
          addresses.add(checked(parsed, argument));
        }
      } catch (AddressException e) {
        throw noAddress(argument).causedBy(e);
      }
    }
    return addresses;
  }

  /** One address with a name, which may be empty. */
  public static InternetAddress of(String name, String address) throws MailFailure {
    HeaderText.requireOneLine("a name", name);
    HeaderText.requireOneLine("an address", address);
    InternetAddress result = new InternetAddress();
    result.setAddress(address);
    if (!name.isEmpty()) {
      personal(result, name);
    }
    return checked(result, address);
  }

  public static InternetAddress of(Person person) throws MailFailure {
    return of(person.name(), person.address());
  }

  private static InternetAddress checked(InternetAddress parsed, String typed) throws MailFailure {
    String address = parsed.getAddress();
    int at = address == null ? -1 : address.lastIndexOf('@');
    if (address == null || at < 1 || at == address.length() - 1) {
      throw noAddress(typed);
    }
    String local = address.substring(0, at);
    if (local.chars().anyMatch(c -> c <= ' ' || c == 0x7F) && !local.startsWith("\"")) {
      throw noAddress(typed);
    }
    parsed.setAddress(local + "@" + asciiDomain(address.substring(at + 1), typed));
    if (parsed.getPersonal() != null) {
      personal(parsed, parsed.getPersonal());
    }
    return parsed;
  }

  private static String asciiDomain(String domain, String typed) throws MailFailure {
    if (domain.startsWith("[") && domain.endsWith("]")) {
      return domain;
    }
    try {
      String ascii = IDN.toASCII(domain, IDN.ALLOW_UNASSIGNED);
      if (ascii.matches("[A-Za-z0-9._-]+") && !ascii.contains("..")) {
        return ascii;
      }
    } catch (IllegalArgumentException e) {
      throw noAddress(typed).causedBy(e);
    }
    throw noAddress(typed);
  }

  private static void personal(InternetAddress address, String name) {
    try {
      address.setPersonal(name, UTF_8.name());
    } catch (UnsupportedEncodingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static MailFailure noAddress(String typed) {
    return new MailFailure(
        ExitCode.DATA,
        "\"" + typed + "\" is no mail address",
        "write it as name@example.org or \"Full Name <name@example.org>\"");
  }
}
