package dev.postrider.client.cli;

import dev.postrider.client.ExitCode;
import dev.postrider.client.MailFailure;
import dev.postrider.client.accounts.Endpoint;
import dev.postrider.client.accounts.TlsMode;
import dev.postrider.client.accounts.Trust;
import dev.postrider.client.render.JsonObject;
import dev.postrider.client.render.Palette;
import dev.postrider.client.render.SafeText;
import dev.postrider.client.session.Certificate;
import dev.postrider.client.session.PortReport;
import dev.postrider.client.session.Probe;
import dev.postrider.client.session.Timeouts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "probe",
    description = {
      "Shows what the mail ports of a host offer: TLS, certificate, capabilities, ways to log in,"
          + " and how long each step takes. Nobody logs in."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  postrider probe mail.example.org",
      "  postrider probe localhost --imap 2143 --imaps 2993 --submission 2587"
    })
final class ProbeCommand extends Verb {
  private static final int USUAL_SECONDS = 10;

  @Parameters(paramLabel = "HOST", description = "A host name or address.")
  String host = "";

  @Option(names = "--imap", paramLabel = "PORT", description = "IMAP with STARTTLS. Default: 143.")
  int imap;

  @Option(names = "--imaps", paramLabel = "PORT", description = "IMAP over TLS. Default: 993.")
  int imaps;

  @Option(names = "--smtp", paramLabel = "PORT", description = "SMTP. Default: 25.")
  int smtp;

  @Option(
      names = "--submission",
      paramLabel = "PORT",
      description = "Submission with STARTTLS. Default: 587.")
  int submission;

  @Option(
      names = "--submissions",
      paramLabel = "PORT",
      description = "Submission over TLS. Default: 465.")
  int submissions;

  @Option(names = "--ca", paramLabel = "FILE", description = "Believes only authorities in FILE.")
  java.nio.file.@Nullable Path ca;

  @Override
  ExitCode run() throws MailFailure {
    if (!host.matches("[A-Za-z0-9._:\\-\\u0080-\\uFFFF]+")) {
      throw new MailFailure(ExitCode.USAGE, "\"" + host + "\" is no host name");
    }
    List<PortReport> reports = probe();
    if (json()) {
      print(
          JsonObject.ofSchema("probe")
              .put("host", host)
              .put("ports", reports.stream().map(ProbeCommand::json).toList()));
    } else {
      reports.forEach(this::tell);
    }
    if (reports.stream().allMatch(r -> r.problem().isPresent())) {
      throw new MailFailure(ExitCode.UNAVAILABLE, "no mail port of " + host + " answers");
    }
    return ExitCode.OK;
  }

  private List<PortReport> probe() throws MailFailure {
    Timeouts timeouts =
        program().timeoutSeconds == 0
            ? Timeouts.USUAL.withRead(Duration.ofSeconds(USUAL_SECONDS))
            : program().timeouts();
    Trust trust = ca == null ? new Trust.Platform() : new Trust.Authority(ca);
    Probe probe = new Probe(trust, timeouts, terminal().clock());
    // When ports are named, only those are looked at.
    boolean usual = imap + imaps + smtp + submission + submissions == 0;
    List<Future<PortReport>> running = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      endpoint(
          imaps, usual, 993, TlsMode.TLS, e -> running.add(threads.submit(() -> probe.imap(e))));
      endpoint(
          imap,
          usual,
          143,
          TlsMode.STARTTLS,
          e -> running.add(threads.submit(() -> probe.imap(e))));
      endpoint(
          submissions,
          usual,
          465,
          TlsMode.TLS,
          e -> running.add(threads.submit(() -> probe.smtp(e))));
      endpoint(
          submission,
          usual,
          587,
          TlsMode.STARTTLS,
          e -> running.add(threads.submit(() -> probe.smtp(e))));
      endpoint(
          smtp, usual, 25, TlsMode.STARTTLS, e -> running.add(threads.submit(() -> probe.smtp(e))));
    }
    List<PortReport> reports = new ArrayList<>();
    for (Future<PortReport> report : running) {
      reports.add(result(report));
    }
    return reports;
  }

  private void endpoint(
      int port,
      boolean usual,
      int usualPort,
      TlsMode tls,
      java.util.function.Consumer<Endpoint> run) {
    if (port > 0 || usual) {
      run.accept(new Endpoint(host, port > 0 ? port : usualPort, tls));
    }
  }

  private static PortReport result(Future<PortReport> report) throws MailFailure {
    try {
      return report.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof MailFailure failure) {
        throw failure;
      }
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private void tell(PortReport r) {
    Palette palette = program().palette();
    String head = r.service() + " " + r.endpoint() + " (" + r.endpoint().tls().word() + ")";
    out().println(palette.bold(head));
    if (r.problem().isPresent()) {
      line(palette.red("problem"), r.problem().get());
      out().println();
      return;
    }
    line("greeting", r.greeting());
    line("tls", r.tlsVersion().isEmpty() ? palette.red("none") : r.tlsVersion() + " " + r.cipher());
    r.certificate().ifPresent(c -> tell(c, r));
    line("offers", String.join(" · ", r.capabilities()));
    line("log in", String.join(" ", r.mechanisms()));
    if (!r.plainMechanisms().isEmpty()) {
      line(palette.red("warning"), "passwords are taken without TLS: " + r.plainMechanisms());
    }
    line(
        "time",
        "connect "
            + r.connectMillis()
            + " ms, tls "
            + r.tlsMillis()
            + " ms, greeting "
            + r.greetingMillis()
            + " ms");
    out().println();
  }

  private void tell(Certificate c, PortReport r) {
    line("certificate", c.subject() + " for " + String.join(", ", c.names()));
    line("", "from " + c.issuer() + ", until " + c.notAfter());
    line("", "sha256 " + c.sha256());
    String verdict =
        r.untrusted()
            .map(why -> program().palette().red("no: " + SafeText.line(why)))
            .orElse(program().palette().green("yes"));
    out().println("  " + "believed" + "     " + verdict);
  }

  private void line(String name, String value) {
    String shown = value.startsWith("\u001B") ? value : SafeText.line(value);
    out().println("  " + name + " ".repeat(Math.max(1, 13 - visible(name))) + shown);
  }

  private static int visible(String text) {
    return text.replaceAll("\u001B\\[[0-9]+m", "").length();
  }

  private static JsonObject json(PortReport r) {
    JsonObject certificate =
        r.certificate()
            .map(
                c ->
                    new JsonObject()
                        .put("subject", c.subject())
                        .put("issuer", c.issuer())
                        .put("names", c.names())
                        .put("notBefore", c.notBefore())
                        .put("notAfter", c.notAfter())
                        .put("sha256", c.sha256())
                        .put("trusted", r.untrusted().isEmpty())
                        .put("untrustedBecause", r.untrusted()))
            .orElse(null);
    return new JsonObject()
        .put("service", r.service())
        .put("port", r.endpoint().port())
        .put("tls", r.endpoint().tls().word())
        .put("problem", r.problem())
        .put("greeting", r.greeting())
        .put("tlsVersion", r.tlsVersion())
        .put("cipher", r.cipher())
        .put("certificate", certificate)
        .put("capabilities", r.capabilities())
        .put("mechanisms", r.mechanisms())
        .put("mechanismsWithoutTls", r.plainMechanisms())
        .put("connectMillis", r.connectMillis())
        .put("tlsMillis", r.tlsMillis())
        .put("greetingMillis", r.greetingMillis());
  }
}
