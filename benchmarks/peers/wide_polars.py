"""A text of ten columns to Parquet in polars, lazily. Prints seconds per warm run as JSON."""
import json, os, resource, sys, time
import polars as pl

folder, format, runs = sys.argv[1], sys.argv[2], int(sys.argv[3])
source, path = f"{folder}/data/wide.{format}", f"{folder}/peers/polars.parquet"
schema = {"id": pl.Int64, "day": pl.Date, "at": pl.Datetime, "city": pl.String, "name": pl.String, "count": pl.Int64,
          "amount": pl.Float64, "price": pl.Float64, "active": pl.Boolean, "code": pl.String}


def run():
    if format == "csv":
        frame = pl.scan_csv(source, schema=schema, try_parse_dates=True)
    else:
        texts = {**schema, "day": pl.String, "at": pl.String}
        frame = pl.scan_ndjson(source, schema=texts).with_columns(pl.col("day").str.to_date(), pl.col("at").str.to_datetime())
    frame.sink_parquet(path, compression="zstd", compression_level=1)
    with open(path, "rb+") as file:
        os.fsync(file.fileno())


run()
times = []
for _ in range(runs):
    started = time.perf_counter()
    run()
    times.append(time.perf_counter() - started)
print(json.dumps({"seconds": times, "memoryMb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))
