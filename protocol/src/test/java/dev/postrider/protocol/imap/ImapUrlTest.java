package dev.postrider.protocol.imap;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImapUrlTest {

  @Test
  void readsAllThatAPartCanBeNamedBy() {
    assertThat(ImapUrl.parse("/Drafts;UIDVALIDITY=385759045/;UID=20/;section=1.2.MIME"))
        .contains(
            new ImapUrl(
                Optional.of("Drafts"),
                true,
                OptionalLong.of(385759045),
                20,
                new BodySection(List.of(1, 2), BodySection.Text.MIME, List.of()),
                Optional.empty()));
    assertThat(ImapUrl.parse(";uid=4294967295/;PARTIAL=1.5"))
        .contains(
            new ImapUrl(
                Optional.empty(),
                false,
                OptionalLong.empty(),
                4294967295L,
                BodySection.WHOLE,
                Optional.of(new FetchItem.Partial(1, 5))));
    assertThat(ImapUrl.parse("/x/;UID=1/;SECTION=HEADER.FIELDS%20(Date%20To)/;PARTIAL=7"))
        .get()
        .satisfies(url -> assertThat(url.section().fields()).containsExactly("Date", "To"))
        .satisfies(
            url ->
                assertThat(url.partial())
                    .contains(new FetchItem.Partial(7, SequenceSet.NUMBER_MAX)));
  }

  @ParameterizedTest
  @CsvSource({
    "/a/b/;UID=1,x/y,a/b",
    "b/;UID=1,x/y,x/b",
    "b/;UID=1,INBOX,b",
    "b/;UID=1,,b",
    "inbox/;UID=1,,INBOX",
    "/%C3%A4%20c/;UID=1,,\u00e4 c",
    "/a%2Fb/;UID=1,,a/b",
    ";UID=1,x/y,",
  })
  void findsTheMailboxBesideTheSelectedOne(String url, String selected, String mailbox) {
    assertThat(ImapUrl.parse(url).orElseThrow().mailboxBeside(Optional.ofNullable(selected)))
        .isEqualTo(Optional.ofNullable(mailbox));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/",
        "/INBOX",
        "/INBOX/",
        "/INBOX;UID=1",
        "/INBOX?SUBJECT x",
        "/INBOX/;UID=0",
        "/INBOX/;UID=4294967296",
        "/INBOX/;UID=99999999999",
        "/INBOX/;UID=1:2",
        "/INBOX/;UID=*",
        "/INBOX/;UID=1/",
        "/INBOX/;UID=1/;UID=2",
        "/INBOX;UIDVALIDITY=0/;UID=1",
        "/INBOX;UIDVALIDITY=x/;UID=1",
        "/INBOX/;UID=1/;SECTION=",
        "/INBOX/;UID=1/;SECTION=0",
        "/INBOX/;UID=1/;SECTION=MIME",
        "/INBOX/;UID=1/;SECTION=1 ",
        "/INBOX/;UID=1/;SECTION=HEADER.FIELDS%20({1}%0D%0Ax)",
        "/INBOX/;UID=1/;PARTIAL=1.0",
        "/INBOX/;UID=1/;PARTIAL=-1",
        "/INBOX/;UID=1/;PARTIAL=1/;SECTION=1",
        "/INBOX/;UID=1;URLAUTH=anonymous:INTERNAL:91354a473744909de610943775f92038",
        "/%/;UID=1",
        "/%4/;UID=1",
        "/%4g/;UID=1",
        "/%ff/;UID=1",
        "/\u00e4/;UID=1",
        "/a b/;UID=1",
        "//server/INBOX/;UID=1",
        "imap://server/INBOX/;UID=1",
        "http://server/;UID=1",
      })
  void refusesWhatIsNoMessageHere(String url) {
    assertThat(ImapUrl.parse(url)).isEmpty();
  }

  @Test
  void looksAtNoUrlOfAnyLength() {
    assertThat(ImapUrl.parse("/" + "x".repeat(8000) + "/;UID=1")).isPresent();
    assertThat(ImapUrl.parse("/" + "x".repeat(9000) + "/;UID=1")).isEmpty();
  }

  @Test
  void saysABadOneBackInWhatFitsAResponse() {
    assertThat(ResponseCode.badUrl("/INBOX/;UID=9").text()).isEqualTo("BADURL /INBOX/;UID=9");
    assertThat(ResponseCode.badUrl("a]\"\\\u00e4\r\n").text())
        .isEqualTo("BADURL a%5D%22%5C%C3%A4%0D%0A");
    assertThat(ResponseCode.badUrl("x".repeat(5000)).text()).hasSize(1007);
  }
}
