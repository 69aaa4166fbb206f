import type { Json } from "../json.ts";
import type { Address, FrozenDataset } from "../schema/frozen.ts";
import type { Column } from "../schema/schema.ts";
import type { Engine } from "./engine.ts";
import type { Listing, ListRequest } from "./listing.ts";
import type { Sink, SinkCapabilities } from "./sink.ts";
import type { Source } from "./source.ts";

/** What an adapter is given when it opens; time, disk and the local engine come from here. */
export interface OpenContext {
  readonly signal: AbortSignal;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly log: (level: "debug" | "info" | "warn", message: string) => void;
  /** The folder of the project; relative paths in addresses and connections start there. */
  readonly root: string;
  /** An empty folder of this opening, removed afterwards. */
  readonly scratch: string;
  /** The engine of this process, to look into and to move files. */
  readonly local: Engine;
  /**
   * A write of no pipeline: nobody will ask what was committed, so a sink leaves nothing beside its target to answer that.
   */
  readonly isOnItsOwn?: true;
  /** Names a place in a protocol at which a crash matters; tests kill the process there. */
  readonly checkpoint: (name: string) => void;
}

/** What a source can do with what it is told of a query, asked when planning. */
export interface SourceCapabilities {
  /** Whether it looks at `ReadRequest.filter`; it may leave out what it cannot say in its own terms. */
  readonly pushesFilters?: true;
  /** Whether it looks at `ReadRequest.limit`; only where none of the rows that it gives can be a reject. */
  readonly pushesLimits?: true;
  /** Whether it consists of files and looks at `ReadRequest.files`. */
  readonly tellsFiles?: true;
}

/** A target as a source: `FrozenDataset` says what the members mean. */
export interface ReadBack extends Pick<FrozenDataset, "source" | "columns" | "dialect"> {}

/** One system: what it is called, what its addresses and connections hold, and how to open it. */
export interface Adapter {
  readonly type: string;
  /** Static and complete, as `sink`; nothing is pushed into a source without it. */
  readonly source?: SourceCapabilities;
  /** Static and complete: asked when planning. */
  readonly sink?: SinkCapabilities;
  /** What one target can do, where that is not what all of the adapter can; `sink` where absent. */
  sinkFor?(address: Address): SinkCapabilities;
  /** Checks and normalises an address. Throws `config` naming the member. */
  parseAddress(address: Address): Address;
  /** Refuses an address that can be read and not written, before anything is opened. Throws `config` naming the member. */
  checkTarget?(address: Address): void;
  /** Checks a connection's configuration. */
  parseConnection?(connection: Json): Json;
  /** As a person would write it: `data/x.csv`, `sqlite.warehouse.crash`. */
  nameOf(address: Address): string;
  /**
   * How rows of these columns are read from the target that a load wrote them to, without a look at it: by which address, and
   * as which types. Throws `unsupported` for a target whose rows cannot be known so.
   */
  readBack?(into: Address, columns: readonly Column[]): ReadBack;
  /**
   * What a connection holds: tables and views, by the catalogue of the system. Throws `missing` with the closest name where what
   * was asked for is not there.
   */
  list?(connection: Json | undefined, request: ListRequest): Promise<Listing>;
  openSource?(address: Address, connection: Json | undefined, context: OpenContext): Promise<Source>;
  openSink?(address: Address, connection: Json | undefined, context: OpenContext): Promise<Sink>;
}
