package consumer;

import dashboard.Dashboard;
import dev.gather.future.Gather;
import java.lang.StackWalker.StackFrame;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The same program, and the modules that stand on the stack below a body. */
public final class Modules {
  private Modules() {}

  public static void main(String[] args) throws Exception {
    Dashboard.main(args);
    System.out.println("modules: " + Gather.of(Modules::onTheStack).all().join().get(0));
  }

  private static TreeSet<String> onTheStack() {
    return StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE)
        .walk(
            frames ->
                frames
                    .map(StackFrame::getDeclaringClass)
                    .map(type -> type.getModule().getName())
                    .filter(name -> name == null || !name.startsWith("java."))
                    .map(String::valueOf)
                    .collect(Collectors.toCollection(TreeSet::new)));
  }
}
