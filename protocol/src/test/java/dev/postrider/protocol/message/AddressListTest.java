package dev.postrider.protocol.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AddressListTest {

  private static final String ALPHABET = "ab@,;:<>()\"\\[] .\u00e4";

  @Test
  void readsMailboxesWithAndWithoutNames() {
    assertThat(AddressList.parse("a@x.test, Joe Q. Public <joe@y.test>, \"Doe, J\" <j@z>"))
        .containsExactly(
            mailbox("a", "x.test"),
            mailbox("Joe Q. Public", "joe", "y.test"),
            mailbox("Doe, J", "j", "z"));
  }

  // RFC 5322 appendix A.1.3
  @Test
  void readsGroups() {
    assertThat(AddressList.parse("A Group:Ed Jones <joe@where.test>,john@jdoe.one.test;, x@y"))
        .containsExactly(
            Address.groupStart("A Group"),
            mailbox("Ed Jones", "joe", "where.test"),
            mailbox("john", "jdoe.one.test"),
            Address.GROUP_END,
            mailbox("x", "y"));
    assertThat(AddressList.parse("Undisclosed recipients:;"))
        .containsExactly(Address.groupStart("Undisclosed recipients"), Address.GROUP_END);
  }

  // RFC 5322 appendix A.5 and A.6.3
  @Test
  void readsCommentsAndObsoleteRoutes() {
    assertThat(AddressList.parse("Pete(A nice \\) chap) <pete(his account)@silly.test(his host)>"))
        .containsExactly(mailbox("Pete", "pete", "silly.test"));
    assertThat(AddressList.parse("jdoe@test   . example (John)"))
        .containsExactly(mailbox("John", "jdoe", "test.example"));
    assertThat(AddressList.parse("Mary <@a.test,@b:mary@c.test>"))
        .containsExactly(
            new Address(
                Optional.of("Mary"),
                Optional.of("@a.test,@b"),
                Optional.of("mary"),
                Optional.of("c.test")));
  }

  @Test
  void keepsEncodedWordsAndQuotedLocalParts() {
    assertThat(AddressList.parse("=?utf-8?Q?J=C3=BC?= <\"a b\"@[127.0.0.1]>"))
        .containsExactly(mailbox("=?utf-8?Q?J=C3=BC?=", "a b", "[127.0.0.1]"));
  }

  @Test
  void whatHasNoHostGetsAnEmptyOne() {
    assertThat(AddressList.parse("root, Joe <joe>"))
        .containsExactly(mailbox("root", ""), mailbox("Joe", "joe", ""));
  }

  @Test
  void emptyListsAreEmpty() {
    assertThat(AddressList.parse("")).isEmpty();
    assertThat(AddressList.parse(" , ,(nobody)")).isEmpty();
  }

  @Test
  void groupsAreClosedAndTheListIsBoundedOnRandomText() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    for (int i = 0; i < 20_000; i++) {
      StringBuilder text = new StringBuilder();
      int length = random.nextInt(25);
      for (int j = 0; j < length; j++) {
        text.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
      }
      List<Address> list = AddressList.parse(text.toString());
      assertThat(list.size()).as("seed %s: %s", seed, text).isLessThanOrEqualTo(length + 1);
      long starts = list.stream().filter(a -> !a.isMailbox() && a.mailbox().isPresent()).count();
      long ends = list.stream().filter(Address.GROUP_END::equals).count();
      assertThat(starts).as("seed %s: %s", seed, text).isEqualTo(ends);
    }
  }

  private static Address mailbox(String local, String host) {
    return new Address(Optional.empty(), Optional.empty(), Optional.of(local), Optional.of(host));
  }

  private static Address mailbox(String name, String local, String host) {
    return new Address(Optional.of(name), Optional.empty(), Optional.of(local), Optional.of(host));
  }
}
