package dev.gather.verification.kotlinfree;

import kotlin.Unit;

/** Cannot be named from elsewhere, but what it has can be called. */
class Hidden {
  public Unit inherited() {
    return Unit.INSTANCE;
  }

  Unit own() {
    return Unit.INSTANCE;
  }
}
