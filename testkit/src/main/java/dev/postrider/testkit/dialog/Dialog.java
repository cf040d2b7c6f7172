package dev.postrider.testkit.dialog;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A dialog as it stands in its file. See the package for how one is written. */
public final class Dialog {

  private final String name;
  private final List<Step> steps;

  private Dialog(String name, List<Step> steps) {
    this.name = name;
    this.steps = List.copyOf(steps);
  }

  /**
   * Reads {@code text}.
   *
   * @throws DialogFailure when a line is none of a dialog's
   */
  public static Dialog parse(String name, String text) {
    return new Dialog(name, new DialogParser(name, text).parse());
  }

  /** Reads a file in UTF-8. */
  public static Dialog load(Path file) {
    try {
      Path leaf = file.getFileName();
      return parse(leaf == null ? file.toString() : leaf.toString(), Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException("dialog " + file, e);
    }
  }

  /** Reads a file that lies beside {@code owner}, or below it, among the test's resources. */
  public static Dialog resource(Class<?> owner, String file) {
    return load(path(owner, file));
  }

  /** All {@code *.dialog} files of a folder beside {@code owner}, by name; never none. */
  public static Stream<Dialog> resourcesIn(Class<?> owner, String folder) {
    List<Path> files = new ArrayList<>();
    try (Stream<Path> listed = Files.list(path(owner, folder))) {
      listed.filter(file -> file.toString().endsWith(".dialog")).sorted().forEach(files::add);
    } catch (IOException e) {
      throw new UncheckedIOException("dialogs in " + folder, e);
    }
    if (files.isEmpty()) {
      throw new IllegalArgumentException("no *.dialog file in " + folder);
    }
    return files.stream().map(Dialog::load);
  }

  private static Path path(Class<?> owner, String name) {
    URL found = owner.getResource(name);
    if (found == null) {
      throw new IllegalArgumentException("no " + name + " among the resources of " + owner);
    }
    try {
      return Path.of(found.toURI());
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException(found.toString(), e);
    }
  }

  /** File name. */
  public String name() {
    return name;
  }

  List<Step> steps() {
    return steps;
  }
}
