"""The Chicago pipeline in pandas: reads what it uses, validates nothing. Prints seconds per warm run as JSON."""
import json, os, resource, sys, time
import pandas as pd

data, out, consumers, runs = sys.argv[1], sys.argv[2], sys.argv[3] == "two", int(sys.argv[4])


def write(frame, name):
    path = os.path.join(out, name + ".parquet")
    frame.to_parquet(path, index=False)
    with open(path, "rb+") as file:
        os.fsync(file.fileno())


def run():
    crash_columns = ["crash_record_id", "crash_date_est_i", "crash_date", "crash_hour", "crash_day_of_week", "crash_month",
                     "latitude", "longitude", "num_units", "injuries_total"]
    crashes = pd.read_csv(data + "/traffic_crashes.csv", usecols=crash_columns, parse_dates=["crash_date"])
    crash = crashes[(crashes.crash_date_est_i != "Y") & crashes.latitude.notna() & crashes.longitude.notna()]
    crash = crash.drop(columns="crash_date_est_i").rename(columns={"crash_record_id": "crash_id", "injuries_total": "total_injuries"})
    write(crash, "crash")
    vehicle_columns = ["crash_unit_id", "crash_record_id", "crash_date", "vehicle_id", "make", "model", "vehicle_year", "vehicle_type"]
    vehicles = pd.read_csv(data + "/traffic_crash_vehicle.csv", usecols=vehicle_columns, parse_dates=["crash_date"])
    vehicle = vehicles[vehicles.vehicle_year.notna()].rename(
        columns={"crash_record_id": "crash_id", "make": "vehicle_make", "model": "vehicle_model"})
    vehicle = vehicle.assign(vehicle_make=vehicle.vehicle_make.str.upper(), vehicle_model=vehicle.vehicle_model.str.upper())
    write(vehicle, "vehicle")
    person_columns = ["person_id", "crash_record_id", "crash_date", "person_type", "vehicle_id", "sex", "age"]
    people = pd.read_csv(data + "/traffic_crash_people.csv", usecols=person_columns, parse_dates=["crash_date"])
    kinds = ["DRIVER", "PASSENGER", "PEDESTRIAN", "BICYCLE", "OTHER"]
    person = people[people.person_type.isin(kinds) & people.age.notna()].rename(
        columns={"crash_record_id": "crash_id", "sex": "person_sex", "age": "person_age"})
    write(person, "person")
    if consumers:
        joined = crashes[["crash_record_id"]].merge(vehicles[["crash_record_id", "vehicle_type"]], on="crash_record_id", how="left")
        write(joined.groupby("vehicle_type", dropna=False).size().reset_index(name="crashes"), "crashes_by_vehicle_type")


run()
times = []
for _ in range(runs):
    started = time.perf_counter()
    run()
    times.append(time.perf_counter() - started)
print(json.dumps({"seconds": times, "memoryMb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, "version": pd.__version__}))
