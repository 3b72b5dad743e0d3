import kotlin.Unit;

final class NamesKotlin {
  Unit unit = Unit.INSTANCE;
}
