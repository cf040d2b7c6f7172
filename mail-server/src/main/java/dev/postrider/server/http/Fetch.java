package dev.postrider.server.http;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Asks servers of others for small texts. Each question ends within the time limit, whatever the
 * other side does; an answer that is larger than it may be is none; nobody is sent elsewhere.
 * Threads: any; they wait.
 */
public final class Fetch {

  /** Octets of an answer: keys of an issuer are some thousands. */
  public static final int ANSWER_OCTETS_MAX = 256 * 1024;

  private static final int OK = 200;

  private final HttpClient client;
  private final Duration limit;

  /** {@code limit}: from the first octet sent to the last one received. */
  public Fetch(Duration limit) {
    this.limit = limit;
    this.client = HttpClient.newBuilder().connectTimeout(limit).build();
  }

  /**
   * The text at {@code address}.
   *
   * @throws IOException also for any status but 200; the message says what was wrong
   */
  public String get(URI address) throws IOException {
    return ask(HttpRequest.newBuilder(address).header("Accept", "application/json").build());
  }

  /** The answer to a form. {@code authorization}: the field of that name. */
  public String post(URI address, String form, String authorization) throws IOException {
    return ask(
        HttpRequest.newBuilder(address)
            .header("Accept", "application/json")
            .header("Content-Type", "application/x-www-form-urlencoded")
            .header("Authorization", authorization)
            .POST(HttpRequest.BodyPublishers.ofString(form, StandardCharsets.UTF_8))
            .build());
  }

  private String ask(HttpRequest request) throws IOException {
    CompletableFuture<HttpResponse<String>> asked =
        client.sendAsync(
            request,
            BodyHandlers.limiting(
                BodyHandlers.ofString(StandardCharsets.UTF_8), ANSWER_OCTETS_MAX));
    try {
      HttpResponse<String> answer = asked.get(limit.toMillis(), TimeUnit.MILLISECONDS);
      if (answer.statusCode() != OK) {
        throw new IOException(request.uri() + " answered with status " + answer.statusCode());
      }
      return answer.body();
    } catch (ExecutionException e) {
      throw new IOException(request.uri() + ": " + e.getCause(), e);
    } catch (TimeoutException e) {
      asked.cancel(true);
      throw new IOException(request.uri() + " did not answer within " + limit, e);
    } catch (InterruptedException e) {
      asked.cancel(true);
      // Nobody interrupts sessions; if somebody does, this question is over.
      throw new IOException("interrupted", e);
    }
  }
}
