import { mkdtemp, readFile, rm } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import type { DuckDBConnection, DuckDBInstance, DuckDBPreparedStatement } from "@duckdb/node-api";
import { SluiceError } from "@sluice/core";
import { defineBucketFunctions } from "./bucket-function.ts";
import { loadDriver } from "./driver.ts";
import { type ErrorContext, isFatal, toSluiceError } from "./errors.ts";
import { quoteText } from "./sql-text.ts";

export interface ClientOptions {
  /** Where the engine makes its own folder, removed when it is disposed; the system's temporary folder where absent. */
  readonly scratch?: string;
  /** A database file; in memory where absent. */
  readonly database?: string;
  /** Resident memory is this and about 0.2 GB; 80 % of the machine where absent. */
  readonly memoryBytes?: number;
  /** What may be spilled to scratch. */
  readonly scratchBytes?: number;
  readonly threads?: number;
}

/** A statement on its way, and what can be asked of it. */
export interface RunOptions extends ErrorContext {
  /** Bound by name, each as text; the statement casts. */
  readonly values?: Readonly<Record<string, string | null>>;
  readonly onProgress?: (share: number) => void;
}

/** One connection, lent for a while. */
export interface Session {
  /** Runs one statement; more than one in the text is an error. */
  run(sql: string, options?: RunOptions): Promise<RunResult>;
  /** The rows of one statement, chunk by chunk as they are made. */
  stream(sql: string, options?: RunOptions): AsyncIterable<Chunk>;
  /** How the last statement was executed: DuckDB's JSON profile. */
  profile(): Promise<unknown>;
  /** Makes the functions known by which tables part rows into buckets. */
  defineBuckets(): Promise<void>;
}

export interface RunResult {
  readonly rowsChanged: number;
  readonly rows: readonly (readonly unknown[])[];
}

export interface Chunk {
  readonly rows: readonly (readonly unknown[])[];
}

/** A DuckDB of its own, opened when first used; connections are pooled. */
export interface Client extends AsyncDisposable {
  use<T>(work: (session: Session) => Promise<T>): Promise<T>;
  /** A session for the length of an iteration. */
  lend(): Promise<{ readonly session: Session; giveBack(): void }>;
  /** The folder of this client, made when first asked for. */
  folder(): Promise<string>;
  /** Begins to open what is opened when first used; what goes wrong is said then. */
  warmUp(): void;
}

interface Opened {
  readonly instance: DuckDBInstance;
  readonly idle: Lent[];
  isBroken: boolean;
  buckets: Promise<void> | undefined;
}

interface Lent {
  readonly connection: DuckDBConnection;
  readonly profilePath: string;
  /** DuckDB looks at its progress all the time, at 5 % of a query: only where somebody wants to know. */
  hasProgress: boolean;
}

const POLL_MS = 100;

/**
 * Makes a client; nothing is opened before it is used.
 *
 * @example
 * await using client = createClient({ threads: 2 });
 * (await client.use((session) => session.run("select 1"))).rows; // [[1]]
 */
export function createClient(options: ClientOptions = {}): Client {
  return new DuckDbClient(options);
}

class DuckDbClient implements Client {
  private opened: Promise<Opened> | undefined;
  private madeFolder: Promise<string> | undefined;
  private profiles = 0;
  private isDisposed = false;
  private readonly everyConnection = new Set<DuckDBConnection>();
  /** What the driver is at; never rejects. */
  private readonly atWork = new Set<Promise<void>>();
  private readonly options: ClientOptions;

  constructor(options: ClientOptions) {
    this.options = options;
  }

  folder(): Promise<string> {
    const { scratch = tmpdir() } = this.options;
    this.madeFolder ??= mkdtemp(join(scratch, "duckdb-")).catch((error: unknown) => {
      this.madeFolder = undefined;
      throw new SluiceError("missing", `the engine has no scratch folder: "${scratch}" cannot be written to`, {
        hint: "make the folder, or name another",
        cause: error,
      });
    });
    return this.madeFolder;
  }

  async use<T>(work: (session: Session) => Promise<T>): Promise<T> {
    const { session, giveBack } = await this.lend();
    try {
      return await work(session);
    } finally {
      giveBack();
    }
  }

  async lend(): Promise<{ session: Session; giveBack: () => void }> {
    const opened = await this.open();
    const lent = opened.idle.pop() ?? (await this.during(() => this.connect(opened)));
    const session = new DuckDbSession(lent, {
      during: (work) => this.during(work),
      onBroken: () => this.abandon(opened),
      defineBuckets: () => {
        opened.buckets ??= this.during(() => defineBucketFunctions(lent.connection));
        return opened.buckets;
      },
    });
    return {
      session,
      giveBack: () => {
        if (opened.isBroken || this.isDisposed) this.close(lent.connection);
        else opened.idle.push(lent);
      },
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.isDisposed = true;
    const opened = await this.opened?.catch(() => undefined);
    await this.stopWork();
    for (const connection of this.everyConnection) this.close(connection);
    opened?.instance.closeSync();
    const folder = await this.madeFolder?.catch(() => undefined);
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  }

  /** Lets the driver work, unless the client is disposed. */
  private async during<T>(work: () => Promise<T>): Promise<T> {
    this.assertOpen();
    const working = work();
    const settled = working.then(
      () => undefined,
      () => undefined,
    );
    this.atWork.add(settled);
    try {
      return await working;
    } finally {
      this.atWork.delete(settled);
    }
  }

  /** A connection that is closed while it works takes the process with it (1.5.6). */
  private async stopWork(): Promise<void> {
    const interrupt = (): void => {
      for (const connection of this.everyConnection) connection.interrupt();
    };
    // An interrupt that comes between two statements is lost, so it is sent again.
    const timer = setInterval(interrupt, POLL_MS);
    interrupt();
    await Promise.all(this.atWork);
    clearInterval(timer);
  }

  private assertOpen(): void {
    if (this.isDisposed) throw new SluiceError("internal", "the engine was closed and is used again");
  }

  warmUp(): void {
    this.open().catch(() => undefined);
  }

  private async open(): Promise<Opened> {
    this.assertOpen();
    this.opened ??= this.openInstance().catch((error: unknown) => {
      this.opened = undefined;
      throw toSluiceError(error);
    });
    return this.opened;
  }

  private async openInstance(): Promise<Opened> {
    const { DuckDBInstance } = loadDriver();
    const { database, memoryBytes, threads } = this.options;
    const wantedThreads = threadsFor(memoryBytes, threads);
    // Two instances on one file in one process lost a table: always through the cache, which gives memory ones apart.
    const instance = await DuckDBInstance.fromCache(database ?? ":memory:", {
      autoinstall_known_extensions: "false",
      autoload_known_extensions: "false",
      temp_directory: join(await this.folder(), "spill"),
      ...(memoryBytes === undefined ? {} : { memory_limit: `${memoryBytes}B` }),
      ...(wantedThreads === undefined ? {} : { threads: String(wantedThreads) }),
    });
    const opened: Opened = { instance, idle: [], isBroken: false, buckets: undefined };
    opened.idle.push(await this.connect(opened));
    return opened;
  }

  private async connect(opened: Opened): Promise<Lent> {
    const profile = `profile-${++this.profiles}.json`;
    const profilePath = join(await this.folder(), profile);
    const connection = await opened.instance.connect();
    this.everyConnection.add(connection);
    const { scratchBytes } = this.options;
    // As an option of the instance, the limit of its scratch space has no effect (1.5.6).
    const limits = scratchBytes === undefined ? [] : [`max_temp_directory_size = '${scratchBytes}B'`];
    // In this order: a place that ends in .json is refused before, and a profile without a place is printed.
    const settings = [
      "enable_profiling = 'json'",
      `profiling_output = ${quoteText(profilePath)}`,
      "profiling_coverage = 'all'",
      "TimeZone = 'UTC'",
      // The builder nests up to 1,000 operations, each with its cast.
      "max_expression_depth = 5000",
      "enable_progress_bar_print = false",
      "progress_bar_time = 0",
      ...limits,
    ];
    await connection.run(settings.map((setting) => `set ${setting};`).join(" "));
    return { connection, profilePath, hasProgress: false };
  }

  /** After an internal error of DuckDB its instance answers nothing any more: the next use opens another. */
  private abandon(opened: Opened): void {
    opened.isBroken = true;
    for (const { connection } of opened.idle.splice(0)) this.close(connection);
    this.opened = undefined;
  }

  private close(connection: DuckDBConnection): void {
    if (this.everyConnection.delete(connection)) connection.closeSync();
  }
}

/** Each thread of a sort pins blocks of its own: two of them failed with 64 MB where one spilled. */
function threadsFor(memoryBytes: number | undefined, threads: number | undefined): number | undefined {
  if (memoryBytes === undefined) return threads;
  const fitting = Math.max(1, Math.floor(memoryBytes / BYTES_PER_THREAD));
  return Math.min(threads ?? availableParallelism(), fitting);
}

const BYTES_PER_THREAD = 96 * 1024 * 1024;

/** What a session asks of its client. */
interface Lender {
  during<T>(work: () => Promise<T>): Promise<T>;
  onBroken(): void;
  defineBuckets(): Promise<void>;
}

class DuckDbSession implements Session {
  private readonly lent: Lent;
  private readonly lender: Lender;

  constructor(lent: Lent, lender: Lender) {
    this.lent = lent;
    this.lender = lender;
  }

  defineBuckets(): Promise<void> {
    return this.lender.defineBuckets();
  }

  async run(sql: string, options: RunOptions = {}): Promise<RunResult> {
    return this.watched(options, async () => {
      await this.setProgress(options.onProgress !== undefined);
      const statement = await this.prepare(sql, options);
      try {
        const result = await statement.run();
        return { rowsChanged: result.rowsChanged, rows: await result.getRows() };
      } finally {
        statement.destroySync();
      }
    });
  }

  async *stream(sql: string, options: RunOptions = {}): AsyncIterable<Chunk> {
    const statement = await this.watched(options, () => this.prepare(sql, options));
    try {
      const result = await this.watched(options, () => statement.stream());
      for (;;) {
        const chunk = await this.watched(options, () => result.fetchChunk());
        if (chunk === null || chunk.rowCount === 0) return;
        yield { rows: chunk.getRows() };
      }
    } finally {
      statement.destroySync();
    }
  }

  async profile(): Promise<unknown> {
    return JSON.parse(await readFile(this.lent.profilePath, "utf8"));
  }

  private async setProgress(wanted: boolean): Promise<void> {
    if (this.lent.hasProgress === wanted) return;
    await this.lent.connection.run(`set enable_progress_bar = ${wanted}`);
    this.lent.hasProgress = wanted;
  }

  /** One statement at most: `run` of the driver would execute all that stand in a text. */
  private async prepare(sql: string, { values = {} }: RunOptions): Promise<DuckDBPreparedStatement> {
    const statement = await this.lent.connection.prepare(sql);
    const bound: Record<string, string | null> = {};
    for (let index = 1; index <= statement.parameterCount; index++) {
      const name = statement.parameterName(index);
      if (!Object.hasOwn(values, name)) {
        statement.destroySync();
        throw new SluiceError("internal", `the query asks for the parameter ${name}, which was not given`);
      }
      bound[name] = values[name] ?? null;
    }
    if (Object.keys(bound).length > 0) statement.bind(bound);
    return statement;
  }

  private async watched<T>(options: RunOptions, work: () => Promise<T>): Promise<T> {
    const { connection } = this.lent;
    const { signal, onProgress } = options;
    if (signal?.aborted) throw new SluiceError("cancelled", "the query was cancelled");
    const interrupt = (): void => connection.interrupt();
    const poll = (): void => {
      // An interrupt that comes between two statements is lost, so it is sent again.
      if (signal?.aborted) interrupt();
      else if (onProgress !== undefined) report(connection, onProgress);
    };
    const timer = signal === undefined && onProgress === undefined ? undefined : setInterval(poll, POLL_MS);
    signal?.addEventListener("abort", interrupt, { once: true });
    try {
      return await this.lender.during(work);
    } catch (error) {
      if (isFatal(error)) this.lender.onBroken();
      throw toSluiceError(error, options);
    } finally {
      clearInterval(timer);
      signal?.removeEventListener("abort", interrupt);
    }
  }
}

function report(connection: DuckDBConnection, onProgress: (share: number) => void): void {
  const { percentage } = connection.progress;
  if (percentage >= 0) onProgress(Math.min(1, percentage / 100));
}
