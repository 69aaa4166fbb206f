"""A table into a Parquet file with pandas: read_sql, whole in memory."""
import sys
import pandas as pd
from sqlalchemy import create_engine

url, target = sys.argv[1:3]
engine = create_engine(url.replace("postgresql://", "postgresql+psycopg2://"))
pd.read_sql("select * from source", engine).to_parquet(target, compression="zstd")
