"""A CSV or Parquet file into a new table with pandas: by COPY of the text that it writes, or by to_sql."""
import io, sys
import pandas as pd
import psycopg2
from sqlalchemy import create_engine

path, url, way = sys.argv[1:4]
frame = pd.read_parquet(path) if path.endswith(".parquet") else pd.read_csv(path, parse_dates=["day", "at"], dtype={"count": "Int64"})
engine = create_engine(url.replace("postgresql://", "postgresql+psycopg2://"))
if way == "to_sql":
    frame.to_sql("target", engine, if_exists="replace", index=False, chunksize=10_000)
else:
    frame.head(0).to_sql("target", engine, if_exists="replace", index=False)
    text = io.StringIO()
    frame.to_csv(text, index=False, header=False)
    text.seek(0)
    with psycopg2.connect(url) as connection, connection.cursor() as cursor:
        cursor.copy_expert("copy target from stdin (format csv)", text)
