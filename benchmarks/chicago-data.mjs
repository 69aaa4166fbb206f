// Chicago, times n: the rows of examples/chicago repeated with ids of their own, joined as the real ones are, values of
// a few columns varied by a seeded generator so that no column repeats exactly. The same seed gives the same bytes.

import { once } from "node:events";
import { createWriteStream, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { generator } from "./random.mjs";

const source = fileURLToPath(new URL("../examples/chicago/data/", import.meta.url));
const FILES = ["traffic_crashes.csv", "traffic_crash_vehicle.csv", "traffic_crash_people.csv"];
/** Columns that hold ids, and how a copy's id is made from the original's. */
const IDS = { crash_record_id: 128, rd_no: 8, person_id: 0, crash_unit_id: 0, vehicle_id: 0 };
const SEED = 20211231;

/** Makes (once) the three files and returns their folder. */
export async function chicagoTimes(times, folder) {
  const target = `${folder}/chicago-${times}`;
  if (existsSync(`${target}/done`)) return target;
  mkdirSync(target, { recursive: true });
  for (const file of FILES) {
    const records = parse(readFileSync(source + file, "utf8"));
    const header = records[0];
    const out = createWriteStream(`${target}/${file}.part`);
    out.write(`${header.map(quote).join(",")}\n`);
    for (let copy = 0; copy < times; copy += 1) {
      const random = generator(SEED + copy);
      let text = "";
      for (const record of records.slice(1))
        text += `${record.map((value, index) => quote(vary(header[index], value, copy, random))).join(",")}\n`;
      if (!out.write(text)) await once(out, "drain");
    }
    out.end();
    await once(out, "finish");
    renameSync(`${target}/${file}.part`, `${target}/${file}`);
  }
  writeFileSync(`${target}/done`, "");
  return target;
}

function vary(column, value, copy, random) {
  if (value === "") return value;
  if (column in IDS) {
    const width = IDS[column];
    if (width === 128) return (copy.toString(16).padStart(8, "0") + value.slice(8)).slice(0, 128);
    if (width === 8)
      return `${value.slice(0, 2)}${String((Number(value.slice(2)) + copy * 1009) % 1_000_000).padStart(6, "0")}`;
    const letter = /^[A-Z]/.test(value) ? value[0] : "";
    return `${letter}${Number(value.slice(letter.length)) + copy * 10_000_000}`;
  }
  if (column === "latitude" || column === "longitude") return (Number(value) + (random() - 0.5) / 100).toFixed(9);
  if (column === "street_no") return String(1 + Math.floor(random() * 9999));
  return value;
}

const quote = (value) => (value === "" ? "" : `"${value.replaceAll('"', '""')}"`);

/** A plain CSV reader for the three files: quotes doubled, records end in LF. */
function parse(text) {
  const records = [];
  let record = [];
  let field = "";
  let quoted = false;
  for (let index = 0; index < text.length; index += 1) {
    const character = text[index];
    if (quoted) {
      if (character === '"' && text[index + 1] === '"') {
        field += '"';
        index += 1;
      } else if (character === '"') quoted = false;
      else field += character;
    } else if (character === '"') quoted = true;
    else if (character === ",") {
      record.push(field);
      field = "";
    } else if (character === "\n") {
      record.push(field.replace(/\r$/, ""));
      records.push(record);
      record = [];
      field = "";
    } else field += character;
  }
  if (field !== "" || record.length > 0) records.push([...record, field]);
  return records;
}
