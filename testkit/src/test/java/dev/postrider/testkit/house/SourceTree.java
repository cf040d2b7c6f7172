package dev.postrider.testkit.house;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Every text of the tree, without what is built from it. */
final class SourceTree {

  private static final Set<String> NOT_OURS = Set.of("target", ".git", ".idea", ".vscode");
  private static final long FILE_OCTETS_MAX = 2 * 1024 * 1024;

  private static @Nullable List<SourceFile> files;

  private SourceTree() {}

  static Path root() {
    String root = System.getProperty("postrider.root");
    if (root == null) {
      throw new IllegalStateException("run by Maven: the property postrider.root is not set");
    }
    return Path.of(root);
  }

  static synchronized List<SourceFile> files() {
    if (files == null) {
      files = read();
    }
    return files;
  }

  static Stream<SourceFile> java() {
    return files().stream().filter(SourceFile::isJava);
  }

  static Stream<SourceFile> mainJava() {
    return files().stream().filter(SourceFile::isMainJava);
  }

  private static List<SourceFile> read() {
    List<SourceFile> read = new ArrayList<>();
    Path root = root();
    try {
      Files.walkFileTree(
          root,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes facts) {
              Path name = directory.getFileName();
              boolean skipped = name != null && NOT_OURS.contains(name.toString());
              return skipped ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes facts)
                throws IOException {
              if (facts.isRegularFile() && facts.size() <= FILE_OCTETS_MAX) {
                add(file);
              }
              return FileVisitResult.CONTINUE;
            }

            private void add(Path file) throws IOException {
              String path = root.relativize(file).toString().replace('\\', '/');
              try {
                if (!path.equals(".git")) {
                  read.add(new SourceFile(path, Files.readString(file)));
                }
              } catch (MalformedInputException e) {
                // No text: an image or a recorded message. The rules are about texts.
              }
            }
          });
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    read.sort(java.util.Comparator.comparing(SourceFile::path));
    return List.copyOf(read);
  }
}
