package dev.postrider.testkit.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Who may know whom, by what the code imports and mentions. */
class BordersTest {

  private static final Pattern QUALIFIED =
      Pattern.compile(
          "\\b(?:java|javax|jakarta|jdk|com|org|net|io|info|ch|dev|picocli)(?:\\.\\w+)+");

  private static final String PROTOCOL = "dev.postrider.protocol";
  private static final String STORAGE = "dev.postrider.storage";
  private static final String SERVER = "dev.postrider.server";
  private static final String CLIENT = "dev.postrider.client";

  /**
   * @param from packages that the rule is about
   * @param never what they must not mention
   * @param except what of it they may mention
   */
  private record Never(List<String> from, List<String> never, List<String> except, String reason) {}

  /** {@code what} is mentioned in packages {@code home} only. */
  private record OnlyIn(List<String> what, List<String> home, String reason) {}

  private static final List<Never> NEVER =
      List.of(
          new Never(
              List.of(PROTOCOL),
              List.of(
                  "dev.postrider",
                  "java.net",
                  "java.nio.channels",
                  "java.nio.file",
                  "java.io.File",
                  "java.io.FileInputStream",
                  "java.io.FileOutputStream",
                  "java.io.FileReader",
                  "java.io.FileWriter",
                  "java.io.RandomAccessFile",
                  "java.util.concurrent",
                  "java.util.logging",
                  "java.util.Timer",
                  "java.time.Clock",
                  "java.time.InstantSource",
                  "java.lang.Thread",
                  "java.sql",
                  "javax",
                  "jakarta",
                  "com",
                  "org",
                  "io",
                  "ch"),
              List.of(
                  PROTOCOL,
                  "java.net.IDN",
                  "java.net.InetAddress",
                  "java.net.Inet4Address",
                  "java.net.Inet6Address",
                  "java.net.URI",
                  "java.net.URISyntaxException",
                  "javax.crypto",
                  "org.apache.james.mime4j",
                  "org.jspecify"),
              "grammar is pure: no I/O beyond streams, no threads, clock or logger, so that it is"
                  + " fuzzed alone and serves both sides"),
          new Never(
              List.of(STORAGE),
              List.of(
                  SERVER,
                  CLIENT,
                  "dev.postrider.protocol.smtp",
                  "dev.postrider.protocol.imap",
                  "dev.postrider.protocol.sasl",
                  "dev.postrider.testkit",
                  "java.net"),
              List.of("java.net.URI"),
              "storage knows no protocol session"),
          new Never(
              List.of("dev.postrider.server.smtp"),
              List.of(
                  "dev.postrider.server.imap",
                  "dev.postrider.server.delivery",
                  "dev.postrider.server.relay",
                  "dev.postrider.protocol.imap"),
              List.of(),
              "a session hands a message to intake and does not know where it goes"),
          new Never(
              List.of("dev.postrider.server.imap"),
              List.of(
                  "dev.postrider.server.smtp",
                  "dev.postrider.server.policy",
                  "dev.postrider.server.relay",
                  "dev.postrider.protocol.smtp"),
              List.of(),
              "reading mail knows nothing of how it came"),
          new Never(
              List.of(CLIENT),
              List.of("dev.postrider"),
              List.of(CLIENT, PROTOCOL),
              "the client works with any server"),
          new Never(
              List.of(SERVER),
              List.of(CLIENT, "dev.postrider.testkit"),
              List.of(),
              "the server runs alone"),
          new Never(
              List.of("dev.postrider.testkit"),
              List.of("dev.postrider"),
              List.of("dev.postrider.testkit"),
              "every module's tests use the test kit, so it uses none of them"));

  private static final List<OnlyIn> ONLY_IN =
      List.of(
          new OnlyIn(
              List.of("java.sql", "javax.sql", "org.h2"),
              List.of("dev.postrider.storage.sql"),
              "one package speaks SQL, so that a second database is a second dialect"),
          new OnlyIn(
              List.of(
                  "java.net.Socket",
                  "java.net.ServerSocket",
                  "java.net.DatagramSocket",
                  "java.net.http",
                  "java.nio.channels.SocketChannel",
                  "java.nio.channels.ServerSocketChannel",
                  "java.nio.channels.DatagramChannel",
                  "java.nio.channels.Selector",
                  "java.nio.channels.AsynchronousSocketChannel",
                  "java.nio.channels.AsynchronousServerSocketChannel",
                  "javax.net",
                  "com.sun.net.httpserver"),
              List.of(
                  "dev.postrider.server.net",
                  "dev.postrider.server.relay",
                  "dev.postrider.server.dns",
                  "dev.postrider.server.http",
                  "dev.postrider.server.admin",
                  "dev.postrider.client.session",
                  "dev.postrider.testkit",
                  "dev.postrider.integration"),
              "how octets travel is the business of few packages"),
          new OnlyIn(
              List.of("dev.postrider.storage.log", "dev.postrider.storage.sql"),
              List.of(STORAGE),
              "how mail is stored is nobody else's business"),
          new OnlyIn(
              List.of("dev.postrider.server.main"),
              List.of("dev.postrider.server.main"),
              "main uses everything, nobody uses main"),
          new OnlyIn(
              List.of("com.google.inject", "jakarta.inject"),
              List.of(SERVER),
              "only the server is wired; a library is constructed"),
          new OnlyIn(
              List.of("jakarta.mail", "org.eclipse.angus"),
              List.of(CLIENT),
              "the server writes its own mail"),
          new OnlyIn(
              List.of("picocli"),
              List.of("dev.postrider.server.main", "dev.postrider.client.cli"),
              "only a program has a command line"),
          new OnlyIn(
              List.of("software.amazon"),
              List.of("dev.postrider.storage.objects"),
              "one package knows that objects are kept by S3"),
          new OnlyIn(
              List.of("org.xbill"), List.of("dev.postrider.server.dns"), "one package asks DNS"));

  @Test
  void nobodyKnowsWhomTheyMustNot() {
    assertThat(violations(SourceTree.mainJava())).isEmpty();
  }

  @Test
  void findsImportsAndQualifiedMentions() {
    assertThat(
            of(
                "dev.postrider.server.smtp",
                "import dev.postrider.server.relay.Courier;\nclass X { java.sql.Connection c; }"))
        .satisfiesExactlyInAnyOrder(
            first ->
                assertThat(first)
                    .contains("dev.postrider.server.smtp -> dev.postrider.server.relay.Courier")
                    .contains("does not know where it goes"),
            second -> assertThat(second).contains("java.sql.Connection").contains("speaks SQL"));
  }

  @Test
  void keepsTheGrammarPure() {
    assertThat(
            of(
                "dev.postrider.protocol.smtp",
                """
                import java.net.Socket;
                import java.util.concurrent.Executor;
                import org.slf4j.Logger;
                import org.apache.james.mime4j.stream.Field;
                import java.io.InputStream;
                """))
        .hasSize(4);
  }

  @Test
  void leavesWhatIsAllowedAlone() {
    assertThat(
            of(
                "dev.postrider.server.imap",
                """
                import dev.postrider.protocol.imap.Command;
                import dev.postrider.storage.Store;
                import java.nio.channels.FileChannel;
                /** Not {@code java.sql}. */
                """))
        .isEmpty();
    assertThat(of("dev.postrider.server.net", "import java.nio.channels.SocketChannel;")).isEmpty();
  }

  private static List<String> of(String packageName, String code) {
    String path = "x/src/main/java/" + packageName.replace('.', '/') + "/X.java";
    return violations(Stream.of(new SourceFile(path, "package " + packageName + ";\n" + code)));
  }

  private static List<String> violations(Stream<SourceFile> files) {
    List<String> violations = new ArrayList<>();
    files.forEach(file -> judge(file, violations));
    return violations;
  }

  private static void judge(SourceFile file, List<String> violations) {
    String from = file.packageName();
    Set<String> mentioned = new LinkedHashSet<>();
    file.code()
        .lines()
        .filter(line -> !line.startsWith("package "))
        .forEach(line -> QUALIFIED.matcher(line).results().forEach(r -> mentioned.add(r.group())));
    for (String to : mentioned) {
      for (Never rule : NEVER) {
        if (within(from, rule.from()) && within(to, rule.never()) && !within(to, rule.except())) {
          violations.add(edge(file, from, to, rule.reason()));
        }
      }
      for (OnlyIn rule : ONLY_IN) {
        if (within(to, rule.what()) && !within(from, rule.home())) {
          violations.add(edge(file, from, to, rule.reason()));
        }
      }
    }
  }

  private static String edge(SourceFile file, String from, String to, String reason) {
    return file.path() + ": " + from + " -> " + to + " — " + reason;
  }

  /** Whether {@code name} is one of {@code of}, or inside of one. */
  private static boolean within(String name, List<String> of) {
    return of.stream().anyMatch(part -> name.equals(part) || name.startsWith(part + "."));
  }
}
