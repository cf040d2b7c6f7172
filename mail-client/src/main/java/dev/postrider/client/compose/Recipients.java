package dev.postrider.client.compose;

import dev.postrider.client.MailFailure;
import dev.postrider.client.session.Headers;
import dev.postrider.client.session.Person;
import jakarta.mail.internet.InternetAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Who gets an answer. RFC 5322 section 3.6.3.
 *
 * @param to whom it is written to
 * @param cc who else gets it
 */
public record Recipients(List<InternetAddress> to, List<InternetAddress> cc) {
  public Recipients {
    to = List.copyOf(to);
    cc = List.copyOf(cc);
  }

  /**
   * Reply-To or else From; with {@code all} also everybody in To and Cc. Nobody appears twice, and
   * the answerer only when there would be nobody else.
   */
  public static Recipients ofReply(Headers original, String own, boolean all) throws MailFailure {
    Set<String> named = new HashSet<>();
    List<Person> first = original.people("Reply-To");
    List<Person> from = original.people("From");
    List<Person> answered = first.isEmpty() ? from : first;
    // An answer to what one wrote oneself goes to those it was written to.
    boolean ownMessage =
        first.isEmpty() && from.size() == 1 && from.getFirst().address().equalsIgnoreCase(own);
    List<Person> wanted = ownMessage ? original.people("To") : answered;
    if (all) {
      named.add(own.toLowerCase(Locale.ROOT));
    }
    List<InternetAddress> to = fresh(wanted, named);
    List<InternetAddress> cc = new ArrayList<>();
    if (all) {
      cc.addAll(fresh(original.people("To"), named));
      cc.addAll(fresh(original.people("Cc"), named));
    }
    if (to.isEmpty() && cc.isEmpty()) {
      to = fresh(wanted, new HashSet<>());
    }
    return new Recipients(to, cc);
  }

  private static List<InternetAddress> fresh(List<Person> people, Set<String> named)
      throws MailFailure {
    List<InternetAddress> addresses = new ArrayList<>();
    for (Person person : people) {
      if (named.add(person.address().toLowerCase(Locale.ROOT))) {
        addresses.add(Addresses.of(person));
      }
    }
    return addresses;
  }
}
