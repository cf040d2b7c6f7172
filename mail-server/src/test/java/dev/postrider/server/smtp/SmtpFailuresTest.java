package dev.postrider.server.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postrider.protocol.address.MailAddress;
import dev.postrider.protocol.message.HeaderField;
import dev.postrider.protocol.smtp.SmtpReply;
import dev.postrider.server.auth.Authenticator;
import dev.postrider.server.auth.PasswordsAlone;
import dev.postrider.server.config.ListenerKind;
import dev.postrider.server.config.RelayConfig;
import dev.postrider.server.config.ServerConfig;
import dev.postrider.server.config.TlsConfig;
import dev.postrider.server.intake.Envelope;
import dev.postrider.server.intake.Intake;
import dev.postrider.server.net.ConnectionHandler;
import dev.postrider.server.net.PipeConnection;
import dev.postrider.server.net.Refusal;
import dev.postrider.server.policy.Policy;
import dev.postrider.server.policy.Verdict;
import dev.postrider.storage.StoreException;
import dev.postrider.storage.messages.MessageSource;
import dev.postrider.storage.messages.Spool;
import dev.postrider.storage.queue.Settlement;
import dev.postrider.testkit.dialog.Dialog;
import dev.postrider.testkit.dialog.DialogPlayer;
import dev.postrider.testkit.dialog.DuplexPipe;
import dev.postrider.testkit.time.FakeClock;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a peer is told when something behind the session does not work. */
class SmtpFailuresTest {

  private static final String UP_TO_RCPT =
      """
      S: 220 {{.*}}
      C: EHLO c.test
      S: ...
      S: 250 STARTTLS
      C: MAIL FROM:<a@b.test>
      S: 250 {{.*}}
      C: RCPT TO:<bob@a.test>
      """;
  private static final String UP_TO_DATA = UP_TO_RCPT + "S: 250 {{.*}}\nC: DATA\n";
  private static final String MESSAGE = "S: 354 {{.*}}\nC: Subject: secret\nC:\nC: x\nC: .\n";

  private final MemorySpool spool = new MemorySpool();
  private final FailingIntake intake = new FailingIntake();
  private Policy policy = _ -> new Verdict.Accept(List.of());

  @ParameterizedTest
  @CsvSource({
    "NO_SPACE, 452 4.3.1, open",
    "NOT_FOUND, 450 4.2.1, open",
    "CORRUPT, 451 4.3.0, open",
    "REFUSED, 451 4.3.0, open",
    "FATAL, 421 4.3.0, closed",
    "CLOSED, 421 4.3.2, closed"
  })
  void everyFailureOfTheStoreIsTemporaryAndTellsNothingOfTheInside(
      StoreException.Kind kind, String reply, String after) {
    intake.onAccept = new StoreException(kind, "/var/lib/secret.seg is broken");
    play(
        UP_TO_DATA
            + MESSAGE
            + ("S: " + reply + " {{(?!.*secret).*}}\n")
            + (after.equals("open") ? "C: NOOP\nS: 250 {{.*}}\n" : "expect-close\n"));
    assertThat(spool.open).isZero();
  }

  @Test
  void aStoreThatCannotBeAskedDefersTheRecipient() {
    intake.onCheck = new StoreException(StoreException.Kind.UNUSABLE, "secret");
    play(UP_TO_RCPT + "S: 451 4.3.0 {{(?!.*secret).*}}\nC: DATA\nS: 554 5.5.1 {{.*}}\n");
  }

  @Test
  void aFullDiskIsToldAfterTheMessageAndNotTakenForCommands() {
    spool.failAfter = 5;
    play(UP_TO_DATA + MESSAGE + "S: 452 4.3.1 {{(?!.*secret).*}}\nC: NOOP\nS: 250 {{.*}}\n");
    assertThat(spool.open).isZero();
    assertThat(intake.accepted).isEmpty();
  }

  @Test
  void aSpoolThatCannotBeginIsToldBeforeTheMessage() {
    spool.failBegin = true;
    play(UP_TO_DATA + "S: 452 4.3.1 {{.*}}\nC: NOOP\nS: 250 {{.*}}\n");
  }

  @Test
  void aVerdictIsTheReply() {
    policy = _ -> new Verdict.Reject(SmtpReply.of(550, "5.7.1", "Not wanted"), "secret");
    play(UP_TO_DATA + MESSAGE + "S: 550 5.7.1 Not wanted\n");
    policy = _ -> new Verdict.Defer(SmtpReply.of(451, "4.7.1", "Not yet"), "secret");
    play(UP_TO_DATA + MESSAGE + "S: 451 4.7.1 Not yet\n");
    assertThat(intake.accepted).isEmpty();
  }

  @Test
  void fieldsOfAVerdictStandBehindTheReceivedField() {
    policy = _ -> new Verdict.Accept(List.of(HeaderField.of("Authentication-Results", "a; none")));
    play(UP_TO_DATA + MESSAGE + "S: 250 2.0.0 {{.*}}\n");
    assertThat(intake.accepted)
        .singleElement()
        .asString()
        .matches("(?s)Received: .*\r\nAuthentication-Results: a; none\r\nSubject: secret\r\n.*");
  }

  @Test
  void refusesAConnectionInItsOwnWords() {
    assertThat(handler().refusal(Refusal.ADDRESS_TOO_FAST))
        .asString(StandardCharsets.US_ASCII)
        .isEqualTo(
            "421 4.7.0 mx.a.test: too many new connections from your address, wait a minute\r\n");
  }

  private void play(String text) {
    DuplexPipe pipe = new DuplexPipe();
    Thread session =
        Thread.ofVirtual()
            .start(
                () -> {
                  try (PipeConnection connection = new PipeConnection(pipe.server(), false)) {
                    handler().serve(connection, new NeverDrains());
                  } catch (Exception e) {
                    throw new IllegalStateException(e);
                  }
                });
    try (DialogPlayer player = new DialogPlayer(_ -> pipe.client())) {
      player.play(Dialog.parse("dialog", text));
    }
    try {
      session.join();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private ConnectionHandler handler() {
    ServerConfig config =
        new ServerConfig(
            "mx.a.test",
            List.of("a.test"),
            Path.of("unused"),
            Map.of(),
            List.of(),
            new TlsConfig(Optional.empty(), Optional.empty()),
            SmtpHouse.LIMITS,
            RelayConfig.DEFAULTS);
    PasswordsAlone nobody = (_, _, _) -> new Authenticator.Outcome.Denied();
    return new SmtpHandlers(config, intake, nobody, spool, policy, new FakeClock())
        .of(ListenerKind.SMTP)
        .orElseThrow();
  }

  /** Knows everybody, and takes everything unless told to fail. */
  private static final class FailingIntake implements Intake {
    private @Nullable StoreException onCheck;
    private @Nullable StoreException onAccept;
    private final List<String> accepted = new ArrayList<>();

    @Override
    public Recipient check(MailAddress recipient, boolean trusted, OptionalLong octets)
        throws StoreException {
      if (onCheck != null) {
        throw onCheck;
      }
      return new Recipient.Local();
    }

    @Override
    public Accepted accept(Envelope envelope, MessageSource message, List<Settlement> settlements)
        throws StoreException {
      if (onAccept != null) {
        throw onAccept;
      }
      try (InputStream in = message.open()) {
        accepted.add(new String(in.readAllBytes(), StandardCharsets.US_ASCII));
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
      return new Accepted(1, List.of());
    }
  }

  /** A spool in memory, on a disk that may be full. */
  private static final class MemorySpool implements Spool {
    private boolean failBegin;
    private int failAfter = Integer.MAX_VALUE;
    private int open;

    @Override
    public Spooled begin() throws IOException {
      if (failBegin) {
        throw new IOException("secret: no space left on device");
      }
      open++;
      ByteArrayOutputStream octets = new ByteArrayOutputStream();
      return new Spooled() {
        @Override
        public OutputStream out() {
          return new OutputStream() {
            @Override
            public void write(int octet) throws IOException {
              if (octets.size() >= failAfter) {
                throw new IOException("secret: no space left on device");
              }
              octets.write(octet);
            }
          };
        }

        @Override
        public long octets() {
          return octets.size();
        }

        @Override
        public InputStream open() {
          return new ByteArrayInputStream(octets.toByteArray());
        }

        @Override
        public void close() {
          open--;
        }
      };
    }
  }

  private static final class NeverDrains implements ConnectionHandler.Drain {
    @Override
    public boolean isDraining() {
      return false;
    }

    @Override
    public void onDrain(Runnable action) {}
  }
}
