package dev.gather.verification;

import java.util.ArrayList;
import java.util.List;

/** What has to change in one text to make it another, line by line. */
public final class TextDiff {
  private TextDiff() {}

  /** Lines only in the first text begin with -, lines only in the second with +; "" if equal. */
  public static String between(String before, String after) {
    List<String> a = before.lines().toList();
    List<String> b = after.lines().toList();
    int[][] common = new int[a.size() + 1][b.size() + 1];
    for (int i = a.size() - 1; i >= 0; i--) {
      for (int j = b.size() - 1; j >= 0; j--) {
        common[i][j] =
            a.get(i).equals(b.get(j))
                ? common[i + 1][j + 1] + 1
                : Math.max(common[i + 1][j], common[i][j + 1]);
      }
    }
    List<String> diff = new ArrayList<>();
    int i = 0;
    int j = 0;
    while (i < a.size() || j < b.size()) {
      if (i < a.size() && j < b.size() && a.get(i).equals(b.get(j))) {
        i++;
        j++;
      } else if (j == b.size() || i < a.size() && common[i + 1][j] >= common[i][j + 1]) {
        diff.add("- " + a.get(i++));
      } else {
        diff.add("+ " + b.get(j++));
      }
    }
    return String.join("\n", diff);
  }
}
