package dev.postrider.integration;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postrider.integration.server.RunningServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The ways to log in that programs of other people speak. */
class LoginsIT {

  private static final String USER = "alice@a.test";

  @TempDir static Path directory;

  private static RunningServer server;

  @BeforeAll
  static void start() throws IOException {
    server = Servers.start(directory.resolve("a"), "a.test", "");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  @Seen(
      client = "gsasl",
      debianPackage = "gsasl",
      doing = "logs in to IMAP by SCRAM, also tied to the connection by what TLS exports")
  void gsaslLogsInByScram() throws Exception {
    String all =
        "[auth]\nmechanisms = [\"SCRAM-SHA-256-PLUS\", \"SCRAM-SHA-256\", \"SCRAM-SHA-1-PLUS\","
            + " \"SCRAM-SHA-1\"]\n";
    try (RunningServer bound = Servers.start(directory.resolve("bound"), "a.test", all)) {
      for (String mechanism : List.of("SCRAM-SHA-256", "SCRAM-SHA-1")) {
        assertThat(gsasl(bound, mechanism, Servers.PASSWORD, "--no-cb").ok().text())
            .contains("Client authentication finished (server trusted)");
        // "cD10bHMtZXhwb3J0ZXIs" is "p=tls-exporter,".
        assertThat(gsasl(bound, mechanism + "-PLUS", Servers.PASSWORD).ok().text())
            .contains("\ncD10bHMtZXhwb3J0ZXIs")
            .contains("Client authentication finished (server trusted)");
      }
      Program.Ran refused = gsasl(bound, "SCRAM-SHA-256-PLUS", "wrong");
      assertThat(refused.status()).isNotZero();
      assertThat(refused.text()).contains("NO [AUTHENTICATIONFAILED]");
    }
  }

  private static Program.Ran gsasl(
      RunningServer bound, String mechanism, String password, String... more) throws Exception {
    return Program.of("gsasl", "--imap", "--connect=127.0.0.1:" + bound.port("imap"))
        .args("-m", mechanism, "-a", USER, "-p", password)
        .args("--x509-ca-file=" + bound.certificate())
        .args(more)
        .run();
  }

  @Test
  @Seen(
      client = "msmtp",
      debianPackage = "msmtp",
      doing = "submits by SCRAM-SHA-256 and SCRAM-SHA-1")
  void msmtpSubmitsByScram() throws Exception {
    for (String mechanism : List.of("scram-sha-256", "scram-sha-1")) {
      String subject = "msmtp " + mechanism;
      String log =
          Program.of("msmtp", "--file=/dev/null", "--debug", "--host=localhost")
              .args("--port=" + server.port("submission"), "--tls=on", "--tls-starttls=on")
              .args("--tls-trust-file=" + server.certificate(), "--auth=" + mechanism)
              .args("--user=" + USER, "--passwordeval=echo '" + Servers.PASSWORD + "'")
              .args("--from=" + USER, "bob@a.test")
              .input("From: " + USER + "\nTo: bob@a.test\nSubject: " + subject + "\n\nx\n")
              .run()
              .ok()
              .text();
      assertThat(log).containsIgnoringCase("--> AUTH " + mechanism).contains("<-- 235 2.7.0");
      Mailboxes.await(server, "bob@a.test", "INBOX", subject, directory);
    }
  }

  @Test
  @Seen(
      client = "mbsync (isync)",
      debianPackage = "isync",
      doing = "takes SCRAM-SHA-256 by itself, with the mechanisms of Cyrus SASL")
  void mbsyncChoosesScram() throws Exception {
    Path home = Files.createDirectories(directory.resolve("mbsync"));
    Path rc = home.resolve("rc");
    Files.writeString(
        rc,
        String.join(
            "\n",
            "IMAPAccount a",
            "Host localhost",
            "Port " + server.port("imaps"),
            "SSLType IMAPS",
            "CertificateFile " + server.certificate(),
            "User " + USER,
            "Pass \"" + Servers.PASSWORD + "\"",
            "AuthMechs *",
            "",
            "IMAPStore far",
            "Account a",
            "",
            "MaildirStore near",
            "Path " + home + "/",
            "Inbox " + home + "/INBOX",
            "",
            "Channel c",
            "SyncState *",
            "Far :far:",
            "Near :near:",
            ""),
        UTF_8);
    String log = Program.of("mbsync", "-c", rc.toString(), "-Dn", "c").run().ok().text();
    assertThat(log).contains("Authenticating with SASL mechanism SCRAM-SHA-256...");
    assertThat(home.resolve("INBOX")).isDirectory();
  }

  @Test
  @Seen(
      client = "msmtp",
      debianPackage = "msmtp",
      doing = "submits by a certificate of its own (EXTERNAL)")
  void msmtpSubmitsByCertificate() throws Exception {
    Path home = Files.createDirectories(directory.resolve("certified"));
    certify(home);
    String more = "[tls]\nclient_ca = \"" + home.resolve("ca.pem") + "\"\n";
    try (RunningServer asking = Servers.start(home.resolve("d"), "a.test", more)) {
      String log =
          Program.of("msmtp", "--file=/dev/null", "--debug", "--host=localhost")
              .args("--port=" + asking.port("submissions"), "--tls=on", "--tls-starttls=off")
              .args("--tls-trust-file=" + asking.certificate(), "--auth=external")
              .args("--tls-cert-file=" + home.resolve("alice.pem"))
              .args("--tls-key-file=" + home.resolve("alice.key"), "--user=" + USER)
              .args("--from=" + USER, "bob@a.test")
              .input("From: " + USER + "\nTo: bob@a.test\nSubject: certified\n\nx\n")
              .run()
              .ok()
              .text();
      assertThat(log).contains("--> AUTH EXTERNAL").contains("<-- 235 2.7.0");
      Mailboxes.await(asking, "bob@a.test", "INBOX", "certified", directory);
      String folders =
          Program.of("curl", "-sS", "-v", "--cacert", asking.certificate().toString())
              .args("--cert", home.resolve("alice.pem").toString())
              .args("--key", home.resolve("alice.key").toString())
              .args("--login-options", "AUTH=EXTERNAL", "--user", USER + ":")
              .args("imaps://localhost:" + asking.port("imaps"))
              .run()
              .ok()
              .text();
      assertThat(folders).contains("AUTHENTICATE EXTERNAL").contains("INBOX");
    }
  }

  @Test
  @Seen(
      client = "curl",
      debianPackage = "curl",
      doing = "logs in by a token of OAuth 2.0 (OAUTHBEARER)")
  void curlShowsAToken() throws Exception {
    try (Issuer issuer = new Issuer(USER, "good.token");
        RunningServer trusting =
            Servers.start(directory.resolve("curl"), "a.test", issuer.configuration())) {
      String folders = curl(trusting, "good.token").ok().text();
      assertThat(folders).contains("AUTHENTICATE OAUTHBEARER").contains("INBOX");
      Program.Ran refused = curl(trusting, "stale.token");
      assertThat(refused.status()).isNotZero();
      assertThat(refused.text()).contains("NO [AUTHENTICATIONFAILED] Your token is not good");
    }
  }

  private static Program.Ran curl(RunningServer trusting, String token) throws Exception {
    return Program.of("curl", "-sS", "-v", "--cacert", trusting.certificate().toString())
        .args("--oauth2-bearer", token, "--user", USER + ":")
        .args("imaps://localhost:" + trusting.port("imaps"))
        .run();
  }

  @Test
  @Seen(
      client = "msmtp",
      debianPackage = "msmtp",
      doing = "submits by a token of OAuth 2.0 (OAUTHBEARER, XOAUTH2)")
  void msmtpShowsAToken() throws Exception {
    try (Issuer issuer = new Issuer(USER, "good.token");
        RunningServer trusting =
            Servers.start(directory.resolve("msmtp"), "a.test", issuer.configuration())) {
      for (String mechanism : List.of("oauthbearer", "xoauth2")) {
        String log = msmtp(trusting, mechanism, "good.token").ok().text();
        assertThat(log).containsIgnoringCase("--> AUTH " + mechanism).contains("<-- 235 2.7.0");
        Mailboxes.await(trusting, "bob@a.test", "INBOX", "token " + mechanism, directory);
        Program.Ran refused = msmtp(trusting, mechanism, "stale.token");
        assertThat(refused.status()).isNotZero();
        assertThat(refused.text()).contains("535 5.7.8 Your token is not good");
      }
    }
  }

  private static Program.Ran msmtp(RunningServer trusting, String mechanism, String token)
      throws Exception {
    return Program.of("msmtp", "--file=/dev/null", "--debug", "--host=localhost")
        .args("--port=" + trusting.port("submission"), "--tls=on", "--tls-starttls=on")
        .args("--tls-trust-file=" + trusting.certificate(), "--auth=" + mechanism)
        .args("--user=" + USER, "--passwordeval=echo " + token)
        .args("--from=" + USER, "bob@a.test")
        .input("From: " + USER + "\nTo: bob@a.test\nSubject: token " + mechanism + "\n\nx\n")
        .run();
  }

  /** An authority, and a certificate of alice's by it. */
  private static void certify(Path home) throws Exception {
    String script =
        """
        cd "$1"
        echo "subjectAltName=email:$2" > names
        openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=People -days 2 -keyout ca.key -out ca.pem
        openssl req -newkey rsa:2048 -nodes -subj /CN=Alice -keyout alice.key -out alice.csr
        openssl x509 -req -in alice.csr -CA ca.pem -CAkey ca.key -set_serial 7 -days 2 \\
          -extfile names -out alice.pem
        """;
    Program.of("sh", "-ec", script, "certify", home.toString(), USER).run().ok();
  }
}
