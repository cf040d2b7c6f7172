package dev.postrider.server.main;

import dev.postrider.server.admin.QuotaRow;
import dev.postrider.server.config.SizeText;
import dev.postrider.storage.accounts.Quota;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Limits as a person writes and reads them. */
final class QuotaText {

  private static final String DEFAULT = "default";
  private static final List<String> RESOURCES = List.of("storage", "messages", "mailboxes");

  private QuotaText() {}

  /** Empty for nothing. */
  static OptionalLong size(@Nullable String text) {
    OptionalLong word = word(text);
    if (text == null || word.isPresent()) {
      return word;
    }
    return OptionalLong.of(
        SizeText.parse(text)
            .orElseThrow(
                () ->
                    new Refusal(
                        ExitCode.USAGE, "'" + text + "' is no size; write 2GB, none or default")));
  }

  /** Empty for nothing. */
  static OptionalLong count(@Nullable String text) {
    OptionalLong word = word(text);
    if (text == null || word.isPresent()) {
      return word;
    }
    try {
      long count = Long.parseLong(text);
      if (count >= 0) {
        return OptionalLong.of(count);
      }
    } catch (NumberFormatException notANumber) {
      // Said below.
    }
    throw new Refusal(ExitCode.USAGE, "'" + text + "' is no number; write 10000, none or default");
  }

  private static OptionalLong word(@Nullable String text) {
    return switch (text) {
      case QuotaRow.NONE -> OptionalLong.of(Quota.NONE);
      case DEFAULT -> OptionalLong.of(Quota.UNSET);
      case null, default -> OptionalLong.empty();
    };
  }

  /** An account, with what is limited. */
  static String line(Map<String, String> row) {
    List<String> limited = new ArrayList<>();
    for (String resource : RESOURCES) {
      if (!row.getOrDefault(resource + "-limit", QuotaRow.NONE).equals(QuotaRow.NONE)) {
        limited.add(
            "%s %s of %s".formatted(resource, show(row, resource), show(row, resource + "-limit")));
      }
    }
    String address = row.getOrDefault("address", "");
    return limited.isEmpty() ? address : address + "  " + String.join(", ", limited);
  }

  /** All of an account. */
  static List<String> lines(Map<String, String> row) {
    List<String> lines = new ArrayList<>();
    for (String resource : RESOURCES) {
      String limit = show(row, resource + "-limit");
      boolean usual = row.getOrDefault(resource + "-by", DEFAULT).equals(DEFAULT);
      lines.add(
          "%-10s %s of %s%s"
              .formatted(
                  resource,
                  show(row, resource),
                  limit.equals(QuotaRow.NONE) ? "any number" : limit,
                  usual ? " (default)" : ""));
    }
    return lines;
  }

  private static String show(Map<String, String> row, String name) {
    String value = row.getOrDefault(name, "");
    if (value.equals(QuotaRow.NONE) || !name.startsWith("storage")) {
      return value;
    }
    long octets = Long.parseLong(value);
    return name.equals("storage") ? SizeText.about(octets) : SizeText.show(octets);
  }
}
