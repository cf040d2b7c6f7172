package dev.postrider.testkit.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Calls that this code does not make. Exceptions stand in {@link #ALLOWED}, with their reason. */
class BannedCallsTest {

  private static final List<String> COMMAND_LINES =
      List.of(
          "/dev/postrider/server/main/",
          "/dev/postrider/client/cli/",
          "integration-tests/src/main/java/");

  private static final List<String> NAMES =
      List.of("/dev/postrider/server/dns/", "/dev/postrider/client/session/");

  private static final List<Ban> BANS =
      List.of(
          everywhere("Thread\\.sleep\\(", "wait for a condition, or take time from a clock"),
          everywhere("TimeUnit\\.\\w+\\.sleep\\(", "wait for a condition"),
          main("System\\.(currentTimeMillis|nanoTime)\\(", "inject an InstantSource"),
          main(
              "\\b(Instant|LocalDate|LocalTime|LocalDateTime|ZonedDateTime|OffsetDateTime)\\.now\\(\\s*\\)",
              "inject an InstantSource"),
          main("new Date\\(\\s*\\)", "inject an InstantSource"),
          main(
              "\\b(Clock\\.system\\w*|InstantSource\\.system)\\(",
              "only the program's start knows the wall clock"),
          main("\\.interrupt\\(\\s*\\)", "an interrupt closes H2's and our files under others"),
          main("\\.shutdownNow\\(\\s*\\)", "it interrupts"),
          main("\\.cancel\\(\\s*true\\s*\\)", "it interrupts"),
          main("System\\.(out|err)\\b", "write to the log; the command lines print"),
          main("System\\.exit\\(|\\.halt\\(", "only a program ends itself"),
          new Ban(
              Pattern.compile("\\bInetAddress\\.get(ByName|AllByName)\\("),
              "it may ask DNS: InetAddress.ofLiteral, or package dns",
              file ->
                  file.isMainJava()
                      && NAMES.stream().noneMatch(part -> file.path().contains(part))),
          everywhere("\\.printStackTrace\\(", "log it, with the session"),
          everywhere("\\bcatch\\s*\\([^)]*\\)\\s*\\{\\s*\\}", "say why nothing is done"),
          everywhere("\\.getBytes\\(\\s*\\)", "name the charset"),
          everywhere("\\.to(Lower|Upper)Case\\(\\s*\\)", "name the locale"),
          main("String\\.format\\(\\s*\"", "name the locale"),
          main("\\.formatted\\(", "name the locale: String.format(Locale.ROOT, …)"),
          everywhere("\\borg\\.(mockito|easymock|powermock|jmock)\\b", "write the fake by hand"),
          everywhere("@Disabled\\b", "a test runs or is deleted"),
          everywhere("\\bassume(True|False|That|Thing)?\\(", "a missing tool fails the test"));

  private static final Pattern NUMBER_FORMAT =
      Pattern.compile("%[-#+ 0,(]*\\d*(\\.\\d+)?[dfegoxX]");

  /** Where a banned call stays, and why. */
  private static final List<Allowed> ALLOWED =
      List.of(
          new Allowed(
              "server/observe/Logs.java",
              "System.err",
              "warnings of a subcommand go there, before any log is configured"),
          new Allowed(
              "server/http/Fetch.java",
              ".cancel(true)",
              "the JDK's HTTP client ends a question by that, and interrupts nobody"),
          new Allowed(
              "server/main/Postriderd.java",
              ".printStackTrace(",
              "a defect is reported with its stack, and a subcommand has no log"));

  private record Ban(Pattern call, String instead, Predicate<SourceFile> where) {}

  private record Allowed(String path, String call, String reason) {}

  private static Ban everywhere(String regex, String instead) {
    return new Ban(Pattern.compile(regex), instead, SourceFile::isJava);
  }

  private static Ban main(String regex, String instead) {
    return new Ban(
        Pattern.compile(regex),
        instead,
        file ->
            file.isMainJava()
                && COMMAND_LINES.stream().noneMatch(part -> file.path().contains(part)));
  }

  @Test
  void noBannedCall() {
    assertThat(violations(SourceTree.java())).isEmpty();
  }

  @Test
  void everyExceptionIsStillNeeded() {
    List<SourceFile> files = SourceTree.java().toList();
    assertThat(ALLOWED)
        .allMatch(
            allowed ->
                files.stream()
                    .anyMatch(
                        file ->
                            file.path().endsWith(allowed.path())
                                && file.code().contains(allowed.call())));
  }

  @Test
  void findsEachOfThem() {
    assertThat(
            inMain(
                """
                package dev.postrider.server.smtp;
                class X {
                  void x() throws Exception {
                    Thread.sleep(1);
                    long t = System.nanoTime();
                    Instant i = Instant.now();
                    thread.interrupt();
                    System.out.println();
                    try { x(); } catch (IOException e) {}
                    "x".getBytes();
                    "x".toLowerCase();
                    String.format("%d", 1);
                    "%03d".formatted(1);
                    "%s".formatted("fine");
                  }
                }
                """))
        .hasSize(10)
        .first()
        .asString()
        .contains("mail-server/src/main/java/dev/postrider/server/smtp/X.java:4: Thread.sleep(")
        .contains("wait for a condition");
  }

  @Test
  void leavesCommentsStringsAndReasonedCatchesAlone() {
    assertThat(
            inMain(
                """
                package dev.postrider.server.smtp;
                class X {
                  // Thread.sleep(1) would be wrong
                  String s = "System.out";
                  void x() {
                    try {
                      s = instants.instant().toString();
                    } catch (IOException e) {
                      // The peer is gone; so are we.
                    }
                  }
                }
                """))
        .isEmpty();
  }

  private static List<String> inMain(String text) {
    return violations(
        Stream.of(
            new SourceFile("mail-server/src/main/java/dev/postrider/server/smtp/X.java", text)));
  }

  private static List<String> violations(Stream<SourceFile> files) {
    List<String> violations = new ArrayList<>();
    files.forEach(
        file -> {
          String code = file.code();
          BANS.stream()
              .filter(ban -> ban.where().test(file))
              .forEach(ban -> find(file, code, ban, violations));
        });
    return violations;
  }

  private static void find(SourceFile file, String code, Ban ban, List<String> violations) {
    Matcher found = ban.call().matcher(code);
    while (found.find()) {
      String call = found.group();
      if (!isHarmless(file, found) && !isAllowed(file, call)) {
        int line = SourceFile.lineOf(code, found.start());
        violations.add(file.path() + ":" + line + ": " + call + " — " + ban.instead());
      }
    }
  }

  /** A catch with a reason, or a format without numbers. */
  private static boolean isHarmless(SourceFile file, Matcher found) {
    String call = found.group();
    if (call.startsWith("catch")) {
      return file.text().substring(found.start(), found.end()).contains("//");
    }
    if (call.startsWith(".formatted")) {
      String before = file.text().substring(0, found.start());
      return !NUMBER_FORMAT.matcher(before.substring(before.lastIndexOf(';') + 1)).find();
    }
    return false;
  }

  private static boolean isAllowed(SourceFile file, String call) {
    return ALLOWED.stream()
        .anyMatch(allowed -> file.path().endsWith(allowed.path()) && call.contains(allowed.call()));
  }
}
