import dev.gather.future.Gather;
import java.util.List;

final class DropsTheFuture {
  void save(List<String> rows) {
    Gather.eachDo(rows, row -> System.out.println(row)).all();
  }
}
