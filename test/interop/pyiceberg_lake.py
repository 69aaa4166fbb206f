"""Answers questions about a lake with PyIceberg, so that tests can compare: one request per line in, one answer out."""

import datetime
import json
import sys

import pyarrow as pa
import pyarrow.parquet as pq
from pyiceberg.catalog.sql import SqlCatalog
from pyiceberg.io.pyarrow import schema_to_pyarrow
from pyiceberg.types import (
    DecimalType,
    DoubleType,
    LongType,
    StringType,
)

TYPES = {
    "long": LongType(),
    "double": DoubleType(),
    "string": StringType(),
    "decimal(18, 2)": DecimalType(18, 2),
}


def shown(value):
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, bytes):
        return value.hex()
    return str(value)


def text_of(value, kind):
    """One text for each value, as the tests have the other engines write it."""
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value * 1024))
    if isinstance(value, bytes):
        return value.hex().upper()
    if pa.types.is_timestamp(kind):
        epoch = datetime.datetime(1970, 1, 1, tzinfo=value.tzinfo)
        return str((value - epoch) // datetime.timedelta(microseconds=1))
    if pa.types.is_nested(kind):
        return json.dumps(plain(value, kind), separators=(",", ":"), ensure_ascii=False)
    return str(value)


def plain(value, kind):
    if value is None:
        return None
    if pa.types.is_map(kind):
        return {key: plain(inner, kind.item_type) for key, inner in value}
    if pa.types.is_struct(kind):
        return {field.name: plain(value[field.name], field.type) for field in kind}
    if pa.types.is_nested(kind):
        return [plain(inner, kind.value_type) for inner in value]
    return value


def open_table(catalog, request):
    return catalog.load_table(request["table"])


def describe(catalog, request):
    table = open_table(catalog, request)
    metadata = table.metadata
    return {
        "schema": json.loads(table.schema().model_dump_json()),
        "spec": json.loads(table.spec().model_dump_json()),
        "location": metadata.location,
        "properties": metadata.properties,
        "current": shown(metadata.current_snapshot_id),
        "snapshots": [
            {
                "id": shown(s.snapshot_id),
                "parent": shown(s.parent_snapshot_id),
                "sequence": s.sequence_number,
                "operation": s.summary.operation.value,
                "records": s.summary["total-records"],
                "schema": s.schema_id,
            }
            for s in metadata.snapshots
        ],
        "history": [shown(entry.snapshot_id) for entry in table.history()],
        "refs": {name: shown(ref.snapshot_id) for name, ref in metadata.refs.items()},
    }


def entries(catalog, request):
    table = open_table(catalog, request)
    snapshot = table.snapshot_by_id(int(request["snapshot"])) if "snapshot" in request else table.current_snapshot()
    found = []
    for manifest in snapshot.manifests(table.io):
        for entry in manifest.fetch_manifest_entry(table.io, discard_deleted=False):
            file = entry.data_file
            found.append(
                {
                    "path": file.file_path,
                    "status": int(entry.status),
                    "snapshot": shown(entry.snapshot_id),
                    "sequence": entry.sequence_number,
                    "fileSequence": entry.file_sequence_number,
                    "content": int(file.content),
                    "partition": [shown(value) for value in file.partition],
                    "records": file.record_count,
                    "size": file.file_size_in_bytes,
                    "nulls": sorted((file.null_value_counts or {}).items()),
                    "lower": sorted((key, value.hex()) for key, value in (file.lower_bounds or {}).items()),
                    "splits": file.split_offsets,
                }
            )
    return found


def plan(catalog, request):
    table = open_table(catalog, request)
    options = {}
    if "snapshot" in request:
        options["snapshot_id"] = int(request["snapshot"])
    if "filter" in request:
        options["row_filter"] = request["filter"]
    tasks = table.scan(**options).plan_files()
    return sorted(
        [task.file.file_path, sorted(delete.file_path for delete in task.delete_files)] for task in tasks
    )


def plans(catalog, request):
    table = open_table(catalog, request)
    return [sorted(task.file.file_path for task in table.scan(row_filter=text).plan_files()) for text in request["filters"]]


def rows(catalog, request):
    table = open_table(catalog, request)
    options = {"row_filter": request["filter"]} if "filter" in request else {}
    return [{name: shown(value) for name, value in row.items()} for row in table.scan(**options).to_arrow().to_pylist()]


def texts(catalog, request):
    """The values of columns, of any snapshot."""
    options = {"selected_fields": tuple(request["columns"])}
    if "filter" in request:
        options["row_filter"] = request["filter"]
    if "snapshot" in request:
        options["snapshot_id"] = int(request["snapshot"])
    found = open_table(catalog, request).scan(**options).to_arrow()
    columns = [
        [text_of(value, found.schema.field(name).type) for value in found.column(name).to_pylist()]
        for name in request["columns"]
    ]
    return [list(row) for row in zip(*columns)]


def copy_rows(catalog, request):
    """Appends the rows of a table to another, or to a new one."""
    rows = open_table(catalog, request).scan(row_filter=request.get("filter", "true")).to_arrow()
    into = request["into"]
    if not catalog.table_exists(into):
        catalog.create_table(into, schema=rows.schema, properties=request.get("properties", {}))
    catalog.load_table(into).append(rows)
    return None


def append(catalog, request):
    table = open_table(catalog, request)
    for batch in request["batches"]:
        table.append(pa.Table.from_pylist(batch, schema=table.schema().as_arrow()))
    return shown(table.metadata.current_snapshot_id)


def add_bare(catalog, request):
    """Takes up a file as plain Parquet has it, without the numbers of columns, with the rows of the table or some of them."""
    table = open_table(catalog, request)
    arrow = table.scan(row_filter=request.get("filter", "true")).to_arrow()
    plain = schema_to_pyarrow(table.schema(), include_field_ids=False)
    path = f"{table.location()}/data/{request['file']}"
    with table.io.new_output(path).create() as out:
        pq.write_table(arrow.cast(plain), out)
    table.add_files([path])
    return open_table(catalog, request).metadata.properties.get("schema.name-mapping.default")


def property(catalog, request):
    return open_table(catalog, request).metadata.properties.get(request["name"])


def delete(catalog, request):
    table = open_table(catalog, request)
    table.delete(request["filter"])
    return shown(table.metadata.current_snapshot_id)


def evolve(catalog, request):
    table = open_table(catalog, request)
    with table.update_schema() as update:
        for change, *arguments in request["changes"]:
            if change == "add":
                update.add_column(arguments[0], TYPES[arguments[1]])
            elif change == "widen":
                update.update_column(arguments[0], TYPES[arguments[1]])
            elif change == "rename":
                update.rename_column(*arguments)
            elif change == "drop":
                update.delete_column(*arguments)
            elif change == "first":
                update.move_first(*arguments)
    return None


def set_properties(catalog, request):
    with open_table(catalog, request).transaction() as transaction:
        transaction.set_properties(request["properties"])
    return None


def create(catalog, request):
    catalog.create_namespace_if_not_exists(request["table"].split(".")[0])
    schema = pa.schema([pa.field("id", pa.int64(), nullable=False), pa.field("name", pa.string())])
    catalog.create_table(request["table"], schema=schema, properties=request.get("properties", {}))
    return None


def listing(catalog, _request):
    return {
        "namespaces": sorted(list(name) for name in catalog.list_namespaces()),
        "tables": sorted(list(name) for space in catalog.list_namespaces() for name in catalog.list_tables(space)),
    }


COMMANDS = {
    command.__name__: command
    for command in (describe, entries, plan, plans, rows, texts, copy_rows, append, add_bare, property, delete, evolve, set_properties, create, listing)
}


def main():
    uri, warehouse = sys.argv[1:]
    catalog = SqlCatalog("sluice", uri=uri, warehouse=warehouse)
    for line in sys.stdin:
        request = json.loads(line)
        try:
            answer = {"answer": COMMANDS[request["command"]](catalog, request)}
        except Exception as error:  # what went wrong is for the test to say
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), flush=True)


main()
