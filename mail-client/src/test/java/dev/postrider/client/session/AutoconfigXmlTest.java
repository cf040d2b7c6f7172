package dev.postrider.client.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postrider.client.accounts.Endpoint;
import dev.postrider.client.accounts.TlsMode;
import org.junit.jupiter.api.Test;

class AutoconfigXmlTest {
  private static final String XML =
      """
      <?xml version="1.0"?>
      <clientConfig version="1.1"><emailProvider id="x.test">
        <incomingServer type="pop3"><hostname>pop.x.test</hostname><port>995</port>
          <socketType>SSL</socketType></incomingServer>
        <incomingServer type="imap"><hostname>open.x.test</hostname><port>143</port>
          <socketType>plain</socketType><username>%EMAILADDRESS%</username></incomingServer>
        <incomingServer type="imap"><hostname>imap.%EMAILDOMAIN%</hostname><port>143</port>
          <socketType>STARTTLS</socketType><username>%EMAILLOCALPART%</username></incomingServer>
        <outgoingServer type="smtp"><hostname>smtp.x.test</hostname><port>465</port>
          <socketType>SSL</socketType><username>%EMAILLOCALPART%</username></outgoingServer>
      </emailProvider></clientConfig>
      """;

  @Test
  void takesTheFirstServersWithTls() {
    assertThat(AutoconfigXml.parse(XML, "joe@x.test", "url"))
        .contains(
            new Discovered(
                new Endpoint("imap.x.test", 143, TlsMode.STARTTLS),
                new Endpoint("smtp.x.test", 465, TlsMode.TLS),
                "joe",
                "url"));
  }

  @Test
  void takesNothingFromGarbage() {
    assertThat(AutoconfigXml.parse("<html>not found</html>", "a@b.test", "u")).isEmpty();
    assertThat(AutoconfigXml.parse("", "a@b.test", "u")).isEmpty();
    String badPort = XML.replace("<port>465", "<port>99999");
    assertThat(AutoconfigXml.parse(badPort, "a@b.test", "u")).isEmpty();
    String badHost = XML.replace("smtp.x.test", "smtp x;rm");
    assertThat(AutoconfigXml.parse(badHost, "a@b.test", "u")).isEmpty();
  }

  @Test
  void forgeableAnswersCountOnlyWithinTheDomain() {
    Discovered found = AutoconfigXml.parse(XML, "joe@x.test", "url").orElseThrow();
    assertThat(Discovery.within(found, "x.test")).isTrue();
    assertThat(Discovery.within(found, "y.test")).isFalse();
    assertThat(Discovery.within(found, "est")).isFalse();
  }

  @Test
  void readsServiceRecords() {
    assertThat(ServiceRecords.Service.parse("10 5 993 imap.x.test."))
        .contains(new ServiceRecords.Service(10, 993, "imap.x.test"));
    assertThat(ServiceRecords.Service.parse("0 0 0 .")).isEmpty();
    assertThat(ServiceRecords.Service.parse("x")).isEmpty();
  }
}
