"""Runs statements in Spark over lakes, so that tests can compare: one request per line in, one answer out."""

import json
import os
import sys

from pyspark.sql import SparkSession

CATALOG = "spark.sql.catalog.sluice"
SETTINGS = {
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.memory": "2g",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.shuffle.partitions": "2",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.extensions": "org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions",
    "spark.sql.defaultCatalog": "sluice",
    CATALOG: "org.apache.iceberg.spark.SparkCatalog",
    f"{CATALOG}.type": "jdbc",
    f"{CATALOG}.jdbc.schema-version": "V1",
    # What it read before is looked at anew, since others write too.
    f"{CATALOG}.cache-enabled": "false",
}


def shown(value):
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, (bytes, bytearray)):
        return value.hex()
    if isinstance(value, list):
        return [shown(each) for each in value]
    return str(value)


class Lakes:
    """One Java for all lakes, and a session for each."""

    def __init__(self, jars, folder):
        # Before Java starts: what it is started with is read from here.
        os.chdir(folder)
        builder = SparkSession.builder.master("local[2]").appName("sluice")
        builder = builder.config("spark.jars", ",".join(jars))
        builder = builder.config("spark.driver.extraClassPath", os.pathsep.join(jars))
        for key, value in SETTINGS.items():
            builder = builder.config(key, value)
        self.first = builder.getOrCreate()
        if os.environ.get("SLUICE_SPARK_LOG") is None:
            self.first.sparkContext.setLogLevel("OFF")
        self.sessions = {}

    def session(self, lake):
        key = lake["uri"]
        if key not in self.sessions:
            session = self.first.newSession()
            session.conf.set(f"{CATALOG}.uri", lake["uri"])
            session.conf.set(f"{CATALOG}.warehouse", f"file://{lake['folder']}")
            self.sessions[key] = session
        return self.sessions[key]

    def versions(self, _request):
        jvm = self.first.sparkContext._jvm
        return {
            "spark": self.first.version,
            "scala": jvm.scala.util.Properties.versionNumberString(),
            "iceberg": jvm.org.apache.iceberg.IcebergBuild.version(),
            "java": jvm.java.lang.System.getProperty("java.version"),
            "python": ".".join(str(part) for part in sys.version_info[:3]),
        }

    def sql(self, request):
        """The rows of each statement, as texts."""
        session = self.session(request["lake"])
        return [
            [[shown(value) for value in row] for row in session.sql(statement).collect()]
            for statement in request["statements"]
        ]


def main():
    jars, folder = sys.argv[1].split(os.pathsep), sys.argv[2]
    # What Java and Spark print goes elsewhere, so that answers stand alone.
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    lakes = Lakes(jars, folder)
    for line in sys.stdin:
        request = json.loads(line)
        try:
            answer = {"answer": getattr(lakes, request["command"])(request)}
        except Exception as error:  # what went wrong is for the test to say
            answer = {"error": f"{type(error).__name__}: {str(error)[:2000]}"}
        print(json.dumps(answer), file=answers, flush=True)
    lakes.first.stop()


main()
