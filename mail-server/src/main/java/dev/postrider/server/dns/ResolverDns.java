package dev.postrider.server.dns;

import dev.postrider.server.config.DnsConfig;
import java.net.IDN;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.Cache;
import org.xbill.DNS.DClass;
import org.xbill.DNS.ExtendedResolver;
import org.xbill.DNS.MXRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Resolver;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;
import org.xbill.DNS.lookup.LookupSession;
import org.xbill.DNS.lookup.NoSuchDomainException;
import org.xbill.DNS.lookup.NoSuchRRSetException;

/** Asks resolvers over the network, through a cache that keeps to the records' lifetimes. */
public final class ResolverDns implements Dns {

  /** Tries per server. */
  private static final int TRIES = 2;

  /** CNAMEs followed in one lookup. */
  private static final int REDIRECTS_MAX = 8;

  /** MX records that are looked at; a zone with more is broken or hostile. */
  private static final int EXCHANGERS_MAX = 32;

  /** Addresses per host and family that are looked at. */
  private static final int ADDRESSES_MAX = 16;

  private static final int CACHE_ENTRIES_MAX = 20_000;

  private final LookupSession session;
  private final Duration lookupTimeout;
  private final RandomGenerator random;

  /**
   * @param random orders hosts of equal preference
   */
  public ResolverDns(DnsConfig config, RandomGenerator random) {
    this.random = random;
    this.lookupTimeout = config.timeout();
    Cache cache = new Cache(DClass.IN);
    cache.setMaxEntries(CACHE_ENTRIES_MAX);
    this.session =
        LookupSession.builder()
            .resolver(resolver(config))
            .defaultHostsFileParser()
            .maxRedirects(REDIRECTS_MAX)
            .cache(cache)
            .build();
  }

  /** Every server gets its tries within the time of one lookup. */
  private static Resolver resolver(DnsConfig config) {
    ExtendedResolver resolver;
    if (config.servers().isEmpty()) {
      resolver = new ExtendedResolver();
    } else {
      List<Resolver> each = new ArrayList<>();
      config.servers().forEach(server -> each.add(new SimpleResolver(server)));
      resolver = new ExtendedResolver(each);
    }
    resolver.setTimeout(config.timeout());
    resolver.setRetries(TRIES);
    int questions = TRIES * Math.max(1, resolver.getResolvers().length);
    for (Resolver server : resolver.getResolvers()) {
      server.setTimeout(config.timeout().dividedBy(questions));
    }
    return resolver;
  }

  @Override
  public MxAnswer mx(String domain) {
    return switch (lookup(domain, Type.MX)) {
      case Records.Found(List<Record> records) -> exchangers(records);
      case Records.NoSuchDomain() -> new MxAnswer.NoSuchDomain();
      case Records.None() -> new MxAnswer.NoRecords();
      case Records.Unknown(String cause) -> new MxAnswer.TemporaryFailure(cause);
    };
  }

  private MxAnswer exchangers(List<Record> records) {
    List<MailExchanger> exchangers = new ArrayList<>();
    boolean rootSeen = false;
    for (Record each : records) {
      if (!(each instanceof MXRecord mx)) {
        continue;
      }
      if (mx.getTarget().equals(Name.root)) {
        rootSeen = true;
      } else {
        exchangers.add(new MailExchanger(mx.getPriority(), hostName(mx.getTarget())));
      }
    }
    if (exchangers.isEmpty()) {
      // RFC 7505 section 3: a null MX stands alone; beside others "." is a host that has no
      // address.
      return rootSeen ? new MxAnswer.NullMx() : new MxAnswer.NoRecords();
    }
    // Shuffled first: the sort is stable, so equal preferences stay in random order.
    Collections.shuffle(exchangers, Random.from(random));
    exchangers.sort(Comparator.comparingInt(MailExchanger::preference));
    return new MxAnswer.Found(exchangers.subList(0, Math.min(exchangers.size(), EXCHANGERS_MAX)));
  }

  @Override
  public AddressAnswer addresses(String host) {
    Records six = lookup(host, Type.AAAA);
    Records four = lookup(host, Type.A);
    List<InetAddress> addresses = inTurn(addressesIn(six), addressesIn(four));
    if (!addresses.isEmpty()) {
      return new AddressAnswer.Found(addresses);
    }
    // One family unknown: the host may have addresses that nobody could tell us.
    if (four instanceof Records.Unknown(String cause)) {
      return new AddressAnswer.TemporaryFailure(cause);
    }
    if (six instanceof Records.Unknown(String cause)) {
      return new AddressAnswer.TemporaryFailure(cause);
    }
    return four instanceof Records.NoSuchDomain
        ? new AddressAnswer.NoSuchDomain()
        : new AddressAnswer.NoRecords();
  }

  private static List<InetAddress> addressesIn(Records records) {
    List<InetAddress> addresses = new ArrayList<>();
    if (records instanceof Records.Found(List<Record> found)) {
      for (Record each : found) {
        if (each instanceof AAAARecord six) {
          addresses.add(six.getAddress());
        } else if (each instanceof ARecord four) {
          addresses.add(four.getAddress());
        }
      }
    }
    return addresses.subList(0, Math.min(addresses.size(), ADDRESSES_MAX));
  }

  /** RFC 8305 section 4: families in turn, so that a dead one costs one try. */
  private static List<InetAddress> inTurn(List<InetAddress> first, List<InetAddress> second) {
    List<InetAddress> all = new ArrayList<>();
    for (int i = 0; i < Math.max(first.size(), second.size()); i++) {
      if (i < first.size()) {
        all.add(first.get(i));
      }
      if (i < second.size()) {
        all.add(second.get(i));
      }
    }
    return all;
  }

  private Records lookup(String domain, int type) {
    Name name;
    try {
      name = Name.fromString(IDN.toASCII(domain), Name.root);
    } catch (TextParseException | IllegalArgumentException notAName) {
      return new Records.NoSuchDomain();
    }
    CompletableFuture<List<Record>> answer =
        session.lookupAsync(name, type).toCompletableFuture().thenApply(each -> each.getRecords());
    try {
      // join() does not care for interrupts, so the caller's thread keeps its state.
      List<Record> records =
          answer.orTimeout(lookupTimeout.toMillis(), TimeUnit.MILLISECONDS).join();
      return records.isEmpty() ? new Records.None() : new Records.Found(records);
    } catch (CompletionException failed) {
      return whyNot(name, type, failed.getCause() == null ? failed : failed.getCause());
    }
  }

  private Records whyNot(Name name, int type, Throwable cause) {
    String question = Type.string(type) + " of " + hostName(name);
    return switch (cause) {
      case NoSuchDomainException missing -> new Records.NoSuchDomain();
      case NoSuchRRSetException none -> new Records.None();
      case TimeoutException late ->
          new Records.Unknown(question + ": no answer within " + lookupTimeout.toMillis() + " ms");
      default -> new Records.Unknown(question + ": " + cause.getMessage());
    };
  }

  private static String hostName(Name name) {
    return name.toString(true).toLowerCase(Locale.ROOT);
  }

  /** An answer of any type. */
  private sealed interface Records {
    record Found(List<Record> records) implements Records {}

    record NoSuchDomain() implements Records {}

    record None() implements Records {}

    record Unknown(String cause) implements Records {}
  }
}
