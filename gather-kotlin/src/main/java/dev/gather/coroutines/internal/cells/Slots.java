package dev.gather.coroutines.internal.cells;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.AbstractList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.RandomAccess;
import java.util.function.ObjIntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One cell for each task, in input order: empty, then perhaps the handle of the running task, then
 * how it ended.
 *
 * <p>The first cells are one array, which becomes the list of results without a copy. The rest lies
 * in blocks that never move, so that a cell can be written while the input is still being read.
 * Many blocks become the list as they are too: a copy would be the largest thing in memory twice.
 */
public class Slots {
  /*
   * A cell, of one writer at a time:
   *              set                                   end
   *   empty ─────────────► handle of who runs it ─────────────► how it ended
   *      └───────────────────── end ───────────────────────────────►┘
   */

  private static final VarHandle CELL = MethodHandles.arrayElementVarHandle(Object[].class);
  private static final int BLOCK_BITS = 10;
  private static final int BLOCK = 1 << BLOCK_BITS;
  private static final int FEWEST_BLOCKS = 4;

  /** Up to here cells are copied out of their blocks, which is faster to read and holds no room. */
  private static final int MANY = 16 * BLOCK;

  private static final Object[][] NO_BLOCKS = new Object[0][];

  private final Object[] first;
  private volatile Object[][] blocks = NO_BLOCKS;

  public Slots(int size) {
    this.first = new Object[size];
  }

  /**
   * Makes room for a cell. Called by one thread at a time, before the cell is used by any; the
   * others learn of the cell from somebody who knows that there is room for it.
   */
  public void reserve(int index) {
    int beyond = index - first.length;
    if (beyond < 0) {
      return;
    }
    int block = beyond >> BLOCK_BITS;
    Object[][] known = blocks;
    if (block == known.length) {
      known = Arrays.copyOf(known, Math.max(2 * block, FEWEST_BLOCKS));
    }
    if (known[block] == null) {
      known[block] = new Object[BLOCK];
      blocks = known;
    }
  }

  /** Whether what is put into a cell can be found there. */
  public boolean areKept() {
    return true;
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

  /** Every cell that is not empty, of the first so many; others may write meanwhile. */
  public void forEach(int size, ObjIntConsumer<Object> action) {
    for (int index = 0; index < size; index++) {
      Object cell = get(index);
      if (cell != null) {
        action.accept(cell, index);
      }
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
    Cells cells = new Cells(first, blocks, size);
    if (size > MANY && size != first.length) {
      return cells;
    }
    Object[] all = size == first.length ? first : cells.toArray();
    return Collections.unmodifiableList(Arrays.asList(all));
  }

  private static final class Cells extends AbstractList<@Nullable Object> implements RandomAccess {
    private final Object[] first;
    private final Object[][] blocks;
    private final int size;

    Cells(Object[] first, Object[][] blocks, int size) {
      this.first = first;
      this.blocks = blocks;
      this.size = size;
    }

    @Override
    public int size() {
      return size;
    }

    @Override
    public @Nullable Object get(int index) {
      Objects.checkIndex(index, size);
      int beyond = index - first.length;
      return beyond < 0 ? first[index] : blocks[beyond >> BLOCK_BITS][beyond & (BLOCK - 1)];
    }

    @Override
    public @Nullable Object[] toArray() {
      return copyTo(new Object[size]);
    }

    @Override
    @SuppressWarnings("unchecked") // as the contract has it, a wrong type shows in the copy
    public <T extends @Nullable Object> T[] toArray(T[] array) {
      T[] target = array.length < size ? Arrays.copyOf(array, size) : array;
      if (target.length > size) {
        ((@Nullable Object[]) target)[size] = null;
      }
      return (T[]) copyTo(target);
    }

    /** Block by block: a copy of a large list is what most callers make of it, if anything. */
    private @Nullable Object[] copyTo(@Nullable Object[] target) {
      int at = Math.min(first.length, size);
      System.arraycopy(first, 0, target, 0, at);
      for (int block = 0; at < size; at += BLOCK, block++) {
        System.arraycopy(blocks[block], 0, target, at, Math.min(BLOCK, size - at));
      }
      return target;
    }
  }
}
