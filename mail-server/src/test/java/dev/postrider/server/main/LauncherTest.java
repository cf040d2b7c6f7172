package dev.postrider.server.main;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script that starts Java, on machines that have too old a one, none, or a good one. */
final class LauncherTest {

  @TempDir private Path directory;
  private Path program;

  private record Ran(int status, String output) {}

  @BeforeEach
  void install() throws Exception {
    Path source =
        Path.of(System.getProperty("postrider.root", ".."))
            .resolve("mail-server/src/main/launcher/postriderd");
    Files.createDirectories(directory.resolve("home/bin"));
    Files.createDirectories(directory.resolve("home/lib"));
    program = Files.copy(source, directory.resolve("home/bin/postriderd"));
  }

  @Test
  void saysWhatIsMissingInOneLine() throws Exception {
    Ran ran = run(Map.of("POSTRIDER_JAVA_PLACES", ""));

    assertThat(ran)
        .isEqualTo(
            new Ran(
                69,
                "postriderd: Java 25 or newer is needed, and none was found (seen: none at all);"
                    + " install a JDK 25 and set JAVA_HOME to it\n"));
  }

  @Test
  void saysWhichJavaIsTooOld() throws Exception {
    Path old = java("jdk-17", "17.0.15");

    Ran ran = run(Map.of("POSTRIDER_JAVA_PLACES", "", "JAVA_HOME", old.toString()));

    assertThat(ran.status()).isEqualTo(69);
    assertThat(ran.output()).contains("(seen: Java 17 in " + old + ")").containsOnlyOnce("\n");
  }

  @Test
  void takesTheJavaOfJavaHomeWithItsOptionsAndArguments() throws Exception {
    Path good = java("jdk-25", "25.0.3");

    Ran ran =
        run(
            Map.of("JAVA_HOME", good.toString(), "POSTRIDER_JAVA_OPTS", "-Xmx64m -Dx=y"),
            "account",
            "add",
            "a b");

    assertThat(ran.status()).isZero();
    assertThat(ran.output().lines())
        .startsWith("jdk-25", "-XX:+UseSerialGC")
        .containsSubsequence("-Xmx64m", "-Dx=y", "-cp")
        .endsWith("dev.postrider.server.main.Postriderd", "account", "add", "a b");
  }

  @Test
  void passesOverOldOnesAndLooksInTheUsualPlaces() throws Exception {
    java("jvm/a-17", "17.0.1");
    java("jvm/b-26", "26");

    Ran ran = run(Map.of("POSTRIDER_JAVA_PLACES", directory + "/jvm/*"));

    assertThat(ran.output()).startsWith("b-26\n");
  }

  @Test
  void findsItsLibrariesThroughALink() throws Exception {
    Path good = java("jdk-25", "25.0.3");
    Path link = Files.createSymbolicLink(directory.resolve("link"), program);
    program = link;

    Ran ran = run(Map.of("JAVA_HOME", good.toString()));

    assertThat(ran.output()).contains(directory.toRealPath() + "/home/lib/postriderd.jar\n");
  }

  /** A Java that prints its name and its arguments, one a line. */
  private Path java(String name, String version) throws Exception {
    Path home = directory.resolve(name);
    Files.createDirectories(home.resolve("bin"));
    Files.writeString(
        home.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"" + version + "\"\n");
    executable(
        home.resolve("bin/java"),
        "#!/bin/sh\necho " + home.getFileName() + "\nfor a; do echo \"$a\"; done\n");
    return home;
  }

  private static void executable(Path file, String script) throws Exception {
    Files.writeString(file, script);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /** Runs it with a path that holds no Java. */
  private Ran run(Map<String, String> environment, String... arguments) throws Exception {
    Path bin = Files.createDirectories(directory.resolve("path"));
    executable(bin.resolve("readlink"), "#!/bin/sh\nexec /bin/readlink \"$@\"\n");
    ProcessBuilder builder = new ProcessBuilder("/bin/sh", program.toString());
    builder.command().addAll(List.of(arguments));
    builder.environment().clear();
    builder.environment().put("PATH", bin.toString());
    builder.environment().putAll(environment);
    Process process = builder.redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    return new Ran(process.exitValue(), output);
  }
}
