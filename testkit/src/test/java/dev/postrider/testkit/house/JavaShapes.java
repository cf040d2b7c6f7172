package dev.postrider.testkit.house;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.DoWhileLoopTree;
import com.sun.source.tree.EnhancedForLoopTree;
import com.sun.source.tree.ForLoopTree;
import com.sun.source.tree.IfTree;
import com.sun.source.tree.LineMap;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.StatementTree;
import com.sun.source.tree.SwitchExpressionTree;
import com.sun.source.tree.SwitchTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.WhileLoopTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/** Types and methods of source files, by the compiler's own parser. */
final class JavaShapes {

  /**
   * @param nesting loops, ifs and switches inside of each other, at the deepest place; an {@code
   *     else if} is no deeper than its {@code if}
   */
  record Method(String path, String name, int line, int lines, int nesting) {}

  record Type(String path, String name, int line) {}

  record Shapes(List<Type> types, List<Method> methods) {}

  private JavaShapes() {}

  static Shapes of(Stream<SourceFile> files) {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    List<Source> sources = files.map(Source::new).toList();
    Shapes shapes = new Shapes(new ArrayList<>(), new ArrayList<>());
    if (sources.isEmpty()) {
      return shapes;
    }
    JavacTask task =
        (JavacTask) compiler.getTask(null, null, null, List.of("-proc:none"), null, sources);
    try {
      SourcePositions positions = Trees.instance(task).getSourcePositions();
      for (CompilationUnitTree unit : task.parse()) {
        new Walk(unit, positions, shapes).scan(unit, null);
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    return shapes;
  }

  private static final class Source extends SimpleJavaFileObject {
    private final SourceFile file;

    Source(SourceFile file) {
      super(URI.create("tree:///" + file.path()), Kind.SOURCE);
      this.file = file;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return file.text();
    }
  }

  private static final class Walk extends TreeScanner<@Nullable Void, @Nullable Void> {
    private final CompilationUnitTree unit;
    private final SourcePositions positions;
    private final Shapes shapes;
    private final String path;
    private int depth;
    private int deepest;

    Walk(CompilationUnitTree unit, SourcePositions positions, Shapes shapes) {
      this.unit = unit;
      this.positions = positions;
      this.shapes = shapes;
      this.path = unit.getSourceFile().toUri().getPath().substring(1);
    }

    @Override
    public @Nullable Void visitClass(ClassTree type, @Nullable Void nothing) {
      if (!type.getSimpleName().isEmpty()) {
        shapes.types().add(new Type(path, type.getSimpleName().toString(), line(type)));
      }
      return super.visitClass(type, null);
    }

    @Override
    public @Nullable Void visitMethod(MethodTree method, @Nullable Void nothing) {
      int outerDepth = depth;
      int outerDeepest = deepest;
      depth = 0;
      deepest = 0;
      super.visitMethod(method, null);
      if (method.getBody() != null) {
        int lines = lineAt(positions.getEndPosition(unit, method)) - line(method) + 1;
        String name = method.getName().toString();
        shapes.methods().add(new Method(path, name, line(method), lines, deepest));
      }
      depth = outerDepth;
      deepest = outerDeepest;
      return null;
    }

    @Override
    public @Nullable Void visitIf(IfTree tree, @Nullable Void nothing) {
      scan(tree.getCondition(), null);
      deeper(() -> scan(tree.getThenStatement(), null));
      StatementTree otherwise = tree.getElseStatement();
      if (otherwise instanceof IfTree) {
        scan(otherwise, null);
      } else if (otherwise != null) {
        deeper(() -> scan(otherwise, null));
      }
      return null;
    }

    @Override
    public @Nullable Void visitForLoop(ForLoopTree tree, @Nullable Void nothing) {
      deeper(() -> super.visitForLoop(tree, null));
      return null;
    }

    @Override
    public @Nullable Void visitEnhancedForLoop(EnhancedForLoopTree tree, @Nullable Void nothing) {
      deeper(() -> super.visitEnhancedForLoop(tree, null));
      return null;
    }

    @Override
    public @Nullable Void visitWhileLoop(WhileLoopTree tree, @Nullable Void nothing) {
      deeper(() -> super.visitWhileLoop(tree, null));
      return null;
    }

    @Override
    public @Nullable Void visitDoWhileLoop(DoWhileLoopTree tree, @Nullable Void nothing) {
      deeper(() -> super.visitDoWhileLoop(tree, null));
      return null;
    }

    @Override
    public @Nullable Void visitSwitch(SwitchTree tree, @Nullable Void nothing) {
      deeper(() -> super.visitSwitch(tree, null));
      return null;
    }

    @Override
    public @Nullable Void visitSwitchExpression(SwitchExpressionTree tree, @Nullable Void nothing) {
      deeper(() -> super.visitSwitchExpression(tree, null));
      return null;
    }

    private void deeper(Runnable scan) {
      depth++;
      deepest = Math.max(deepest, depth);
      scan.run();
      depth--;
    }

    private int line(Tree tree) {
      return lineAt(positions.getStartPosition(unit, tree));
    }

    private int lineAt(long offset) {
      LineMap lines = unit.getLineMap();
      return Math.toIntExact(lines.getLineNumber(offset));
    }
  }
}
