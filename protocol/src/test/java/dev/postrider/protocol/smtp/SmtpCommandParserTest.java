package dev.postrider.protocol.smtp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.postrider.protocol.address.MailAddress;
import dev.postrider.protocol.smtp.MailParameters.BodyType;
import dev.postrider.protocol.smtp.RcptParameters.Notify;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SmtpCommandParserTest {

  private static final MailAddress JOE = new MailAddress("joe", "a.test");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "EHLO [127.0.0.1]",
        "HELO MY_PC",
        "MAIL FROM:<>",
        "MAIL FROM:<joe@a.test> SIZE=10 BODY=8BITMIME SMTPUTF8 REQUIRETLS AUTH=<> RET=HDRS"
            + " ENVID=a+2Bb",
        "RCPT TO:<\"a > b\"@a.test> NOTIFY=SUCCESS,DELAY ORCPT=rfc822;joe@a.test",
        "RCPT TO:<Postmaster>",
        "DATA",
        "BDAT 0 LAST",
        "BDAT 86",
        "RSET",
        "NOOP",
        "QUIT",
        "VRFY joe",
        "EXPN list",
        "HELP",
        "STARTTLS",
        "AUTH PLAIN AGpvZQBwdw==",
        "AUTH LOGIN"
      })
  void readsAndWritesTheSame(String line) throws SmtpSyntaxException {
    assertThat(new String(parse(line).encode(), UTF_8)).isEqualTo(line + "\r\n");
  }

  @Test
  void readsParameters() throws SmtpSyntaxException {
    SmtpCommand.Mail mail =
        (SmtpCommand.Mail) parse("mail from:<joe@A.test> size=10 body=8bitmime");
    assertThat(mail.sender()).contains(JOE);
    assertThat(mail.parameters().size()).hasValue(10);
    assertThat(mail.parameters().body()).contains(BodyType.EIGHT_BIT_MIME);
    SmtpCommand.Rcpt rcpt = (SmtpCommand.Rcpt) parse("RCPT TO:<joe@a.test> NOTIFY=failure,delay");
    assertThat(rcpt.recipient()).isEqualTo(JOE);
    assertThat(rcpt.parameters().notifyOn()).isEqualTo(Set.of(Notify.FAILURE, Notify.DELAY));
  }

  // RFC 5321 section 4.1.1.3
  @Test
  void ignoresSourceRoutes() throws SmtpSyntaxException {
    assertThat(parse("RCPT TO:<@x.test,@y.test:joe@a.test>"))
        .isEqualTo(new SmtpCommand.Rcpt(JOE, RcptParameters.NONE));
  }

  @Test
  void toleratesSpacesAroundTheColonAndAtTheEnd() throws SmtpSyntaxException {
    assertThat(parse("MAIL FROM : <joe@a.test>  \t"))
        .isEqualTo(new SmtpCommand.Mail(Optional.of(JOE), MailParameters.NONE));
    assertThat(parse("DATA ")).isEqualTo(new SmtpCommand.Data());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "FOO|500 5.5.2",
        "''|500 5.5.2",
        "EHLO|501 5.5.4",
        "EHLO a b|501 5.5.4",
        "MAIL|501 5.5.4",
        "MAIL joe@a|501 5.5.4",
        "MAIL FROM:joe@a|501 5.5.4",
        "MAIL FROM:<joe@a|501 5.5.4",
        "MAIL FROM:<joe@a>SIZE=1|501 5.5.4",
        "MAIL FROM:<joe>|553 5.1.7",
        "MAIL FROM:<joe@a> FOO=1|555 5.5.4",
        "MAIL FROM:<joe@a> SIZE=|501 5.5.4",
        "MAIL FROM:<joe@a> SIZE=-1|501 5.5.4",
        "MAIL FROM:<joe@a> SIZE=1 size=2|501 5.5.4",
        "MAIL FROM:<joe@a> BODY=X|501 5.5.4",
        "MAIL FROM:<joe@a> SMTPUTF8=1|501 5.5.4",
        "RCPT TO:<>|553 5.1.3",
        "RCPT TO:<joe@a> NOTIFY=NEVER,DELAY|501 5.5.4",
        "RCPT TO:<joe@a> SIZE=1|555 5.5.4",
        "DATA now|501 5.5.4",
        "BDAT|501 5.5.4",
        "BDAT -1|501 5.5.4",
        "BDAT 1 FIRST|501 5.5.4",
        "BDAT 99999999999999999999|501 5.5.4",
        "STARTTLS now|501 5.5.4",
        "AUTH|501 5.5.4",
        "AUTH PLAIN a b|501 5.5.4",
        "VRFY|501 5.5.4",
        "GET / HTTP/1.1|500 5.5.2"
      })
  void refusesWithAReplyThatSaysWhatIsWrong(String line, String reply) {
    assertThat(refusal(line.getBytes(UTF_8)).toString()).startsWith(reply);
  }

  // RFC 6531 section 3.5
  @Test
  void nonAsciiSenderNeedsItsParameter() throws SmtpSyntaxException {
    assertThat(refusal("MAIL FROM:<jü@a.test>".getBytes(UTF_8)).toString()).startsWith("550 5.6.7");
    assertThat(parse("MAIL FROM:<jü@a.test> SMTPUTF8")).isInstanceOf(SmtpCommand.Mail.class);
  }

  @Test
  void refusesOctetsThatAreNoText() {
    assertThat(refusal(new byte[] {'N', 'O', 'O', 'P', 0}).code()).isEqualTo(500);
    assertThat(refusal("NOOP \u00ff".getBytes(ISO_8859_1)).code()).isEqualTo(500);
    assertThat(refusal("MAIL FROM:<a@b>\r\nDATA".getBytes(ISO_8859_1)).code()).isEqualTo(500);
  }

  @Test
  void passwordIsNotShown() throws SmtpSyntaxException {
    assertThat(parse("AUTH PLAIN AGpvZQBwdw==").toString()).doesNotContain("AGpv");
  }

  @Test
  void whateverItReadsIsOneLineAndReadsTheSameAgain() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    List<String> pieces =
        List.of(
            "MAIL FROM:",
            "RCPT TO:",
            "<",
            ">",
            "joe@a.test",
            "\"",
            "\\",
            " ",
            "SIZE=",
            "=",
            "1",
            "BDAT",
            "AUTH",
            "LAST",
            "@",
            ":",
            ",",
            "ü",
            "\r",
            "\n",
            "\t",
            "\0",
            "EHLO",
            " NOTIFY=NEVER",
            "ORCPT=a;b",
            "BODY=7BIT",
            " SMTPUTF8",
            "NOOP",
            "HELP",
            "postmaster",
            "[IPv6:::1]");
    int read = 0;
    for (int i = 0; i < 30_000; i++) {
      StringBuilder line = new StringBuilder();
      int length = random.nextInt(9);
      for (int j = 0; j < length; j++) {
        line.append(pieces.get(random.nextInt(pieces.size())));
      }
      byte[] octets = line.toString().getBytes(random.nextInt(5) == 0 ? ISO_8859_1 : UTF_8);
      try {
        SmtpCommand command = SmtpCommandParser.parse(octets);
        String written = new String(command.encode(), UTF_8);
        assertThat(written.indexOf('\r')).as("seed %s", seed).isEqualTo(written.length() - 2);
        assertThat(written.indexOf('\n')).as("seed %s", seed).isEqualTo(written.length() - 1);
        assertThat(parse(written.substring(0, written.length() - 2)))
            .as("seed %s: %s", seed, line)
            .isEqualTo(command);
        read++;
      } catch (SmtpSyntaxException refused) {
        assertThat(refused.reply().isPermanent()).as("seed %s", seed).isTrue();
      }
    }
    assertThat(read).as("seed %s", seed).isPositive();
  }

  private static SmtpCommand parse(String line) throws SmtpSyntaxException {
    return SmtpCommandParser.parse(line.getBytes(UTF_8));
  }

  private static SmtpReply refusal(byte[] line) {
    return catchThrowableOfType(SmtpSyntaxException.class, () -> SmtpCommandParser.parse(line))
        .reply();
  }
}
