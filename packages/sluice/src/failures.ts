import { detailsOf, fileFailure, isSluiceError, SluiceError } from "@sluice/core";
import { shortPath } from "./project/short-path.ts";

/**
 * Several errors that were found together, for example by `check`. Code, place and hint are those of the first, so that whoever
 * looks for a `SluiceError` finds one.
 */
export class SluiceErrors extends SluiceError {
  override readonly name: string = "SluiceErrors";
  readonly errors: readonly SluiceError[];

  constructor(errors: readonly SluiceError[]) {
    const [first] = errors;
    const message = errors.map((error) => error.message).join("\n");
    super(first?.code ?? "internal", message, first === undefined ? {} : detailsOf(first));
    this.errors = errors;
  }
}

/** Throws what was found: nothing, the one error, or all of them together. */
export function throwAll(errors: readonly SluiceError[]): void {
  const [first] = errors;
  if (first === undefined) return;
  if (errors.length === 1) throw first;
  throw new SluiceErrors(errors);
}

/** Any thrown value as the errors that a person is shown; what is not ours is a defect of sluice. */
export function errorsOf(thrown: unknown): readonly SluiceError[] {
  if (thrown instanceof SluiceErrors) return thrown.errors;
  if (isSluiceError(thrown)) return [thrown];
  if (thrown instanceof AggregateError) return thrown.errors.flatMap(errorsOf);
  const system = systemError(thrown);
  if (system !== undefined) return [system];
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return [
    new SluiceError("internal", message, { hint: "this is a defect of sluice: please report it", cause: thrown }),
  ];
}

/** An error of the operating system, said with its path. */
function systemError(thrown: unknown): SluiceError | undefined {
  if (!(thrown instanceof Error)) return undefined;
  const { path, dest } = thrown as NodeJS.ErrnoException & { readonly dest?: string };
  const known = fileFailure(thrown, path === undefined ? "a file of sluice" : shortPath(path, process.cwd()));
  // Which of two paths is meant, or which file at all, only the operating system's own sentence says.
  if (known === undefined || known.reason !== undefined || (path !== undefined && dest === undefined)) return known;
  return new SluiceError(known.code, thrown.message, { ...detailsOf(known), cause: thrown });
}
