package dev.postrider.protocol.sasl;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.postrider.protocol.sasl.SaslStep.Challenge;
import dev.postrider.protocol.sasl.SaslStep.Finished;
import dev.postrider.protocol.sasl.SaslStep.Reason;
import dev.postrider.protocol.sasl.SaslStep.Rejected;
import dev.postrider.protocol.sasl.SaslStep.ScramProof;
import dev.postrider.protocol.sasl.SaslStep.ScramUser;
import dev.postrider.testkit.sasl.ScramClient;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScramServerTest {

  private static final byte[] SALT = "a salt of 16 oct".getBytes(UTF_8);
  private static final byte[] EXPORTED = "what TLS exports".getBytes(UTF_8);
  private static final byte[] END_POINT = "a certificate".getBytes(UTF_8);

  // RFC 5802 section 5
  @Test
  void speaksAsInTheExampleOfRfc5802() {
    assertExample(
        SaslMechanism.SCRAM_SHA_1,
        "fyko+d2lbbFgONRv9qkxdawL",
        "3rfcNHYJY1ZVvWVs7j",
        "QSXCR+Q6sek8bf92",
        "v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=",
        "rmF9pqV8S7suAoZWja4dJRkFsKQ=");
  }

  // RFC 7677 section 3
  @Test
  void speaksAsInTheExampleOfRfc7677() {
    assertExample(
        SaslMechanism.SCRAM_SHA_256,
        "rOprNGfwEbeRWgbNEkqO",
        "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0",
        "W22ZaJ0SNY7soEsUEjb6gQ==",
        "dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
        "6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=");
  }

  private static void assertExample(
      SaslMechanism mechanism,
      String clientNonce,
      String serverNonce,
      String salt,
      String proof,
      String signature) {
    ScramServer server =
        (ScramServer)
            SaslServer.of(
                mechanism, new SaslServer.Offer(List.of(), _ -> Optional.empty(), serverNonce));
    ScramHash hash = mechanism.scram().orElseThrow();
    assertThat(server.begin(Optional.of(base64("n,,n=user,r=" + clientNonce))))
        .isEqualTo(new ScramUser(hash, "user"));
    ScramKeys keys = ScramKeys.of(hash, "pencil", Base64.getDecoder().decode(salt), 4096);
    assertThat(server.keys(keys).base64())
        .isEqualTo(base64("r=" + clientNonce + serverNonce + ",s=" + salt + ",i=4096"));
    SaslStep step = server.next(base64("c=biws,r=" + clientNonce + serverNonce + ",p=" + proof));
    assertThat(step)
        .isInstanceOfSatisfying(
            ScramProof.class,
            proved -> {
              assertThat(proved.user()).isEqualTo("user");
              assertThat(proved.authorizationId()).isEmpty();
              assertThat(keys.areOf(hash, proved.clientKey())).isTrue();
            });
    assertThat(server.granted().base64()).isEqualTo(base64("v=" + signature));
    assertThat(server.next("")).isEqualTo(new Finished());
  }

  @ParameterizedTest
  @EnumSource(names = "SCRAM.*", mode = EnumSource.Mode.MATCH_ALL)
  void agreesWithAClient(SaslMechanism mechanism) {
    for (ChannelBinding binding : ChannelBinding.values()) {
      boolean bound = mechanism.isBound();
      String header = bound ? "p=" + binding.type() + ",a=j=2Cj=3Do," : "n,a=j=2Cj=3Do,";
      byte[] data = binding == ChannelBinding.TLS_EXPORTER ? EXPORTED : END_POINT;
      ScramServer server = server(mechanism, true);
      ScramClient client = client(mechanism, header, bound ? data : new byte[0], "pencil");
      ScramProof proof = prove(server, client, "pencil");
      assertThat(proof.keys().areOf(proof.hash(), proof.clientKey())).isTrue();
      assertThat(proof.authorizationId()).isEqualTo(Optional.of("j,j=o"));
      assertThat(client.isServer(text(server.granted()))).isTrue();
      assertThat(server.next("")).isEqualTo(new Finished());
    }
  }

  @ParameterizedTest
  @EnumSource(names = "SCRAM.*", mode = EnumSource.Mode.MATCH_ALL)
  void knowsAWrongPassword(SaslMechanism mechanism) {
    String header = mechanism.isBound() ? "p=tls-exporter,," : "n,,";
    byte[] data = mechanism.isBound() ? EXPORTED : new byte[0];
    ScramProof proof =
        prove(server(mechanism, true), client(mechanism, header, data, "pen"), "pencil");
    assertThat(proof.keys().areOf(proof.hash(), proof.clientKey())).isFalse();
  }

  @Test
  void theLastWordIsTheClients() {
    SaslMechanism mechanism = SaslMechanism.SCRAM_SHA_256;
    for (String last : List.of("*", base64("x"), "!")) {
      ScramServer server = server(mechanism, true);
      var _ = prove(server, client(mechanism, "n,,", new byte[0], "pencil"), "pencil");
      var _ = server.granted();
      assertThat(server.next(last)).isInstanceOf(Rejected.class);
      assertThat(server.next("")).isEqualTo(new Rejected(Reason.MALFORMED));
    }
    ScramServer server = server(mechanism, true);
    assertThatExceptionOfType(IllegalStateException.class).isThrownBy(server::granted);
  }

  @Test
  void refusesAClientThatWasToldOfNoBinding() {
    SaslStep rejected = new Rejected(Reason.CHANNEL_BINDING);
    String deceived = base64("y,,n=user,r=nonce");
    assertThat(server(SaslMechanism.SCRAM_SHA_256, true).next(deceived)).isEqualTo(rejected);
    assertThat(server(SaslMechanism.SCRAM_SHA_256, false).next(deceived))
        .isInstanceOf(ScramUser.class);
    assertThat(server(SaslMechanism.SCRAM_SHA_256_PLUS, true).next(deceived)).isEqualTo(rejected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"n,,", "p=tls-unique,,", "p=TLS-EXPORTER,,", "p=,,"})
  void aBoundVariantWantsABindingThatIsKnown(String header) {
    assertThat(server(SaslMechanism.SCRAM_SHA_1_PLUS, true).next(base64(header + "n=user,r=x")))
        .isEqualTo(new Rejected(Reason.CHANNEL_BINDING));
  }

  @Test
  void anUnboundVariantTakesNoBinding() {
    assertThat(
            server(SaslMechanism.SCRAM_SHA_1, true).next(base64("p=tls-exporter,,n=user,r=nonce")))
        .isEqualTo(new Rejected(Reason.CHANNEL_BINDING));
  }

  @Test
  void refusesTheBindingOfAnotherConnection() {
    SaslMechanism mechanism = SaslMechanism.SCRAM_SHA_256_PLUS;
    ScramServer server = server(mechanism, true);
    ScramClient client = client(mechanism, "p=tls-exporter,,", END_POINT, "pencil");
    SaslStep step = server.next(base64(client.first()));
    assertThat(step).isInstanceOf(ScramUser.class);
    String first = text(server.keys(keys(mechanism, "pencil")));
    assertThat(server.next(base64(client.last(first))))
        .isEqualTo(new Rejected(Reason.CHANNEL_BINDING));
  }

  @Test
  void refusesAHeaderThatWasChangedOnTheWay() {
    SaslMechanism mechanism = SaslMechanism.SCRAM_SHA_256;
    ScramServer server = server(mechanism, false);
    var _ = server.next(base64("n,,n=user,r=nonce"));
    ScramClient client = new ScramClient("SHA-256", "y,,", new byte[0], "user", "pencil", "nonce");
    String first = text(server.keys(keys(mechanism, "pencil")));
    assertThat(server.next(base64(client.last(first))))
        .isEqualTo(new Rejected(Reason.CHANNEL_BINDING));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "n",
        "n,",
        "n,,",
        "x,,n=user,r=nonce",
        "N,,n=user,r=nonce",
        "n,b=x,n=user,r=nonce",
        "n,a=,n=user,r=nonce",
        "n,a=x=y,n=user,r=nonce",
        "n,,n=,r=nonce",
        "n,,n=us=er,r=nonce",
        "n,,n==2c,r=nonce",
        "n,,n==3=2CD,r=nonce",
        "n,,n=a\0b,r=nonce",
        "n,,m=x,n=user,r=nonce",
        "n,,n=user",
        "n,,n=user,r=",
        "n,,n=user,x=nonce",
        "n,,n=user,r=nön",
        "n,,n=user,r=a b"
      })
  void refusesAFirstMessageThatIsNone(String message) {
    assertThat(server(SaslMechanism.SCRAM_SHA_256, true).next(base64(message)))
        .isEqualTo(new Rejected(Reason.MALFORMED));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "c=biws",
        "c=biws,r=noncenonce",
        "c=biws,r=noncenonce,p=",
        "c=biws,r=noncenonce,p=AAAA",
        "c=biws,r=noncenonce,p=!",
        "c=biws,r=nonce,p=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
        "c=biws,r=noncenoncenonce,p=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
        "r=noncenonce,c=biws,p=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
        "c=biws,p=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
      })
  void refusesALastMessageThatIsNone(String message) {
    ScramServer server = server(SaslMechanism.SCRAM_SHA_256, true);
    var _ = server.next(base64("n,,n=user,r=nonce"));
    var _ = server.keys(keys(SaslMechanism.SCRAM_SHA_256, "pencil"));
    assertThat(server.next(base64(message))).isEqualTo(new Rejected(Reason.MALFORMED));
    assertThat(server.next(base64(message))).isEqualTo(new Rejected(Reason.MALFORMED));
  }

  @Test
  void survivesWhatIsCutOrChanged() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    for (int i = 0; i < 5_000; i++) {
      SaslMechanism mechanism =
          random.nextBoolean() ? SaslMechanism.SCRAM_SHA_256_PLUS : SaslMechanism.SCRAM_SHA_1;
      String header = mechanism.isBound() ? "p=tls-exporter,," : "n,,";
      byte[] data = mechanism.isBound() ? EXPORTED : new byte[0];
      ScramServer server = server(mechanism, true);
      ScramClient client =
          new ScramClient(digest(mechanism), header, data, "user", "pencil", "nonce");
      SaslStep step = server.begin(Optional.of(base64(damaged(client.first(), random))));
      if (step instanceof ScramUser) {
        String first = text(server.keys(cheapKeys(mechanism)));
        String last = client.last(first);
        String sent = damaged(last, random);
        step = server.next(base64(sent));
        if (step instanceof ScramProof proof && !sent.equals(last)) {
          assertThat(proof.keys().areOf(proof.hash(), proof.clientKey()))
              .as("seed %s: %s", seed, sent)
              .isFalse();
        }
      }
      assertThat(step).as("seed %s", seed).isNotNull();
    }
  }

  private static String damaged(String message, Random random) {
    int at = random.nextInt(message.length());
    String put = "" + ",=npyrca\0ä".charAt(random.nextInt(10));
    return switch (random.nextInt(4)) {
      case 0 -> message.substring(0, at);
      case 1 -> message.substring(0, at) + put + message.substring(at);
      case 2 -> message.substring(0, at) + put + message.substring(at + 1);
      default -> message;
    };
  }

  private static ScramProof prove(ScramServer server, ScramClient client, String password) {
    SaslStep step = server.begin(Optional.of(base64(client.first())));
    assertThat(step).isInstanceOf(ScramUser.class);
    ScramHash hash = ((ScramUser) step).hash();
    String first = text(server.keys(ScramKeys.of(hash, password, SALT, 4096)));
    SaslStep proof = server.next(base64(client.last(first)));
    assertThat(proof).isInstanceOf(ScramProof.class);
    return (ScramProof) proof;
  }

  private static ScramKeys keys(SaslMechanism mechanism, String password) {
    return ScramKeys.of(mechanism.scram().orElseThrow(), password, SALT, 4096);
  }

  private static ScramKeys cheapKeys(SaslMechanism mechanism) {
    return ScramKeys.of(mechanism.scram().orElseThrow(), "pencil", SALT, 1);
  }

  private static String digest(SaslMechanism mechanism) {
    return mechanism.scram().orElseThrow() == ScramHash.SHA_1 ? "SHA-1" : "SHA-256";
  }

  private static ScramClient client(
      SaslMechanism mechanism, String header, byte[] data, String password) {
    return new ScramClient(digest(mechanism), header, data, "us=2Cer", password, "nonce");
  }

  private static ScramServer server(SaslMechanism mechanism, boolean bindingOffered) {
    List<SaslMechanism> offered =
        bindingOffered ? List.of(SaslMechanism.values()) : List.of(SaslMechanism.SCRAM_SHA_256);
    ChannelBinding.Source bindings =
        binding -> Optional.of(binding == ChannelBinding.TLS_EXPORTER ? EXPORTED : END_POINT);
    return (ScramServer) SaslServer.of(mechanism, new SaslServer.Offer(offered, bindings, "nonce"));
  }

  private static String text(Challenge challenge) {
    return new String(Base64.getDecoder().decode(challenge.base64()), UTF_8);
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
  }
}
