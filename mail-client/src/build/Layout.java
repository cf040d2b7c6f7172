import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import javax.tools.ToolProvider;

/**
 * Lays out the program in target/postrider after the jar is made; Maven runs this as a source file.
 *
 * <p>Two things make it start fast. Picocli's jar is Java 5 bytecode, which an AOT cache leaves out
 * (remkop/picocli issue 1623), so its sources are compiled again; its licence stays with it. And a
 * cache of loaded, linked classes is made by a training run over the verbs.
 *
 * <p>Arguments: target directory, the module's jar, the launcher. Without "train" as a fourth, no
 * cache is made, and the program starts more slowly.
 */
final class Layout {
  private static final int TRAINING_SECONDS_MAX = 120;
  private static final String YEARS = " -validity 36500";

  public static void main(String[] args) throws Exception {
    Path target = Path.of(args[0]);
    Path home = target.resolve("postrider");
    Path lib = Files.createDirectories(home.resolve("lib"));
    Path bin = Files.createDirectories(home.resolve("bin"));
    Files.copy(
        Path.of(args[1]), lib.resolve("mail-client.jar"), StandardCopyOption.REPLACE_EXISTING);
    Path launcher = bin.resolve("postrider");
    Files.copy(Path.of(args[2]), launcher, StandardCopyOption.REPLACE_EXISTING);
    Files.setPosixFilePermissions(launcher, PosixFilePermissions.fromString("rwxr-xr-x"));
    recompilePicocli(target, lib);
    if (args.length > 3 && args[3].equals("train")) {
      train(target, lib);
    }
  }

  private static void recompilePicocli(Path target, Path lib) throws IOException {
    Path sources = only(target.resolve("picocli-sources"), "-sources.jar");
    Path jar = lib.resolve(name(sources).replace("-sources", ""));
    Path work = target.resolve("picocli");
    Path classes = work.resolve("classes");
    Path made = work.resolve(name(jar));
    if (!Files.exists(made)) {
      List<String> files = unpack(sources, work.resolve("sources"));
      Files.createDirectories(classes);
      List<String> options = new ArrayList<>(List.of("--release", "25", "-nowarn", "-proc:none"));
      options.addAll(List.of("-Xlint:none", "-d", classes.toString()));
      options.addAll(files);
      int code =
          ToolProvider.getSystemJavaCompiler()
              .run(null, null, null, options.toArray(new String[0]));
      if (code != 0) {
        throw new IOException("picocli does not compile");
      }
      pack(classes, lib.resolve(name(jar)), made);
    }
    Files.copy(made, jar, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.COPY_ATTRIBUTES);
  }

  private static List<String> unpack(Path sources, Path directory) throws IOException {
    List<String> files = new ArrayList<>();
    try (ZipFile zip = new ZipFile(sources.toFile())) {
      for (ZipEntry entry : zip.stream().toList()) {
        // The module descriptor names packages that are compiled against the original jar.
        boolean wanted =
            entry.getName().startsWith("picocli/")
                && entry.getName().endsWith(".java")
                && !entry.getName().contains("module-info");
        if (wanted) {
          Path file = directory.resolve(entry.getName()).normalize();
          Files.createDirectories(file.getParent());
          try (InputStream in = zip.getInputStream(entry)) {
            Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
          }
          files.add(file.toString());
        }
      }
    }
    return files;
  }

  /**
   * The new classes, with everything of the old jar that is no class: licence, notice, metadata.
   */
  private static void pack(Path classes, Path old, Path made) throws IOException {
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(made));
        ZipFile zip = new ZipFile(old.toFile());
        Stream<Path> walk = Files.walk(classes)) {
      for (ZipEntry entry : zip.stream().toList()) {
        if (!entry.isDirectory() && !entry.getName().endsWith(".class")) {
          add(out, entry.getName(), zip.getInputStream(entry).readAllBytes());
        }
      }
      for (Path file : walk.filter(Files::isRegularFile).sorted().toList()) {
        String name = classes.relativize(file).toString().replace('\\', '/');
        add(out, name, Files.readAllBytes(file));
      }
    }
    Files.setLastModifiedTime(made, FileTime.from(Instant.parse("2026-11-23T00:00:00Z")));
  }

  private static void add(JarOutputStream out, String name, byte[] content) throws IOException {
    JarEntry entry = new JarEntry(name);
    entry.setTime(0);
    out.putNextEntry(entry);
    out.write(content);
    out.closeEntry();
  }

  private static void train(Path target, Path lib) throws Exception {
    Path cache = lib.resolve("postrider.aot");
    Files.deleteIfExists(cache);
    Path log = target.resolve("training.log");
    Path keys = makeKeys(target);
    try (TrainingServer server = new TrainingServer(keys)) {
      train(lib, cache, configuration(target, server), log);
    }
  }

  /**
   * A certificate for the training server, signed by an authority whose certificate is a PEM file
   * to trust: a chain, as real servers have, so that the classes that check chains are loaded too.
   */
  private static Path makeKeys(Path target) throws Exception {
    Path keys = target.resolve("training.p12");
    if (!Files.exists(keys)) {
      String request = target.resolve("training.csr").toString();
      String signed = target.resolve("training.crt").toString();
      String authority = target.resolve("training.pem").toString();
      keytool(keys, "-genkeypair -alias ca -keyalg RSA -dname CN=training -ext bc=ca:true" + YEARS);
      keytool(keys, "-exportcert -rfc -alias ca -file " + authority);
      keytool(keys, "-genkeypair -alias server -keyalg RSA -dname CN=localhost" + YEARS);
      keytool(keys, "-certreq -alias server -file " + request);
      keytool(
          keys,
          "-gencert -rfc -alias ca -ext SAN=dns:localhost -infile "
              + request
              + " -outfile "
              + signed
              + YEARS);
      keytool(keys, "-importcert -noprompt -alias server -file " + signed);
    }
    return keys;
  }

  private static void keytool(Path keys, String command) throws Exception {
    List<String> line = new ArrayList<>();
    line.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    line.addAll(List.of(command.split(" ")));
    line.addAll(List.of("-storetype", "PKCS12", "-storepass", TrainingServer.STORE_PASSWORD));
    line.addAll(List.of("-keystore", keys.toString()));
    Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException("keytool failed: " + said);
    }
  }

  /** Two accounts for one server: of the second, the certificate is not believed. */
  private static Path configuration(Path target, TrainingServer server) throws IOException {
    String trusting =
        account("training", server, "ca = \"" + target.resolve("training.pem") + "\"");
    return Files.writeString(
        target.resolve("training.toml"), trusting + account("stranger", server, ""));
  }

  private static String account(String name, TrainingServer server, String trust) {
    return """
    [account.%1$s]
    address = "me@example.test"
    %2$s
    [account.%1$s.imap]
    host = "localhost"
    port = %3$d
    [account.%1$s.smtp]
    host = "localhost"
    port = %4$d
    """
        .formatted(name, trust, server.imapPort(), server.smtpPort());
  }

  private static void train(Path lib, Path cache, Path configuration, Path log) throws Exception {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    Process training =
        new ProcessBuilder(
                java,
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-XX:AOTCacheOutput=" + cache,
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                lib.resolve("mail-client.jar").toString(),
                "dev.postrider.client.cli.TrainingRun",
                configuration.toString())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    boolean ended = training.waitFor(TRAINING_SECONDS_MAX, TimeUnit.SECONDS);
    if (!ended) {
      training.destroyForcibly();
    }
    if (!ended || training.exitValue() != 0 || !Files.exists(cache)) {
      System.err.println("postrider: no start-up cache was made; see " + log);
    }
  }

  private static Path only(Path directory, String suffix) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(f -> name(f).endsWith(suffix)).findFirst().orElseThrow();
    }
  }

  private static String name(Path path) {
    return path.getFileName().toString();
  }
}
