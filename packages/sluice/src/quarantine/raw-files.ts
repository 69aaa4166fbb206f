import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { open } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type CsvDialect, type FrozenDataset, ROWS_DIALECT } from "@sluice/core";
import type { FieldOrder } from "@sluice/runtime";
import type { Session } from "../composition.ts";
import type { QuarantineEntry } from "./find-entries.ts";
import { type ParquetFile, rowsOf } from "./parquet-sql.ts";

/** Raw records with the names of their fields, file by file: records of unlike files stand in unlike files. */
export async function writeRawFiles(
  session: Session,
  {
    dataset,
    entries,
    taken,
    folder,
  }: {
    readonly dataset: FrozenDataset;
    readonly entries: readonly QuarantineEntry[];
    /** Which rows, with their run, place and raw text. */
    readonly taken: ParquetFile;
    readonly folder: string;
  },
): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const files = new Map<string, Awaited<ReturnType<typeof open>>>();
  const ordersOf = new Map(entries.map(({ run, orders }) => [run.id, readOrders(orders)]));
  try {
    for await (const batch of rowsOf(session, ["select run, file, raw from ", taken, " order by run, place, record"])) {
      const texts = new Map<string, string>();
      for (const [run, place, raw] of batch) {
        const header = headerOf(dataset, orderOf(ordersOf.get(String(run)) ?? [], String(place)));
        texts.set(header, `${texts.get(header) ?? ""}${String(raw)}\n`);
      }
      for (const [header, text] of texts) {
        let file = files.get(header);
        if (file === undefined) {
          file = await open(join(folder, `${files.size + 1}.${extensionOf(dataset)}`), "w");
          files.set(header, file);
          await file.write(header);
        }
        await file.write(text);
      }
    }
  } finally {
    for (const file of files.values()) {
      await file.sync();
      await file.close();
    }
  }
}

/**
 * A dataset as its rejects are kept. Those of a table are the text in which rows go to the engine, with the columns that were read:
 * of them alone they can be made rows again.
 */
export function asRecords(dataset: FrozenDataset, entries: readonly Pick<QuarantineEntry, "orders">[]): FrozenDataset {
  const { source, columns } = dataset;
  if (source.type === "file") return dataset;
  const orders = entries.flatMap((entry) => readOrders(entry.orders));
  const held = columns.filter(({ name }) => orders.every(({ order }) => order.includes(name)));
  const address = { type: "file", path: "", format: "csv" };
  return { ...dataset, source: address, dialect: { ...ROWS_DIALECT, header: true }, columns: held, partial: true };
}

/** What stands above raw records, so that they can be read by name. */
export function headerOf({ dialect, columns }: FrozenDataset, order: readonly string[] | undefined): string {
  if (dialect === undefined || !dialect.header || dialect.delimiter === "") return "";
  const names = order ?? columns.map(({ name }) => name);
  return `${names.map((name) => printed(name, dialect)).join(dialect.delimiter)}\n`;
}

function printed(name: string, { quote, escape: own, delimiter }: CsvDialect): string {
  if (quote === "" || !(name.includes(delimiter) || name.includes(quote) || /[\r\n]/.test(name))) return name;
  return `${quote}${name.replaceAll(quote, (own === "" ? quote : own) + quote)}${quote}`;
}

/** The names of the fields of the records of a file, as that run found them. */
export function orderOf(orders: readonly FieldOrder[], place: string): readonly string[] | undefined {
  return (
    orders.find(({ files }) => files?.includes(place) === true) ?? orders.find(({ files }) => files === undefined)
  )?.order;
}

/** The field orders beside an entry; none for records that have no fields by place. */
export function readOrders(path: string): readonly FieldOrder[] {
  if (!existsSync(path)) return [];
  return (JSON.parse(readFileSync(path, "utf8")) as { readonly orders: readonly FieldOrder[] }).orders;
}

function extensionOf({ source }: FrozenDataset): string {
  return source.format === "json" || source.format === "ndjson" ? "ndjson" : "csv";
}

const OF_THE_FILE = ["skip", "skipEnd", "comment", "encoding", "newline", "compression", "hive", "at"];

/**
 * A dataset that is read from another file with the same kind of records: no limit of rejects, since what is rejected again only
 * stays where it is.
 */
export function readFrom(dataset: FrozenDataset, path: string, isRaw: boolean): FrozenDataset {
  const { maxRejects: _limit, dialect, source, ...rest } = dataset;
  const isJson = source.format === "json" || source.format === "ndjson";
  const members = Object.entries(source).filter(([member]) => !OF_THE_FILE.includes(member));
  const address = { ...Object.fromEntries(members), type: "file", path, ...(isJson ? { format: "ndjson" } : {}) };
  const common = { ...rest, source: address, stage: "volatile", reordered: "accept" } as const;
  if (dialect === undefined) return common;
  const { skip: _skip, skipEnd: _end, comment: _comment, looseHeader: _loose, ...fields } = dialect;
  const newline = isRaw ? "lf" : "mixed";
  return { ...common, dialect: { ...fields, newline, encoding: "utf-8", compression: "none" } };
}

/** The path of a file as an address from the project's folder holds it. */
export function inProject(session: Session, path: string): string {
  const root = session.project.root;
  return path.startsWith(join(root, "/")) ? path.slice(join(root, "/").length).replaceAll("\\", "/") : path;
}

/** Makes the folder of a file. */
export function makeFolderOf(path: string): void {
  mkdirSync(dirname(path), { recursive: true });
}
