import type { BoundValue, Column, SplitResult, WorkFormat, WorkOutput } from "@sluice/core";

/** What a host process is told: which work to do, and the answers to its questions. */
export type ToHost =
  | ({ readonly kind: "task" } & TaskOrder)
  | ({ readonly kind: "command" } & CommandOrder)
  | { readonly kind: "file"; readonly id: number; readonly path?: string; readonly error?: ThrownRecord }
  | { readonly kind: "abort" };

/** What a host process says; a beat is its sign of life. */
export type FromHost =
  | { readonly kind: "ready" }
  | { readonly kind: "beat" }
  | {
      readonly kind: "file";
      readonly id: number;
      readonly input: string;
      readonly format: WorkFormat;
      readonly header: boolean;
    }
  | { readonly kind: "log"; readonly level: "debug" | "info" | "warn"; readonly message: string }
  | { readonly kind: "done"; readonly result: HostResult }
  | { readonly kind: "failed"; readonly reason: FailureReason; readonly error: ThrownRecord };

export type HostResult =
  | { readonly kind: "none"; readonly returned?: string }
  | ({ readonly kind: "rows" } & SplitResult)
  | { readonly kind: "file"; readonly path: string; readonly format: WorkFormat }
  | { readonly kind: "exit"; readonly code: number | null; readonly signal: string | null };

/** Why work did not come to its end. */
export type FailureReason = "threw" | "row" | "exit" | "unsettled" | "memory" | "stalled" | "crashed";

/** An error on its way between threads and processes. */
export interface ThrownRecord {
  readonly name: string;
  readonly message: string;
  readonly stack?: string;
  readonly code?: string;
  readonly hint?: string;
  readonly offending?: string;
  readonly reason?: string;
  /** Whether it is an error of sluice, whose code says who acts next. */
  readonly isOurs: boolean;
}

interface Limits {
  readonly stallMs: number;
}

/** A function to be called: its bundle, its inputs by name, where its rows go. */
export interface TaskOrder extends Limits {
  /** The URL of the bundle. */
  readonly bundle: string;
  readonly export: string;
  readonly inputs: readonly { readonly name: string; readonly columns: readonly Column[] }[];
  readonly parameters: readonly (readonly [name: string, value: BoundValue])[];
  readonly output?: WorkOutput;
  readonly scratch: string;
  readonly bigint: boolean;
  readonly memoryMb: number;
  readonly run: {
    readonly id: string;
    readonly pipeline: string;
    readonly step: string;
    readonly attempt: number;
    readonly now: string;
    readonly today: string;
  };
}

/** A command to be started. */
export interface CommandOrder extends Limits {
  readonly program: string;
  readonly arguments: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly folder: string;
  /** Files for its standard input and output. */
  readonly stdin?: string;
  readonly stdout?: string;
  /** A file that it writes: a sign of life while it grows. */
  readonly watched?: string;
}

/** An error as a record. */
export function thrownRecord(thrown: unknown): ThrownRecord {
  if (!(thrown instanceof Error)) return { name: "Error", message: `it threw ${shown(thrown)}`, isOurs: false };
  const own = thrown as Error & Readonly<Record<string, unknown>>;
  const texts = ["code", "hint", "offending", "reason"].flatMap((name) => {
    const value = own[name];
    return typeof value === "string" ? [[name, value] as const] : [];
  });
  return {
    name: thrown.name,
    message: thrown.message,
    ...(thrown.stack === undefined ? {} : { stack: thrown.stack }),
    ...Object.fromEntries(texts),
    isOurs: own.brand === "sluice-error",
  };
}

/** A value as a person would write it, in a line. */
export function shown(value: unknown): string {
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value === "number" || typeof value === "boolean" || value === undefined) return String(value);
  if (typeof value === "function") return `a function ${value.name}`;
  if (typeof value === "symbol") return "a symbol";
  try {
    const text = JSON.stringify(value, (_key, member: unknown) => (typeof member === "bigint" ? `${member}n` : member));
    return text === undefined ? String(value) : text.length > 200 ? `${text.slice(0, 200)}…` : text;
  } catch {
    return "a value that JSON cannot hold";
  }
}
