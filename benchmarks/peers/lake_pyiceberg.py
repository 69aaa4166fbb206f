"""Rows into a table of a lake with PyIceberg: `append`, `merge` (its upsert), `delete` (by the keys of a file)."""
import sys
import warnings

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
from pyiceberg.catalog.sql import SqlCatalog
from pyiceberg.expressions import In

warnings.filterwarnings("ignore")
operation, source, folder, name = sys.argv[1:5]
catalog = SqlCatalog("sluice", uri=f"sqlite:///{folder}/catalog.db", warehouse=f"file://{folder}")
rows = pq.read_table(source) if source.endswith(".parquet") else pa.csv.read_csv(source)
if operation == "append":
    catalog.create_namespace_if_not_exists(name.split(".")[0])
    catalog.create_table(name, schema=rows.schema).append(rows)
elif operation == "merge":
    catalog.load_table(name).upsert(rows, join_cols=["id"])
else:
    catalog.load_table(name).delete(In("id", set(rows["id"].to_pylist())))
