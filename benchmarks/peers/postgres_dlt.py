"""A Parquet file into a table with dlt, which takes tables of Arrow: the quickest way that it has, CSV and COPY."""
import os, sys, tempfile
import pyarrow.parquet as pq

path, url = sys.argv[1:3]
with tempfile.TemporaryDirectory() as folder:
    os.environ["DLT_DATA_DIR"] = folder
    os.environ["RUNTIME__DLTHUB_TELEMETRY"] = "false"
    os.environ["RUNTIME__LOG_LEVEL"] = "ERROR"
    # It wants one, also of a server that does not.
    os.environ.setdefault("DESTINATION__POSTGRES__CREDENTIALS__PASSWORD", "none")
    import dlt

    @dlt.resource(name="target", write_disposition="replace")
    def rows():
        for batch in pq.ParquetFile(path).iter_batches(250_000):
            yield batch

    pipeline = dlt.pipeline("bench", destination=dlt.destinations.postgres(url), dataset_name="bench_dlt", pipelines_dir=folder)
    pipeline.run(rows(), loader_file_format="csv").raise_on_failed_jobs()
