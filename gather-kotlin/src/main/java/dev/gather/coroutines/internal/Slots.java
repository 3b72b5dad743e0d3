package dev.gather.coroutines.internal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One cell for each task, in input order: empty, then perhaps the handle of the running task, then
 * how it ended.
 *
 * <p>The first cells are one array, which becomes the list of results without a copy. What does not
 * fit in it lies in blocks that never move, so that a cell can be written while the input is still
 * being read.
 */
public final class Slots {
  private static final VarHandle CELL = MethodHandles.arrayElementVarHandle(Object[].class);
  private static final int BLOCK_BITS = 10;
  private static final int BLOCK = 1 << BLOCK_BITS;
  private static final Object[][] NO_BLOCKS = new Object[0][];

  private final Object[] first;
  private volatile Object[][] blocks = NO_BLOCKS;

  public Slots(int size) {
    this.first = new Object[size];
  }

  /** Makes room for a cell. Called by one thread at a time, before the cell is used. */
  public void reserve(int index) {
    int beyond = index - first.length;
    if (beyond < 0 || beyond >> BLOCK_BITS < blocks.length) {
      return;
    }
    Object[][] known = blocks;
    Object[][] grown = Arrays.copyOf(known, known.length + 1);
    grown[known.length] = new Object[BLOCK];
    blocks = grown;
  }

  public @Nullable Object get(int index) {
    int beyond = index - first.length;
    return beyond < 0
        ? CELL.getVolatile(first, index)
        : CELL.getVolatile(blocks[beyond >> BLOCK_BITS], beyond & (BLOCK - 1));
  }

  /** A full fence follows, so that whoever stops the run sees the handle or is seen by its task. */
  public void set(int index, Object value) {
    int beyond = index - first.length;
    if (beyond < 0) {
      CELL.setVolatile(first, index, value);
    } else {
      CELL.setVolatile(blocks[beyond >> BLOCK_BITS], beyond & (BLOCK - 1), value);
    }
  }

  /** How a task ended: published to whoever learns from the run's counters that it has. */
  public void end(int index, Object value) {
    int beyond = index - first.length;
    if (beyond < 0) {
      CELL.setRelease(first, index, value);
    } else {
      CELL.setRelease(blocks[beyond >> BLOCK_BITS], beyond & (BLOCK - 1), value);
    }
  }

  /** Empties a cell; nobody else may use the slots any more. */
  public void clear(int index) {
    int beyond = index - first.length;
    if (beyond < 0) {
      first[index] = null;
    } else {
      blocks[beyond >> BLOCK_BITS][beyond & (BLOCK - 1)] = null;
    }
  }

  /** The cells as an unmodifiable list; no cell may be written any more. */
  public List<@Nullable Object> asList(int size) {
    Object[] all;
    if (size == first.length) {
      all = first;
    } else {
      all = Arrays.copyOf(first, size);
      Object[][] rest = blocks;
      for (int at = first.length, block = 0; at < size; at += BLOCK, block++) {
        System.arraycopy(rest[block], 0, all, at, Math.min(BLOCK, size - at));
      }
    }
    return Collections.unmodifiableList(Arrays.asList(all));
  }
}
