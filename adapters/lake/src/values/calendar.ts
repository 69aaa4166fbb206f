/** Rounded down, where the operator rounds towards zero. */
export function floorDivide(value: bigint, by: bigint): bigint {
  const quotient = value / by;
  return value % by < 0n ? quotient - 1n : quotient;
}

export const MICROSECONDS_PER_DAY = 86_400_000_000n;
export const MICROSECONDS_PER_HOUR = 3_600_000_000n;

/** Months since January 1970 of a day since 1970-01-01, in the proleptic Gregorian calendar. */
export function monthOfDay(day: bigint): bigint {
  // Years begin in March, so that the leap day is the last; eras are 400 years.
  const shifted = day + 719_468n;
  const era = floorDivide(shifted, 146_097n);
  const dayOfEra = shifted - era * 146_097n;
  const yearOfEra = (dayOfEra - dayOfEra / 1460n + dayOfEra / 36_524n - dayOfEra / 146_096n) / 365n;
  const dayOfYear = dayOfEra - (365n * yearOfEra + yearOfEra / 4n - yearOfEra / 100n);
  const fromMarch = (5n * dayOfYear + 2n) / 153n;
  return (era * 400n + yearOfEra - 1970n) * 12n + fromMarch + 2n;
}

/** The first day of a month that is counted from January 1970. */
export function dayOfMonth(month: bigint): bigint {
  const fromMarch = month - 2n;
  const year = 1970n + floorDivide(fromMarch, 12n);
  const index = fromMarch - floorDivide(fromMarch, 12n) * 12n;
  const era = floorDivide(year, 400n);
  const yearOfEra = year - era * 400n;
  const dayOfYear = (153n * index + 2n) / 5n;
  return era * 146_097n + yearOfEra * 365n + yearOfEra / 4n - yearOfEra / 100n + dayOfYear - 719_468n;
}
