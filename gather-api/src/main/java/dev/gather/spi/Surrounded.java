package dev.gather.spi;

import java.util.List;

/** Work that somebody waits for, and who that is: so nobody closes what waits for them. */
public interface Surrounded {
  /** {@return what stands for the gathers and calls around it; empty if nobody waits for it} */
  List<Object> around();
}
