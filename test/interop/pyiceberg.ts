import { fileURLToPath } from "node:url";
import { type AskedPython, askPython } from "./ask-python.ts";

const script = fileURLToPath(new URL("pyiceberg_lake.py", import.meta.url));

/** PyIceberg over a lake, in a process of its own: the commands of `pyiceberg_lake.py`. */
export type PyIceberg = AskedPython;

/** Opens a catalog by the address that SQLAlchemy knows it by. */
export function openPyIceberg(python: string, uri: string, warehouse: string): PyIceberg {
  return askPython("PyIceberg", python, ["-W", "ignore", script, uri, `file://${warehouse}`]);
}
