package dev.postrider.server.config;

import java.util.List;
import java.util.stream.Collectors;

/** The configuration cannot be used. It holds every mistake that was found, not only the first. */
public final class ConfigException extends Exception {

  private static final long serialVersionUID = 1L;

  private final transient List<ConfigProblem> problems;

  public ConfigException(List<ConfigProblem> problems) {
    super(problems.stream().map(ConfigProblem::toString).collect(Collectors.joining("\n")));
    this.problems = List.copyOf(problems);
  }

  /** In the order of the file; at least one. */
  public List<ConfigProblem> problems() {
    return problems;
  }
}
