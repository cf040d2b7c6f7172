package dev.postrider.server.dns;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postrider.server.config.DnsConfig;
import dev.postrider.server.dns.Dns.AddressAnswer;
import dev.postrider.server.dns.Dns.MailExchanger;
import dev.postrider.server.dns.Dns.MxAnswer;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

class ResolverDnsTest {

  private NameServer server;

  @BeforeEach
  void start() throws Exception {
    server = new NameServer();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private ResolverDns dns() {
    return dns(Duration.ofSeconds(20));
  }

  private ResolverDns dns(Duration timeout) {
    return new ResolverDns(new DnsConfig(List.of(server.address()), timeout), new Random(20261123));
  }

  @Test
  void sortsExchangersByPreference() throws Exception {
    server.answers("b.test. MX", "20 backup.b.test.", "10 MX.b.test.");
    assertThat(dns().mx("b.test"))
        .isEqualTo(
            new MxAnswer.Found(
                List.of(
                    new MailExchanger(10, "mx.b.test"), new MailExchanger(20, "backup.b.test"))));
  }

  @Test
  void shufflesExchangersOfEqualPreference() throws Exception {
    server.answers("b.test. MX", "10 one.b.test.", "10 two.b.test.", "5 best.b.test.");
    ResolverDns dns = dns();
    Set<String> seconds = new HashSet<>();
    for (int i = 0; i < 50; i++) {
      MxAnswer.Found found = (MxAnswer.Found) dns.mx("b.test");
      assertThat(found.exchangers().getFirst().host()).isEqualTo("best.b.test");
      seconds.add(found.exchangers().get(1).host());
    }
    assertThat(seconds).containsExactlyInAnyOrder("one.b.test", "two.b.test");
  }

  @Test
  void tellsNullMx() throws Exception {
    server.answers("no.test. MX", "0 .");
    assertThat(dns().mx("no.test")).isEqualTo(new MxAnswer.NullMx());
  }

  @Test
  void tellsMissingRecordsFromMissingDomain() throws Exception {
    server.answers("bare.test. MX");
    assertThat(dns().mx("bare.test")).isEqualTo(new MxAnswer.NoRecords());
    assertThat(dns().mx("missing.test")).isEqualTo(new MxAnswer.NoSuchDomain());
    assertThat(dns().mx("not..a.name")).isEqualTo(new MxAnswer.NoSuchDomain());
  }

  @Test
  void followsCname() throws Exception {
    server.answers("alias.test. A", "CNAME real.test.");
    server.answers("alias.test. AAAA", "CNAME real.test.");
    server.answers("real.test. A", "192.0.2.7");
    server.answers("real.test. AAAA");
    assertThat(dns().addresses("alias.test"))
        .isEqualTo(new AddressAnswer.Found(List.of(InetAddress.ofLiteral("192.0.2.7"))));
  }

  @Test
  void failsOnACnameThatGoesRound() throws Exception {
    server.answers("one.test. A", "CNAME two.test.");
    server.answers("two.test. A", "CNAME one.test.");
    server.answers("one.test. AAAA", "CNAME two.test.");
    server.answers("two.test. AAAA", "CNAME one.test.");
    assertThat(dns().addresses("one.test")).isInstanceOf(AddressAnswer.TemporaryFailure.class);
  }

  @Test
  void givesAddressFamiliesInTurn() throws Exception {
    server.answers("h.test. A", "192.0.2.1", "192.0.2.2");
    server.answers("h.test. AAAA", "2001:db8::1");
    AddressAnswer.Found found = (AddressAnswer.Found) dns().addresses("h.test");
    assertThat(found.addresses()).hasSize(3);
    assertThat(found.addresses().getFirst()).isEqualTo(InetAddress.ofLiteral("2001:db8::1"));
    assertThat(found.addresses().get(1).getAddress()).hasSize(4);
  }

  @Test
  void looksAtABoundedNumberOfExchangers() throws Exception {
    String[] many = new String[60];
    for (int i = 0; i < many.length; i++) {
      many[i] = i + " h" + i + ".test.";
    }
    server.answers("many.test. MX", many);
    MxAnswer.Found found = (MxAnswer.Found) dns().mx("many.test");
    assertThat(found.exchangers()).hasSize(32);
    assertThat(found.exchangers().getFirst().host()).isEqualTo("h0.test");
  }

  @Test
  void asksForNonAsciiDomainsInAscii() throws Exception {
    server.answers("xn--mnchen-3ya.test. MX", "1 mx.test.");
    assertThat(dns().mx("münchen.test")).isInstanceOf(MxAnswer.Found.class);
  }

  @Test
  void waitsForAServerThatFails() throws Exception {
    server.fails("b.test. MX", Rcode.SERVFAIL);
    assertThat(dns().mx("b.test")).isInstanceOf(MxAnswer.TemporaryFailure.class);
  }

  @Test
  void givesUpOnASilentServer() throws Exception {
    server.silent = true;
    MxAnswer answer = dns(Duration.ofMillis(400)).mx("b.test");
    assertThat(answer).isInstanceOf(MxAnswer.TemporaryFailure.class);
  }

  @Test
  void asksOnceWithinALifetime() throws Exception {
    server.answers("b.test. MX", "10 mx.b.test.");
    ResolverDns dns = dns();
    dns.mx("b.test");
    dns.mx("b.test");
    assertThat(server.questions).hasValue(1);
  }

  /** A name server on a UDP port of the loopback interface. */
  private static final class NameServer {
    private final DatagramSocket socket =
        new DatagramSocket(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0));
    private final ConcurrentMap<String, List<String>> answers = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, Integer> failures = new ConcurrentHashMap<>();
    private final AtomicInteger questions = new AtomicInteger();
    private volatile boolean silent;

    NameServer() throws IOException {
      Thread.ofVirtual().start(this::serve);
    }

    InetSocketAddress address() {
      return (InetSocketAddress) socket.getLocalSocketAddress();
    }

    /** Records in the format of a zone file, a type before the data where it is another one. */
    void answers(String question, String... data) {
      answers.put(question, List.of(data));
    }

    void fails(String question, int rcode) {
      failures.put(question, rcode);
    }

    void close() {
      socket.close();
    }

    private void serve() {
      byte[] buffer = new byte[4096];
      try {
        while (true) {
          DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
          socket.receive(packet);
          questions.incrementAndGet();
          if (!silent) {
            byte[] reply = reply(new Message(buffer)).toWire();
            socket.send(new DatagramPacket(reply, reply.length, packet.getSocketAddress()));
          }
        }
      } catch (IOException closed) {
        // The test is over.
      }
    }

    private Message reply(Message query) throws IOException {
      Record question = query.getQuestion();
      String key = question.getName() + " " + Type.string(question.getType());
      Message reply = new Message(query.getHeader().getID());
      reply.getHeader().setFlag(Flags.QR);
      reply.getHeader().setFlag(Flags.RA);
      reply.addRecord(question, Section.QUESTION);
      if (failures.containsKey(key)) {
        reply.getHeader().setRcode(failures.get(key));
        return reply;
      }
      if (!answers.containsKey(key)) {
        reply.getHeader().setRcode(Rcode.NXDOMAIN);
        return reply;
      }
      for (String data : answers.get(key)) {
        boolean alias = data.startsWith("CNAME ");
        reply.addRecord(
            Record.fromString(
                question.getName(),
                alias ? Type.CNAME : question.getType(),
                DClass.IN,
                300,
                alias ? data.substring("CNAME ".length()) : data,
                Name.root),
            Section.ANSWER);
      }
      return reply;
    }
  }
}
