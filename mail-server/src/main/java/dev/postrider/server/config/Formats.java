package dev.postrider.server.config;

import dev.postrider.server.config.Format.Unfit;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.tomlj.TomlArray;

/** The forms of values that the configuration knows. */
final class Formats {

  /** Octets of a domain name. RFC 1035 section 2.3.4, RFC 5321 section 4.5.3.1.2. */
  private static final int NAME_OCTETS_MAX = 253;

  private static final Pattern LABEL = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");
  private static final Pattern ADDRESS = Pattern.compile("(\\[[^\\]]*\\]|[^:]*):([0-9]{1,5})");
  private static final Pattern DURATION_PART = Pattern.compile("([0-9]{1,9})(ms|s|m|h|d)");
  private static final Pattern DURATION = Pattern.compile("([0-9]{1,9}(ms|s|m|h|d))+");
  private static final Pattern SIZE =
      Pattern.compile("([0-9]{1,12}) ?(B|KB|MB|GB|TB|KiB|MiB|GiB|TiB)?");

  private Formats() {}

  /** A domain name in lower case, such as "mx.example.org". */
  static final Format<String> DOMAIN = Format.quoted("domain name", Formats::domain);

  /** A file or directory; a relative one is looked up from {@code base}. */
  static final Format<Path> PATH =
      Format.quoted(
          "path",
          text -> {
            try {
              if (!text.isBlank()) {
                return Path.of(text);
              }
            } catch (InvalidPathException notAPath) {
              throw new Unfit("'" + text + "' is not a path: " + notAPath.getReason());
            }
            throw new Unfit("is empty; write a path or leave the key out");
          });

  /** Where to listen: "127.0.0.1:2525", "[::1]:2525", "*:25"; port 0 takes a free one. */
  static final Format<InetSocketAddress> LISTEN =
      Format.quoted("address:port", text -> address(text, 0));

  /** Whom to ask: "192.0.2.53:53". */
  static final Format<InetSocketAddress> SERVER =
      Format.quoted(
          "address:port",
          text -> {
            InetSocketAddress server = address(text, 1);
            if (server.getAddress().isAnyLocalAddress()) {
              throw new Unfit("'" + text + "' is no server; write its address, \"192.0.2.53:53\"");
            }
            return server;
          });

  /** "30s", "7m30s", "1h", "14d". */
  static final Format<Duration> DURATION_OF_TIME = Format.quoted("duration", Formats::duration);

  /** A list of one form; in an environment variable with commas between. */
  static <T> Format<List<T>> listOf(Format<T> each) {
    return new Format<>(
        "list of " + each.type(),
        written -> {
          if (!(written instanceof TomlArray array)) {
            throw new Unfit("must be a list in brackets, [\"…\"], not " + Format.nameOf(written));
          }
          List<T> values = new ArrayList<>();
          for (Object element : array.toList()) {
            values.add(each.toml().read(element));
          }
          return values;
        },
        text -> {
          List<T> values = new ArrayList<>();
          for (String element : text.split(",")) {
            if (!element.isBlank()) {
              values.add(each.text().read(element.strip()));
            }
          }
          return values;
        });
  }

  /** A duration that is at least {@code min}. */
  static Format<Duration> durationFrom(Duration min) {
    return Format.quoted(
        DURATION_OF_TIME.type(),
        text -> {
          Duration duration = duration(text);
          if (duration.compareTo(min) < 0) {
            throw new Unfit("'" + text + "' is too short; at least \"" + show(min) + "\"");
          }
          return duration;
        });
  }

  /** A whole number from {@code min} to {@code max}. */
  static Format<Integer> count(int min, int max) {
    return count(number -> inRange(number, min, max), "from " + min + " to " + max);
  }

  /** The same, or 0. */
  static Format<Integer> noneOrCount(int min, int max) {
    return count(
        number -> number == 0 ? 0 : inRange(number, min, max),
        "from " + min + " to " + max + ", or 0");
  }

  private interface Range {
    Integer take(long number) throws Unfit;
  }

  private static Format<Integer> count(Range range, String described) {
    return new Format<>(
        "number",
        written -> {
          if (written instanceof Long number) {
            return range.take(number);
          }
          throw new Unfit("must be a number without quotes, not " + Format.nameOf(written));
        },
        text -> {
          try {
            return range.take(Long.parseLong(text));
          } catch (NumberFormatException notANumber) {
            throw new Unfit("'" + text + "' is no number; write one " + described);
          }
        });
  }

  /** Yes or no. */
  static final Format<Boolean> TRUTH =
      new Format<>(
          "true or false",
          written -> {
            if (written instanceof Boolean truth) {
              return truth;
            }
            throw new Unfit("must be true or false without quotes, not " + Format.nameOf(written));
          },
          text ->
              switch (text) {
                case "true" -> true;
                case "false" -> false;
                case String other -> throw new Unfit("'" + other + "' is neither true nor false");
              });

  /** A number of octets, "50MiB" or 52428800. */
  static Format<Long> size(long min, long max) {
    return new Format<>(
        "size",
        written ->
            switch (written) {
              case Long octets -> sizeInRange(octets, min, max);
              case String text -> sizeInRange(octets(text), min, max);
              case Object other ->
                  throw new Unfit("must be a size such as \"50MiB\", not " + Format.nameOf(other));
            },
        text -> sizeInRange(octets(text), min, max));
  }

  /** One of the constants of an enum, written in lower case. */
  static <E extends Enum<E>> Format<E> choice(Class<E> type) {
    List<String> words =
        Arrays.stream(type.getEnumConstants())
            .map(constant -> constant.name().toLowerCase(Locale.ROOT))
            .toList();
    return Format.quoted(
        words.stream().map(word -> "\"" + word + "\"").collect(Collectors.joining(" or ")),
        text -> {
          int index = words.indexOf(text.toLowerCase(Locale.ROOT));
          if (index < 0) {
            throw new Unfit(
                "'" + text + "' is not known; write one of " + String.join(", ", words));
          }
          return type.getEnumConstants()[index];
        });
  }

  static String domain(String text) throws Unfit {
    String name = text.toLowerCase(Locale.ROOT);
    if (name.endsWith(".")) {
      throw new Unfit("'" + text + "' ends in a dot; write it without");
    }
    boolean valid =
        !name.isEmpty()
            && name.length() <= NAME_OCTETS_MAX
            && Arrays.stream(name.split("\\.", -1))
                .allMatch(label -> LABEL.matcher(label).matches());
    if (!valid) {
      throw new Unfit(
          "'"
              + text
              + "' is no domain name; write letters, digits, '-' and '.', such as"
              + " \"mx.example.org\" (other scripts as xn--…)");
    }
    return name;
  }

  /** A host name or an IP address, for a next hop. */
  static String host(String text) throws Unfit {
    try {
      return InetAddress.ofLiteral(text).getHostAddress();
    } catch (IllegalArgumentException notALiteral) {
      return domain(text);
    }
  }

  /** Writes a duration so that {@link #DURATION_OF_TIME} reads it. */
  static String show(Duration duration) {
    if (duration.toMillisPart() > 0 || duration.isZero()) {
      return duration.toMillis() + "ms";
    }
    StringBuilder text = new StringBuilder();
    long[] amounts = {
      duration.toDays(), duration.toHoursPart(), duration.toMinutesPart(), duration.toSecondsPart()
    };
    String[] units = {"d", "h", "m", "s"};
    for (int i = 0; i < amounts.length; i++) {
      if (amounts[i] > 0) {
        text.append(amounts[i]).append(units[i]);
      }
    }
    return text.toString();
  }

  /** Writes octets so that {@link #size} reads it. */
  static String show(long octets) {
    String[] units = {"GiB", "MiB", "KiB"};
    long unit = 1L << 30;
    for (String name : units) {
      if (octets >= unit && octets % unit == 0) {
        return octets / unit + name;
      }
      unit >>= 10;
    }
    return octets + "B";
  }

  private static InetSocketAddress address(String text, int portMin) throws Unfit {
    Matcher matcher = ADDRESS.matcher(text);
    if (!matcher.matches()) {
      throw new Unfit(
          "'"
              + text
              + "' is no address and port; write \"127.0.0.1:2525\", \"[::1]:2525\" or, for all"
              + " addresses, \"*:25\"");
    }
    int port = Integer.parseInt(matcher.group(2));
    if (port < portMin || port > 65535) {
      throw new Unfit("'" + text + "' has no valid port; write one from 1 to 65535");
    }
    String host = matcher.group(1);
    if (host.isEmpty() || host.equals("*")) {
      return new InetSocketAddress(port);
    }
    if (host.equals("localhost")) {
      return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }
    try {
      String literal = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
      return new InetSocketAddress(InetAddress.ofLiteral(literal), port);
    } catch (IllegalArgumentException notALiteral) {
      throw new Unfit(
          "'" + host + "' is no IP address; write one, \"localhost\", or \"*\" for all addresses");
    }
  }

  private static Duration duration(String text) throws Unfit {
    if (!DURATION.matcher(text).matches()) {
      throw new Unfit("'" + text + "' is no duration; write \"30s\", \"7m30s\", \"1h\" or \"14d\"");
    }
    Duration sum = Duration.ZERO;
    Matcher part = DURATION_PART.matcher(text);
    while (part.find()) {
      long amount = Long.parseLong(part.group(1));
      sum =
          sum.plus(
              switch (part.group(2)) {
                case "ms" -> Duration.ofMillis(amount);
                case "s" -> Duration.ofSeconds(amount);
                case "m" -> Duration.ofMinutes(amount);
                case "h" -> Duration.ofHours(amount);
                default -> Duration.ofDays(amount);
              });
    }
    return sum;
  }

  static long octets(String text) throws Unfit {
    Matcher matcher = SIZE.matcher(text);
    if (!matcher.matches()) {
      throw new Unfit("'" + text + "' is no size; write \"50MiB\", \"50MB\" or a number of octets");
    }
    String unit = matcher.group(2) == null ? "B" : matcher.group(2);
    long base = unit.endsWith("iB") ? 1024 : 1000;
    int power = "BKMGT".indexOf(unit.charAt(0));
    long octets = Long.parseLong(matcher.group(1));
    try {
      for (int i = 0; i < power; i++) {
        octets = Math.multiplyExact(octets, base);
      }
    } catch (ArithmeticException tooLarge) {
      throw new Unfit("'" + text + "' is too large");
    }
    return octets;
  }

  private static int inRange(long number, int min, int max) throws Unfit {
    if (number < min || number > max) {
      throw new Unfit("must be from " + min + " to " + max + ", not " + number);
    }
    return (int) number;
  }

  private static long sizeInRange(long octets, long min, long max) throws Unfit {
    if (octets < min || octets > max) {
      throw new Unfit(
          "must be from \"" + show(min) + "\" to \"" + show(max) + "\", not " + show(octets));
    }
    return octets;
  }
}
