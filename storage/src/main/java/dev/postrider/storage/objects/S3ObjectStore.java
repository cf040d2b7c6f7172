package dev.postrider.storage.objects;

import dev.postrider.storage.messages.MessageSource;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.StandardRetryStrategy;
import software.amazon.awssdk.retries.api.BackoffStrategy;
import software.amazon.awssdk.services.s3.LegacyMd5Plugin;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.model.DeleteObjectsRequest;
import software.amazon.awssdk.services.s3.model.DeleteObjectsResponse;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Error;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * A bucket of S3 or of a service like it, through Amazon's library.
 *
 * <p>The library's time limits for a whole call are not used: it keeps them by interrupting the
 * thread that calls, and an interrupt closes the file that a body is read from. The silence of a
 * connection is limited, and the number of attempts.
 *
 * <p>A body is sent with its CRC-32C, made beforehand, in a plain header: a service that knows it
 * compares, one that does not know it passes over it. The way that the library prefers, a trailer,
 * is refused by some.
 */
public final class S3ObjectStore implements ObjectStore {

  /** Amazon's limit for one request. */
  private static final int DELETED_TOGETHER_MAX = 1000;

  private static final int RANGE_NOT_SATISFIABLE = 416;
  private static final String MESSAGE_TYPE = "message/rfc822";

  private final S3Settings settings;
  private final S3Failures failures;
  private final S3Client client;

  /** Connects when it is first used. */
  public S3ObjectStore(S3Settings settings) {
    this.settings = settings;
    failures = new S3Failures(settings);
    client = client(settings);
  }

  private static S3Client client(S3Settings settings) {
    S3Settings.Limits limits = settings.limits();
    BackoffStrategy pauses =
        BackoffStrategy.exponentialDelay(limits.firstPause(), S3Settings.Limits.PAUSE_MAX);
    S3ClientBuilder builder =
        S3Client.builder()
            .region(Region.of(settings.region()))
            .credentialsProvider(credentials(settings))
            .forcePathStyle(settings.pathStyle())
            .serviceConfiguration(service -> service.chunkedEncodingEnabled(false))
            .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
            .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
            // A deletion of many keys must carry a checksum, and some know MD5 alone.
            .addPlugin(LegacyMd5Plugin.create())
            .httpClientBuilder(
                UrlConnectionHttpClient.builder()
                    .connectionTimeout(limits.connect())
                    .socketTimeout(limits.silence()))
            .overrideConfiguration(
                override ->
                    override.retryStrategy(
                        StandardRetryStrategy.builder()
                            .maxAttempts(limits.attempts())
                            .backoffStrategy(pauses)
                            .throttlingBackoffStrategy(pauses)
                            .build()));
    settings.endpoint().ifPresent(builder::endpointOverride);
    return builder.build();
  }

  private static AwsCredentialsProvider credentials(S3Settings settings) {
    Optional<S3Settings.AccessKey> key = settings.accessKey();
    return key.isPresent()
        ? StaticCredentialsProvider.create(
            AwsBasicCredentials.create(key.get().id(), key.get().secret()))
        : DefaultCredentialsProvider.builder().build();
  }

  @Override
  public void requireUsable() throws IOException {
    String key = "probe-" + UUID.randomUUID();
    byte[] octets = key.getBytes(StandardCharsets.US_ASCII);
    list("");
    put(key, MessageSource.of(octets));
    try (InputStream read = open(key, 0, octets.length)) {
      if (!Arrays.equals(read.readAllBytes(), octets)) {
        throw failures.wrongAnswer("read " + key, "it is not what was put");
      }
    } finally {
      delete(List.of(key));
    }
  }

  @Override
  public void put(String key, MessageSource body) throws IOException {
    try (Upload upload = new Upload(body)) {
      PutObjectRequest request =
          PutObjectRequest.builder()
              .bucket(settings.bucket())
              .key(settings.prefix() + key)
              .contentType(MESSAGE_TYPE)
              .contentLength(body.octets())
              .checksumCRC32C(upload.checksum())
              .build();
      RequestBody content = RequestBody.fromContentProvider(upload, body.octets(), MESSAGE_TYPE);
      try {
        client.putObject(request, content);
      } catch (SdkException | UncheckedIOException e) {
        upload.throwFailure();
        throw failures.of("put " + key, e);
      }
    }
  }

  @Override
  public InputStream open(String key, long offset, long length) throws IOException {
    if (offset < 0 || length < 0) {
      throw new IllegalArgumentException("negative range " + offset + ", " + length);
    }
    Ranges ranges = new Ranges(key);
    Optional<ObjectStream.Part> first = length == 0 ? Optional.empty() : ranges.ask(offset, length);
    if (first.isEmpty()) {
      return InputStream.nullInputStream();
    }
    long end = offset + first.get().octets();
    return new ObjectStream(ranges, first.get(), offset, end, settings.limits().attempts());
  }

  @Override
  public void delete(Collection<String> keys) throws IOException {
    List<ObjectIdentifier> all =
        keys.stream()
            .map(key -> ObjectIdentifier.builder().key(settings.prefix() + key).build())
            .toList();
    for (int from = 0; from < all.size(); from += DELETED_TOGETHER_MAX) {
      List<ObjectIdentifier> some =
          all.subList(from, Math.min(from + DELETED_TOGETHER_MAX, all.size()));
      deleteTogether(some);
    }
  }

  private void deleteTogether(List<ObjectIdentifier> keys) throws IOException {
    String doing = "delete " + keys.size() + " objects";
    DeleteObjectsRequest request =
        DeleteObjectsRequest.builder()
            .bucket(settings.bucket())
            .delete(delete -> delete.objects(keys).quiet(true))
            .build();
    DeleteObjectsResponse response = call(doing, () -> client.deleteObjects(request));
    for (S3Error error : response.errors()) {
      if (!"NoSuchKey".equals(error.code())) {
        throw failures.wrongAnswer(
            doing, error.key() + ": " + error.code() + " " + error.message());
      }
    }
  }

  @Override
  public List<StoredObject> list(String after) throws IOException {
    ListObjectsV2Request.Builder request =
        ListObjectsV2Request.builder().bucket(settings.bucket()).prefix(settings.prefix());
    if (!after.isEmpty()) {
      request.startAfter(settings.prefix() + after);
    }
    return call("list", () -> client.listObjectsV2(request.build())).contents().stream()
        .map(this::stored)
        .toList();
  }

  private StoredObject stored(S3Object object) {
    String key = object.key().substring(settings.prefix().length());
    return new StoredObject(key, object.size(), object.lastModified());
  }

  @Override
  public void close() {
    client.close();
  }

  private <T> T call(String doing, Supplier<T> call) throws ObjectStoreException {
    try {
      return call.get();
    } catch (SdkException | UncheckedIOException e) {
      throw failures.of(doing, e);
    }
  }

  /** Asks for ranges of one object. */
  private final class Ranges implements ObjectStream.Source {
    private final String key;

    Ranges(String key) {
      this.key = key;
    }

    @Override
    public Optional<ObjectStream.Part> ask(long offset, long length) throws IOException {
      long last = offset + Math.min(length, Long.MAX_VALUE - offset) - 1;
      GetObjectRequest request =
          GetObjectRequest.builder()
              .bucket(settings.bucket())
              .key(settings.prefix() + key)
              .range("bytes=" + offset + "-" + last)
              .build();
      try {
        ResponseInputStream<GetObjectResponse> answer = client.getObject(request);
        GetObjectResponse head = answer.response();
        if (!isFrom(offset, head.contentRange())) {
          answer.abort();
          throw failures.wrongAnswer("read " + key, "it does not know ranges");
        }
        return Optional.of(
            new ObjectStream.Part(answer, Math.min(length, head.contentLength()), answer::abort));
      } catch (SdkException | UncheckedIOException e) {
        if (e instanceof AwsServiceException refused
            && refused.statusCode() == RANGE_NOT_SATISFIABLE) {
          return Optional.empty();
        }
        throw failures.of("read " + key, e);
      }
    }

    /** RFC 9110 section 14.4: without a range the whole object comes. */
    private boolean isFrom(long offset, @Nullable String contentRange) {
      return contentRange == null ? offset == 0 : contentRange.startsWith("bytes " + offset + "-");
    }

    @Override
    public IOException broken(long octetsMissing, IOException cause) {
      return failures.broken("read " + key, octetsMissing, cause);
    }
  }
}
