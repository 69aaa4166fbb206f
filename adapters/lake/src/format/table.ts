import type {
  ColumnType,
  DataFile,
  ManifestEntry,
  ManifestFile,
  PartitionSpec,
  Snapshot,
  SnapshotOperation,
  SnapshotReference,
  TableMetadata,
  Transform,
} from "./model.ts";

/** The name of a table: the levels of its namespace, and its own. */
export interface TableId {
  readonly namespace: readonly string[];
  readonly name: string;
}

/** The tables of one lake. */
export interface Catalog extends AsyncDisposable {
  loadTable(id: TableId): Promise<Table | undefined>;
  /** A `conflict` with the reason `table-exists` where the name is taken. */
  createTable(id: TableId, request: CreateTable): Promise<Table>;
  /** Takes the table out of the catalog; its files stay unless `purge`. Says whether there was one. */
  dropTable(id: TableId, options?: { readonly purge?: boolean }): Promise<boolean>;
  listTables(namespace?: readonly string[]): Promise<readonly TableId[]>;
  listNamespaces(): Promise<readonly (readonly string[])[]>;
  createNamespace(namespace: readonly string[], properties?: Readonly<Record<string, string>>): Promise<void>;
}

export interface CreateTable {
  /** Ids are given by the catalog, in order, whatever stands here; see `newSchema`. */
  readonly schema: readonly NewField[];
  /** Partition fields by the names of their columns. */
  readonly spec?: readonly NewPartitionField[];
  readonly properties?: Readonly<Record<string, string>>;
  /** A location, or the path of a folder; the default is `<lake>/<namespace>/<table>`. */
  readonly location?: string;
}

/** A field without an id. Ids inside of its type are given anew too. */
export interface NewField {
  readonly name: string;
  readonly type: ColumnType;
  readonly required?: boolean;
  readonly doc?: string;
}

export interface NewPartitionField {
  /** The column, dotted where it is nested in structs. */
  readonly column: string;
  readonly transform: Transform;
  readonly name?: string;
}

/** One version of a table. It never changes; `refresh` and `commit` give another. */
export interface Table {
  readonly id: TableId;
  readonly metadata: TableMetadata;
  readonly metadataLocation: string;
  /** The newest version. */
  refresh(): Promise<Table>;
  /** The current snapshot; undefined for a table that nothing was written to. */
  currentSnapshot(): Snapshot | undefined;
  /** The manifests of a snapshot; read once. */
  manifestsOf(snapshot: Snapshot): Promise<readonly ManifestFile[]>;
  /** All entries of a manifest, those of deleted files too; read once. */
  entriesOf(manifest: ManifestFile): Promise<readonly ManifestEntry[]>;
  /** The live files of a snapshot with the deletes that apply to each. */
  filesOf(snapshot: Snapshot, options?: FilesOptions): Promise<LiveFiles>;
  /**
   * Commits what `build` gives and returns the new version. Where another committed meanwhile, `build` is called again
   * with the newest version, so it must decide from the table that it is given. Where it gives undefined, nothing is
   * committed and that table is returned.
   */
  commit(build: (table: Table) => Promise<Update | undefined>, options?: CommitOptions): Promise<Table>;
}

export interface FilesOptions {
  /** False where no file of the manifest can matter. */
  readonly keepManifest?: (manifest: ManifestFile, spec: PartitionSpec) => boolean;
  /** False where no row of the file can matter. */
  readonly keepFile?: (file: DataFile, spec: PartitionSpec) => boolean;
}

export interface LiveFiles {
  readonly files: readonly LiveFile[];
  /** Data files of the snapshot that `keepManifest` or `keepFile` left out. */
  readonly skippedFiles: number;
  readonly skippedManifests: number;
}

export interface LiveFile {
  readonly entry: ManifestEntry;
  /** The files of position deletes that apply to it. */
  readonly deletes: readonly ManifestEntry[];
}

export interface CommitOptions {
  readonly signal?: AbortSignal;
  /** The default is the property `commit.retry.num-retries`, or 30. */
  readonly retries?: number;
}

/** What one commit changes. All of it is published together, or none of it. */
export interface Update {
  /** Applied in order, before the snapshot, which has the schema that they give. */
  readonly schema?: readonly SchemaChange[];
  readonly properties?: { readonly set?: Readonly<Record<string, string>>; readonly remove?: readonly string[] };
  readonly snapshot?: SnapshotUpdate;
  /** Makes another snapshot of the table the current one: a rollback. */
  readonly currentSnapshotId?: bigint;
  /** Snapshots to forget; their files are deleted after the commit by `expireSnapshots`, not here. */
  readonly removeSnapshotIds?: readonly bigint[];
  /** Tags; null removes one. */
  readonly refs?: Readonly<Record<string, SnapshotReference | null>>;
}

/** The files of one new snapshot. */
export interface SnapshotUpdate {
  readonly operation: SnapshotOperation;
  /** New files: data, or position deletes. */
  readonly add?: readonly DataFile[];
  /** Paths of live data or delete files to take out; a `conflict` where one is not live any more. */
  readonly remove?: readonly string[];
  /** Takes all live files out, whatever others added meanwhile. */
  readonly removeAll?: boolean;
  /** What must hold of commits between the snapshot that was planned from and the one that is replaced. */
  readonly since?: ConflictCheck;
  /** Members of the summary beside the counts, which are added by themselves. */
  readonly summary?: Readonly<Record<string, string>>;
  /** Merges all manifests of small size now, whatever their number. */
  readonly mergeManifests?: boolean;
}

/**
 * Which foreign commits are a conflict. With `snapshotId` the current one of the table that `build` was given, nothing
 * can conflict: planning anew inside of `build` is always right, and a check lets an expensive plan stand.
 */
export interface ConflictCheck {
  /** The snapshot that was planned from; undefined for an empty table. */
  readonly snapshotId: bigint | undefined;
  /** True for files added since that the operation should have seen; the default is that every file matters. */
  readonly matters?: (file: DataFile) => boolean;
}

/** One change of a schema. Columns are dotted paths: `address.city`, `tags.element`, `sizes.value`. */
export type SchemaChange =
  | {
      readonly change: "add";
      readonly parent?: string;
      readonly field: NewField;
      readonly after?: string;
      readonly first?: boolean;
    }
  | { readonly change: "drop"; readonly column: string }
  /** Columns of the top level only: engines find nested ones by name in old files. */
  | { readonly change: "rename"; readonly column: string; readonly to: string }
  | { readonly change: "widen"; readonly column: string; readonly to: ColumnType }
  | { readonly change: "makeOptional"; readonly column: string }
  | { readonly change: "describe"; readonly column: string; readonly doc: string }
  | { readonly change: "move"; readonly column: string; readonly after?: string; readonly first?: boolean };

/** What changed between two snapshots. */
export interface SnapshotDifference {
  readonly addedFiles: readonly DataFile[];
  readonly removedFiles: readonly DataFile[];
  readonly addedRows: number;
  readonly removedRows: number;
  /** Position deletes that appeared and went; rows behind them are not counted above. */
  readonly addedDeletes: readonly DataFile[];
  readonly removedDeletes: readonly DataFile[];
}
