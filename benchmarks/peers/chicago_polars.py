"""The Chicago pipeline in polars, lazily: parses what it uses, validates nothing. Prints seconds per warm run as JSON."""
import json, os, resource, sys, time
import polars as pl

data, out, consumers, runs = sys.argv[1], sys.argv[2], sys.argv[3] == "two", int(sys.argv[4])


def write(frame, name):
    path = os.path.join(out, name + ".parquet")
    frame.sink_parquet(path, compression="snappy")
    with open(path, "rb+") as file:
        os.fsync(file.fileno())


def read(name):
    return pl.scan_csv(data + "/" + name + ".csv", infer_schema=False)


def run():
    date = pl.col("crash_date").str.to_datetime("%Y-%m-%dT%H:%M:%S%.3f")
    crashes, vehicles, people = read("traffic_crashes"), read("traffic_crash_vehicle"), read("traffic_crash_people")
    write(crashes.filter(pl.col("crash_date_est_i").ne_missing("Y") & pl.col("latitude").is_not_null() & pl.col("longitude").is_not_null())
          .select(pl.col("crash_record_id").alias("crash_id"), date, pl.col("crash_hour", "crash_day_of_week", "crash_month").cast(pl.Int64),
                  pl.col("latitude", "longitude").cast(pl.Float64), pl.col("num_units").cast(pl.Int64),
                  pl.col("injuries_total").cast(pl.Int64).alias("total_injuries")), "crash")
    write(vehicles.filter(pl.col("vehicle_year").is_not_null())
          .select(pl.col("crash_unit_id").cast(pl.Int64), pl.col("crash_record_id").alias("crash_id"), date, pl.col("vehicle_id").cast(pl.Int64),
                  pl.col("make").str.to_uppercase().alias("vehicle_make"), pl.col("model").str.to_uppercase().alias("vehicle_model"),
                  pl.col("vehicle_year").cast(pl.Int64), "vehicle_type"), "vehicle")
    write(people.filter(pl.col("person_type").is_in(["DRIVER", "PASSENGER", "PEDESTRIAN", "BICYCLE", "OTHER"]) & pl.col("age").is_not_null())
          .select("person_id", pl.col("crash_record_id").alias("crash_id"), date, "person_type", pl.col("vehicle_id").cast(pl.Int64),
                  pl.col("sex").alias("person_sex"), pl.col("age").cast(pl.Int64).alias("person_age")), "person")
    if consumers:
        write(crashes.select("crash_record_id").join(vehicles.select("crash_record_id", "vehicle_type"), on="crash_record_id", how="left")
              .group_by("vehicle_type").agg(pl.len().alias("crashes")), "crashes_by_vehicle_type")


run()
times = []
for _ in range(runs):
    started = time.perf_counter()
    run()
    times.append(time.perf_counter() - started)
print(json.dumps({"seconds": times, "memoryMb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, "version": pl.__version__}))
